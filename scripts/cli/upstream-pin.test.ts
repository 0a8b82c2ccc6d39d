import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { auditEntry } from '../../catalog/store/audit/audit-listing.ts';
import { openDatabase } from '../../catalog/store/database/database.ts';
import { loadConfig } from '../../config/load.ts';
import { closeAll, issuing, leaf, otherRoot, root, serve, startProxy } from '../testing/tls-upstream.ts';
import type { Listening } from '../testing/tls-upstream.ts';
import { makeCertificate } from '../testing/certificates.ts';
import { EXIT } from './exit-status.ts';
import { forTerminal, jsonForTerminal } from './terminal.ts';
import { pin } from './upstream-pin.ts';
import type { PinOptions } from './upstream-pin.ts';

afterEach(closeAll);

let folder = '';
let file = '';
let anchor = '';
let server: Listening;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-pin-'));
  file = join(folder, 'sluice.yaml');
  anchor = join(folder, 'root.pem');
  writeFileSync(anchor, root.certificate);
  server = await serve([leaf(), issuing]);
});

interface Ran {
  readonly status: number;
  readonly printed: string;
}

/** @param typed what somebody types when asked; undefined: nobody is there */
async function run(options: Partial<PinOptions> = {}, typed?: string): Promise<Ran> {
  const lines: string[] = [];
  const status = await pin(
    { config: file, ...options },
    {
      print: (line) => lines.push(line),
      ask: typed === undefined ? undefined : () => Promise.resolve(typed),
    },
  );
  return { status, printed: lines.join('\n') };
}

const first = (): Partial<PinOptions> => ({ url: `https://localhost:${server.port}`, trustAnchor: [anchor] });

describe('sluice upstream pin', () => {
  it('shows the chain, sends nothing, and records nothing without a fingerprint', async () => {
    await expect(run(first())).rejects.toMatchObject({ code: 'USAGE' });
    expect(existsSync(file)).toBe(false);
    const { status, printed } = await run(first(), '');
    expect(status).toBe(EXIT.failed);
    for (const shown of ['CN=localhost', 'CN=Test Issuing', 'CN=Test Root', issuing.pin, root.pin])
      expect(printed).toContain(shown);
    expect(printed).toMatch(/no fingerprint.*Nothing was recorded/);
    expect(existsSync(file)).toBe(false);
    expect(server.received()).toBe(0);
  });

  it('records the pin that was typed, in a file that the relay then starts with', async () => {
    expect((await run(first(), ` ${issuing.pin}\n`)).status).toBe(EXIT.ok);
    expect(loadConfig({ file, env: {} }).upstream).toMatchObject({
      url: `https://localhost:${server.port}`,
      pins: [issuing.pin],
      trustAnchors: [anchor],
    });
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('records a backup behind the first one, given in hex too', async () => {
    await run({ ...first(), fingerprint: issuing.pin });
    const hex = Buffer.from(root.pin.slice('sha256/'.length), 'base64').toString('hex');
    const colons = hex.toUpperCase().replaceAll(/(..)(?=.)/g, '$1:');
    expect((await run({ fingerprint: colons })).status).toBe(EXIT.ok);
    expect(loadConfig({ file, env: {} }).upstream?.pins).toEqual([issuing.pin, root.pin]);
    expect((await run({ fingerprint: root.pin })).printed).toMatch(/has this pin already/);
    expect(loadConfig({ file, env: {} }).upstream?.pins).toHaveLength(2);
  });

  it("looks at Microsoft's server where the file has an upstream server and no address of it", async () => {
    const proxy = await startProxy({ answer: 'HTTP/1.1 403 Forbidden\r\n\r\n' });
    writeFileSync(file, `upstream: { proxy: '${proxy.url.href}' }\n`);
    await expect(run()).rejects.toThrow(/tunnel to sws\.update\.microsoft\.com:443: it answered 403/);
    writeFileSync(file, '# nothing yet\n');
    await expect(run()).rejects.toThrow(/names no upstream server; give its address with --url/);
  });

  it("keeps the file's comments, order, mode and everything else", async () => {
    const before = `# ours\nlog: { level: debug } # loud\nupstream:\n  # the head office\n  url: https://localhost:${server.port}\n  trustAnchors:\n    - root.pem # from the head office\n`;
    writeFileSync(file, before);
    chmodSync(file, 0o640);
    expect((await run({}, issuing.pin)).status).toBe(EXIT.ok);
    expect(readFileSync(file, 'utf8')).toBe(`${before}  pins:\n    - ${issuing.pin}\n`);
    expect(statSync(file).mode & 0o777).toBe(0o640);
  });

  it('is in the audit log of a relay that has data, and says so where there is none', async () => {
    expect((await run({ ...first(), fingerprint: issuing.pin })).printed).toMatch(/in no audit log/);
    const { dataDirectory } = loadConfig({ file, env: {} });
    mkdirSync(dataDirectory, { recursive: true });
    const db = openDatabase(join(dataDirectory, 'sluice.db'));
    expect((await run({ fingerprint: root.pin })).printed).not.toMatch(/audit log/);
    expect(auditEntry(db, 1)).toMatchObject({
      actor: { kind: 'command' },
      action: 'upstream.pin',
      subjects: [{ kind: 'upstream', id: `https://localhost:${server.port}` }],
      before: { pins: [issuing.pin] },
      after: { pins: [issuing.pin, root.pin], file },
    });
    db.close();
  });

  it('keeps the mode where the umask would not give it', async () => {
    writeFileSync(file, `upstream:\n  url: https://localhost:${server.port}\n  trustAnchors: [root.pem]\n`);
    chmodSync(file, 0o640);
    const before = process.umask(0o077);
    try {
      expect((await run({}, issuing.pin)).status).toBe(EXIT.ok);
    } finally {
      process.umask(before);
    }
    expect(statSync(file).mode & 0o777).toBe(0o640);
  });

  it('does not undo what somebody else wrote while the fingerprint was asked for', async () => {
    const typing = pin(
      { config: file, ...first() },
      {
        print: () => undefined,
        ask: () => {
          writeFileSync(file, 'log: { level: debug }\n');
          return Promise.resolve(issuing.pin);
        },
      },
    );
    await expect(typing).rejects.toMatchObject({ code: 'CONFIG_CHANGED_MEANWHILE' });
    expect(readFileSync(file, 'utf8')).toBe('log: { level: debug }\n');
  });

  it('lets no name in a certificate act on the terminal', async () => {
    // PrintableString is read as Latin-1, so that U+009B, which begins an escape sequence, goes through.
    const evil = makeCertificate({ subject: 'Evil\u009b2J Issuing', issuer: root, isAuthority: true });
    server = await serve([leaf({ issuer: evil, names: ['a\u009b2J.example'] }), evil]);
    const { printed } = await run(first(), evil.pin);
    expect(printed).toContain('Evil');
    expect(printed.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
    expect(forTerminal('a\u202eb\u2028c\u200bd')).toBe('a?b?c?d');
    expect(jsonForTerminal({ a: 'x\u009b\u202e\u{e0001}"' })).toBe(
      '{"a":"x\\u009b\\u202e\\udb40\\udc01\\""}',
    );
    expect(JSON.parse(jsonForTerminal('x\u009b\u{e0001}'))).toBe('x\u009b\u{e0001}');
  });

  it('takes the sample as it stands', async () => {
    const sample = readFileSync(new URL('../../config/sluice.sample.yaml', import.meta.url), 'utf8');
    writeFileSync(file, sample);
    expect((await run(first(), issuing.pin)).status).toBe(EXIT.ok);
    expect(loadConfig({ file, env: {} }).upstream?.pins).toEqual([issuing.pin]);
    expect(readFileSync(file, 'utf8')).toContain('# Everything that must survive');
  });

  it("never records the server's own key, and says why", async () => {
    const { status, printed } = await run({ ...first(), fingerprint: leaf().pin });
    expect(status).toBe(EXIT.failed);
    expect(printed).toMatch(/the server's own key.*Nothing was recorded/);
    expect(existsSync(file)).toBe(false);
  });

  it('never records a key that is not in the chain', async () => {
    const { status, printed } = await run({ ...first(), fingerprint: otherRoot.pin });
    expect(status).toBe(EXIT.failed);
    expect(printed).toMatch(/No issuer in this chain .*TLS interception/);
    expect(existsSync(file)).toBe(false);
  });

  it('records nothing of a chain that leads to no trust anchor, but shows it', async () => {
    const other = join(folder, 'other.pem');
    writeFileSync(other, otherRoot.certificate);
    const lines: string[] = [];
    const refused = pin(
      { config: file, ...first(), trustAnchor: [other], fingerprint: issuing.pin },
      { print: (line) => lines.push(line), ask: undefined },
    );
    await expect(refused).rejects.toMatchObject({ reason: 'ROOT_UNKNOWN' });
    expect(lines.join('\n')).toContain(issuing.pin);
    expect(existsSync(file)).toBe(false);
  });

  it('says what else would be refused', async () => {
    server = await serve([leaf({ names: ['elsewhere.example'] }), issuing]);
    expect((await run(first(), issuing.pin)).printed).toMatch(
      /Pinned or not, a synchronization would refuse it: .*elsewhere\.example/,
    );
  });

  it('does not add a pin of one server to the set of another', async () => {
    await run({ ...first(), fingerprint: issuing.pin });
    await expect(run({ url: 'https://other.example', fingerprint: root.pin })).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringMatching(/names another upstream server/),
    });
  });

  it('names what is wrong with the file or the address', async () => {
    await expect(run({ fingerprint: root.pin })).rejects.toMatchObject({ code: 'USAGE' });
    await expect(run({ url: 'http://localhost' })).rejects.toMatchObject({ code: 'USAGE' });
    writeFileSync(file, 'upstream: { pins: [sha256/short] }\n');
    await expect(run(first())).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
    writeFileSync(file, 'upstream: [unclosed\n');
    await expect(run(first())).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  });
});
