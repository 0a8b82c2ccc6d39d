/** A front web server that sends what it is told to: a real nginx before a real listener. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { openDatabase } from '../../catalog/store/database/database.ts';
import type { Database } from '../../catalog/store/database/database.ts';
import { HandOver } from '../../config/content.ts';
import { createLogger } from '../../config/logging.ts';
import { Endpoint } from '../../config/schema.ts';
import { sampleOf, storeFile } from '../../scripts/testing/content-files.ts';
import { isNginxInstalled, Nginx } from '../../scripts/testing/nginx.ts';
import { createDispatcher } from '../http/dispatcher.ts';
import { listen } from '../http/listener.ts';
import type { Listener } from '../http/listener.ts';
import { RateLimit } from '../http/rate-limit.ts';
import { CONTENT_PREFIX, createContentEndpoint } from './content-endpoint.ts';
import { ContentStore } from './stored-file.ts';

const log = createLogger({ level: 'error', terminal: false });
const NOW = new Date('2026-03-01T12:00:00Z');
const sample = sampleOf(300_000);

let folder: string;
let db: Database;
let path: string;
let listener: Listener;

async function serve(handOver: object): Promise<void> {
  const store = new ContentStore({
    db,
    dataDirectory: folder,
    log,
    now: () => NOW,
    contentWanted: () => undefined,
  });
  const handler = createContentEndpoint({ store, handOver: HandOver.parse(handOver) });
  listener = await listen({
    endpoint: Endpoint.parse({ address: '127.0.0.1', port: 0, protocol: 'http' }),
    key: 'listeners.content.0',
    handler: createDispatcher(
      { exact: new Map(), prefixes: [{ prefix: CONTENT_PREFIX, handler }] },
      new RateLimit(0),
      log,
    ),
  });
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-front-'));
  db = openDatabase(join(folder, 'sluice.db'));
  path = `/Content/${relative(join(folder, 'content'), storeFile(db, folder, sample, NOW))}`;
});
afterEach(async () => {
  await listener.close(0);
  db.close();
  rmSync(folder, { recursive: true });
});

const withNginx = isNginxInstalled ? it : it.skip;
const reason = isNginxInstalled ? '' : ' (not tried here: nginx is not installed)';

describe('A front web server', () => {
  withNginx(
    `sends the file that it is told of, ranges and all, and nothing without asking${reason}`,
    async () => {
      await serve({ header: 'X-Accel-Redirect', location: '/sluice-content/', from: ['127.0.0.1'] });
      const nginx = await Nginx.start(
        folder,
        `location /Content/ { proxy_pass http://127.0.0.1:${listener.port}; }
       location /sluice-content/ { internal; alias ${join(folder, 'content')}/; }`,
      );
      try {
        const url = `http://127.0.0.1:${nginx.port}`;
        const whole = await fetch(`${url}${path}`);
        expect(whole.headers.get('server')).toMatch(/^nginx/);
        expect(Buffer.from(await whole.arrayBuffer()).equals(sample.bytes)).toBe(true);
        const part = await fetch(`${url}${path}`, { headers: { Range: 'bytes=1000-1999' } });
        expect([part.status, part.headers.get('content-range')]).toEqual([206, 'bytes 1000-1999/300000']);
        expect(Buffer.from(await part.arrayBuffer()).equals(sample.bytes.subarray(1000, 2000))).toBe(true);
        const straight = await fetch(`${url}${path.replace('/Content/', '/sluice-content/')}`);
        expect(straight.status).toBe(404);
        db.prepare("UPDATE file SET content_state = 'quarantined'").run();
        expect((await fetch(`${url}${path}`)).status).toBe(404);
      } finally {
        await nginx.stop();
      }
    },
  );

  it('of another kind is told by X-Sendfile where in its folder the file is, and gets no bytes', async () => {
    await serve({ header: 'X-Sendfile', location: '/srv/content', from: ['127.0.0.1'] });
    const response = await fetch(`http://127.0.0.1:${listener.port}${path}`);
    expect(response.headers.get('x-sendfile')).toBe(path.replace('/Content/', '/srv/content/'));
    expect(await response.text()).toBe('');
  });

  it('is one by its address alone: anybody else is answered with the bytes', async () => {
    await serve({ header: 'X-Sendfile', location: '/srv/content', from: ['10.0.0.1'] });
    const response = await fetch(`http://127.0.0.1:${listener.port}${path}`, {
      headers: { 'X-Forwarded-For': '10.0.0.1' },
    });
    expect(response.headers.has('x-sendfile')).toBe(false);
    expect(Buffer.from(await response.arrayBuffer()).equals(sample.bytes)).toBe(true);
  });
});
