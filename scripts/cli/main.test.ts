import { existsSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '../../catalog/store/database/database.ts';
import { readAccount } from '../../sync/conversation/authorization.ts';
import { sluice } from '../testing/sluice-command.ts';
import { closeAll, issuing, leaf, otherRoot, root, serve } from '../testing/tls-upstream.ts';
import { startTestUpstream } from '../testing/upstream-server.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-cli-'));
});
afterEach(closeAll);

function configFile(upstream: object): string {
  const file = join(folder, 'sluice.yaml');
  writeFileSync(file, JSON.stringify({ upstream, dataDirectory: join(folder, 'data') }));
  return file;
}

describe('The command line', () => {
  it('ends with 0 when every step of the check is passed, and leaves nothing behind, neither here nor above', async () => {
    const upstream = await startTestUpstream([]);
    try {
      const config = configFile({
        url: upstream.url,
        pins: [upstream.pin],
        trustAnchors: [upstream.trustAnchorFile],
      });
      const { status, out } = await sluice('upstream', 'check', '--config', config);
      expect(out).toMatch(/^Upstream server https:.*\nok {7}dns /);
      expect(out).toMatch(
        /skipped {2}authorization .*first start.*\nNothing stands in the way so far\..*\n$/,
      );
      expect(status).toBe(0);
      expect(readdirSync(folder)).toEqual(['sluice.yaml']);
    } finally {
      await upstream.close();
    }
  });

  it('introduces itself as the relay whose data it finds', async () => {
    const upstream = await startTestUpstream([]);
    const db = openDatabase(join(folder, 'sluice.db'));
    try {
      const { guid } = await readAccount(db, {});
      const file = join(folder, 'sluice.yaml');
      writeFileSync(
        file,
        JSON.stringify({
          dataDirectory: '.',
          upstream: { url: upstream.url, pins: [upstream.pin], trustAnchors: [upstream.trustAnchorFile] },
        }),
      );
      expect((await sluice('upstream', 'check', '--config', file)).out).toContain(guid);
    } finally {
      db.close();
      await upstream.close();
    }
  });

  it('ends with 1 when a step fails, and names it in JSON', async () => {
    const server = await serve([leaf(), issuing]);
    const anchor = join(folder, 'root.pem');
    writeFileSync(anchor, root.certificate);
    const url = `https://localhost:${server.port}`;
    const config = configFile({ url, pins: [otherRoot.pin], trustAnchors: [anchor] });
    const { status, out } = await sluice('upstream', 'check', '--config', config, '--json');
    expect(status).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      upstream: url,
      ok: false,
      steps: expect.arrayContaining([
        expect.objectContaining({ step: 'name', state: 'ok' }),
        expect.objectContaining({ step: 'pin', state: 'failed', code: 'ISSUER_NOT_PINNED' }),
        expect.objectContaining({ step: 'authorization', state: 'skipped' }),
      ]),
    });
    expect(server.received()).toBe(0);
  });

  it('ends with 64 when nobody can type the fingerprint, and records nothing', async () => {
    const server = await serve([leaf(), issuing]);
    const anchor = join(folder, 'root.pem');
    writeFileSync(anchor, root.certificate);
    const file = join(folder, 'new.yaml');
    const url = `https://localhost:${server.port}`;
    const args = ['upstream', 'pin', '--config', file, '--url', url, '--trust-anchor', anchor];
    const { status, err, out } = await sluice(...args);
    expect([status, err]).toEqual([64, expect.stringMatching(/give it with --fingerprint/)]);
    expect(out).toContain(issuing.pin);
    expect(existsSync(file)).toBe(false);
    expect((await sluice(...args, '--fingerprint', issuing.pin)).status).toBe(0);
    expect(existsSync(file)).toBe(true);
  });

  it('ends with 64 for a wrong command line, and with 78 for a configuration without an upstream server', async () => {
    expect((await sluice('upstream', 'chek')).status).toBe(64);
    expect((await sluice('upstream', 'pin')).status).toBe(64);
    const { status, err } = await sluice('upstream', 'check');
    expect([status, err]).toEqual([
      78,
      expect.stringMatching(/upstream: found nothing; accepted: upstream\.url/),
    ]);
    expect((await sluice('--help')).status).toBe(0);
  });
});
