/** The pool by itself: with processes of a few lines of JavaScript in the workers' place. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import winston from 'winston';
import { z } from 'zod';
import { Config } from '../../config/schema.ts';
import { childProcesses } from '../../scripts/demo/child-processes.ts';
import { planSockets } from '../http/socket-plan.ts';
import { WebWorkers } from './web-workers.ts';

import.meta.jest.setTimeout(30_000);

let folder: string;
let workers: WebWorkers | undefined;
let wanted: number;
let entries: { readonly message: string; readonly [fact: string]: unknown }[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-web-'));
  entries = [];
  wanted = 0;
});
afterEach(async () => {
  await workers?.close(0);
  rmSync(folder, { recursive: true });
});

const Entry = z.looseObject({ message: z.string() });
const log = winston.createLogger({
  level: 'info',
  transports: [
    new winston.transports.Stream({
      stream: new Writable({
        objectMode: true,
        write: (entry: unknown, _encoding, done) => {
          entries.push(Entry.parse(entry));
          done();
        },
      }),
    }),
  ],
});

/** Answers `open` and `shutdown` as a worker does; the script adds to it. */
const start = async (script: string, count = 2): Promise<unknown> => {
  const modulePath = join(folder, 'worker.mjs');
  writeFileSync(
    modulePath,
    `
    const tell = (report) => process.send(report);
    const listens = ({ sockets }) =>
      tell({ type: 'listening', sockets: sockets.map(({ key, port }) => ({ key, port, address: '127.0.0.1' })) });
    process.on('message', (command) => {
      if (command.type === 'shutdown') process.exit(0);
      if (command.type === 'open') listens(command);
    });
    ${script}
    tell({ type: 'started' });`,
  );
  const http = [{ address: '127.0.0.1', port: 0, protocol: 'http' as const }];
  const config = Config.parse({
    dataDirectory: folder,
    server: { workers: count },
    listeners: { client: http, content: http, downstream: http, console: [] },
  });
  const plans = planSockets(config.listeners);
  workers = new WebWorkers({
    config,
    log,
    plans,
    certificates: new Map(),
    contentWanted: () => (wanted += 1),
    modulePath,
    restartDelay: 10,
    putAway: 100,
  });
  return await workers.start();
};

const until = async (holds: () => boolean): Promise<void> => {
  for (let tries = 0; !holds(); tries += 1) {
    if (tries === 1000) throw new Error(`It did not come to be: ${JSON.stringify(entries)}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
};

describe('Web workers', () => {
  it('that die again and again are started again, later each time, and it is logged why', async () => {
    await start(
      `process.on('message', ({ type }) => { if (type === 'open') setTimeout(() => process.exit(3), 5); });`,
      1,
    );
    await until(() => entries.filter(({ message }) => message.includes('died')).length >= 4);
    const deaths = entries.filter(({ message }) => message.includes('died')).slice(0, 4);
    expect(deaths.map(({ afterMilliseconds }) => afterMilliseconds)).toEqual([10, 20, 40, 80]);
    expect(deaths[0]).toMatchObject({ worker: 1, reason: 'ended with exit code 3' });
    expect(entries.filter(({ message }) => message === 'A web worker was replaced').length).toBeGreaterThan(
      1,
    );
  });

  it('that end before they listen fail the start, and it is said where to look', async () => {
    await expect(start(`process.exit(5);`)).rejects.toMatchObject({
      code: 'WEB_WORKER_FAILED',
      message: expect.stringMatching(
        /^Web worker \d of 2 ended with exit code 5 before it listened\. The log of web-/,
      ),
    });
  });

  it('that say why they cannot listen fail the start with that', async () => {
    const failing = `process.removeAllListeners('message'); process.on('message', () => {
      tell({ type: 'failed', code: 'LISTEN_FAILED', message: 'listeners.client.0: taken.' });
      setTimeout(() => process.exit(0), 20);
    });`;
    await expect(start(failing)).rejects.toMatchObject({
      code: 'LISTEN_FAILED',
      message: 'listeners.client.0: taken.',
    });
  });

  it('have it passed on that files became wanted, and are not believed what is not in the channel', async () => {
    await start(
      `tell({ type: 'content-wanted' }); tell({ type: 'content-wanted', of: 'everybody' }); tell('nonsense');`,
    );
    await until(() => entries.length >= 4);
    expect(wanted).toBe(2);
    expect(new Set(entries.map(({ message }) => message))).toEqual(
      new Set(['A web worker sent a message that is not one of the channel']),
    );
  });

  it('are made to end where they do not end by themselves', async () => {
    await start(`process.removeAllListeners('message'); process.on('SIGTERM', () => {});
      process.on('message', (command) => { if (command.type === 'open') listens(command); });`);
    await workers?.close(0);
    expect(
      childProcesses(process.pid).filter(({ command }) => command.includes(join(folder, 'worker.mjs'))),
    ).toEqual([]);
  });
});
