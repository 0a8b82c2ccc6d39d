import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Upstream } from '../../config/schema.ts';
import { makeCertificate } from '../../scripts/testing/certificates.ts';
import { ManInTheMiddle } from '../../scripts/testing/man-in-the-middle.ts';
import { makeRevocationList } from '../../scripts/testing/revocation.ts';
import {
  closeAll,
  issuing,
  leaf,
  listen,
  root,
  serve,
  startAuthority,
  startProxy,
} from '../../scripts/testing/tls-upstream.ts';
import type { Listening } from '../../scripts/testing/tls-upstream.ts';
import { startTestUpstream } from '../../scripts/testing/upstream-server.ts';
import type { TestUpstream } from '../../scripts/testing/upstream-server.ts';
import { STEPS } from './step.ts';
import type { Step } from './step.ts';
import { checkUpstream } from './upstream-check.ts';

const account = { name: 'relay.example', guid: '11111111-2222-4333-8444-555555555555' };
const folder = mkdtempSync(join(tmpdir(), 'sluice-check-'));
const rootFile = join(folder, 'root.pem');
writeFileSync(rootFile, root.certificate);

let real: TestUpstream;
beforeAll(async () => {
  real = await startTestUpstream([]);
});
beforeEach(() => {
  real.calls.length = 0;
  real.spoil = undefined;
});
afterEach(closeAll);
afterAll(() => real.close());

interface Walk {
  readonly ok: boolean;
  readonly steps: readonly Step[];
  /** `pin ISSUER_NOT_PINNED`, of those that failed. */
  readonly failed: readonly string[];
  readonly states: Readonly<Record<string, Step['state']>>;
}

async function walk(upstream: object): Promise<Walk> {
  const steps: Step[] = [];
  const ok = await checkUpstream(
    {
      upstream: Upstream.parse({ timeout: 3000, ...upstream }),
      account,
      now: () => new Date(),
      signal: new AbortController().signal,
    },
    (step) => steps.push(step),
  );
  return {
    ok,
    steps,
    failed: steps.filter(({ state }) => state === 'failed').map(({ step, code }) => `${step} ${code}`),
    states: Object.fromEntries(steps.map(({ step, state }) => [step, state])),
  };
}

const toReal = (): object => ({ url: real.url, pins: [real.pin], trustAnchors: [real.trustAnchorFile] });
const to = ({ port }: Pick<Listening, 'port'>, changes: object = {}): object => ({
  url: `https://localhost:${port}`,
  pins: [issuing.pin],
  trustAnchors: [rootFile],
  ...changes,
});

describe('The check of a good upstream server', () => {
  it('tells every step once, in order, and ends with the cookie', async () => {
    const { ok, steps, states } = await walk(toReal());
    expect(steps.map(({ step }) => step)).toEqual(STEPS);
    expect(ok).toBe(true);
    expect(states).toMatchObject({ dns: 'ok', pin: 'ok', 'protocol-version': 'ok', authorization: 'ok' });
    expect(states).toMatchObject({ proxy: 'skipped', revocation: 'skipped' });
    expect(real.calls).toEqual([
      'GetAuthConfig',
      'GetAuthConfig',
      'GetAuthorizationCookie',
      'GetCookie',
      'GetConfigData',
    ]);
  });

  it('goes through a proxy, and tells it', async () => {
    const proxy = await startProxy();
    const { ok, states } = await walk({ ...toReal(), proxy: proxy.url.href });
    expect(ok).toBe(true);
    expect(states.proxy).toBe('ok');
    expect(proxy.asked.length).toBeGreaterThan(1);
  });

  it('says that there is no backup pin', async () => {
    const message = async (pins: readonly string[]): Promise<string | undefined> =>
      (await walk({ ...toReal(), pins })).steps.find(({ step }) => step === 'pin')?.message;
    expect(await message([real.pin])).toMatch(/no backup pin/);
    expect(await message([real.pin, root.pin])).not.toMatch(/backup/);
  });
});

describe('The check names the step that fails', () => {
  it('when the name has no address', async () => {
    const { failed, states } = await walk({ ...toReal(), url: 'https://nowhere.invalid' });
    expect(failed).toEqual(['dns NAME_NOT_FOUND']);
    expect(states.authorization).toBe('skipped');
  });

  it('when nothing listens', async () => {
    const port = await listen(createServer());
    await closeAll();
    expect((await walk(to({ port }))).failed).toEqual(['tcp NOT_CONNECTED']);
  });

  it('when the proxy opens no tunnel, with what it wants', async () => {
    const proxy = await startProxy({ credentials: 'relay:secret' });
    const { failed, steps } = await walk({ ...toReal(), proxy: proxy.url.href });
    expect(failed).toEqual(['proxy NO_TUNNEL']);
    expect(steps.find(({ step }) => step === 'proxy')?.message).toMatch(/user name and password/);
    expect(real.calls).toEqual([]);
  });

  it('when something else than TLS listens', async () => {
    const port = await listen(createHttpServer());
    expect((await walk(to({ port }))).failed).toEqual(['tls NO_COMMON_PROTOCOL']);
  });

  it('when the connection breaks in the handshake', async () => {
    const port = await listen(createServer((socket) => socket.end()));
    expect((await walk(to({ port }))).failed).toEqual(['tls NO_HANDSHAKE']);
  });

  it('when the root is unknown', async () => {
    const { failed, states, steps } = await walk({ ...toReal(), trustAnchors: [rootFile] });
    expect(failed).toEqual(['chain ISSUER_MISSING']);
    expect(states).toMatchObject({ dates: 'ok', usage: 'ok', strength: 'ok', name: 'ok', pin: 'skipped' });
    expect(steps.find(({ step }) => step === 'pin')?.message).toMatch(/^No certificate that signed it/);
    expect(real.calls).toEqual([]);
  });

  it('when the root is unknown, and every other that fails too', async () => {
    const certificate = leaf({ names: ['elsewhere.example'], validTo: new Date(Date.now() - 1000) });
    const server = await serve([certificate, issuing]);
    const { failed } = await walk(to(server, { trustAnchors: [real.trustAnchorFile], pins: [real.pin] }));
    expect(failed).toEqual([
      'chain ROOT_UNKNOWN',
      'dates EXPIRED',
      'name OTHER_NAME',
      'pin ISSUER_NOT_PINNED',
    ]);
    expect(server.received()).toBe(0);
  });

  it('when the root is unknown, while a pin counts for nothing without it', async () => {
    const server = await serve([leaf(), issuing]);
    const { failed, states } = await walk(to(server, { trustAnchors: [real.trustAnchorFile] }));
    expect(failed).toEqual(['chain ROOT_UNKNOWN']);
    expect(states.pin).toBe('skipped');
  });

  it('when a certificate that may not sign stands between', async () => {
    const clerk = makeCertificate({ subject: 'Clerk', issuer: root, isAuthority: true, maySign: false });
    const server = await serve([leaf({ issuer: clerk }), clerk]);
    const { failed, states } = await walk(to(server));
    expect(failed).toEqual(['usage NOT_AN_AUTHORITY']);
    expect(states.chain).toBe('skipped');
  });

  it('when the server speaks no TLS that is new enough, in one line that a person reads', async () => {
    const options = { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
    const { failed, steps } = await walk(to(await serve([leaf(), issuing], options)));
    expect(failed).toEqual(['tls NO_COMMON_PROTOCOL']);
    const message = steps.find(({ step }) => step === 'tls')?.message ?? '';
    expect(message).toMatch(
      /came about with localhost: [\w ]*protocol version[\w ]*\. Have the server offer/,
    );
    expect(message).not.toMatch(/\n|error:|[\dA-F]{8}/);
  });

  it('when there are more authorities than one of them allows', async () => {
    const narrow = makeCertificate({ subject: 'Narrow', issuer: root, isAuthority: true, pathLength: 0 });
    const deeper = makeCertificate({ subject: 'Deeper', issuer: narrow, isAuthority: true });
    const server = await serve([leaf({ issuer: deeper }), deeper, narrow]);
    expect((await walk(to(server, { pins: [root.pin] }))).failed).toContain('usage PATH_TOO_LONG');
    expect(server.received()).toBe(0);
  });

  it('and every other that fails too, while nobody is asked on its behalf', async () => {
    const authority = await startAuthority();
    const certificate = leaf({
      names: ['elsewhere.example'],
      usages: ['clientAuth'],
      validTo: new Date(Date.now() - 1000),
      crl: authority.crl,
    });
    const server = await serve([certificate, issuing]);
    const { failed } = await walk(to(server, { pins: [real.pin] }));
    expect(failed).toEqual([
      'dates EXPIRED',
      'usage NOT_FOR_SERVERS',
      'name OTHER_NAME',
      'pin ISSUER_NOT_PINNED',
    ]);
    expect(server.received()).toBe(0);
    expect(authority.asked).toEqual([]);
  });

  it('when the certificate was revoked', async () => {
    const authority = await startAuthority();
    const certificate = leaf({ crl: authority.crl });
    authority.list = () => makeRevocationList({ issuer: issuing, revoked: [certificate] });
    const server = await serve([certificate, issuing]);
    expect((await walk(to(server))).failed).toEqual(['revocation REVOKED']);
    expect(server.received()).toBe(0);
  });

  it('when a man in the middle has a certificate of a trusted authority', async () => {
    const middle = await ManInTheMiddle.start(new URL(real.url));
    const authority = join(folder, 'inspection.pem');
    writeFileSync(authority, middle.authority);
    try {
      const url = middle.url.replace('127.0.0.1', 'localhost');
      const { failed, steps } = await walk({
        ...toReal(),
        url,
        trustAnchors: [real.trustAnchorFile, authority],
      });
      expect(failed).toEqual(['pin ISSUER_NOT_PINNED']);
      const message = steps.find(({ step }) => step === 'pin')?.message;
      expect(message).toContain('issued by "Example Inspection Authority"');
      expect(message).toContain(
        `TLS interception. If a proxy or firewall inspects TLS, exempt ${new URL(url).host}`,
      );
      expect(middle.received).toBe(0);
    } finally {
      await middle.close();
    }
  });

  it('when the server is no update server', async () => {
    real.spoil = () => ({ status: 404, body: Buffer.from('no such page') });
    const { failed, steps } = await walk(toReal());
    expect(failed).toEqual(['protocol-version http']);
    expect(steps.at(-1)).toMatchObject({
      state: 'skipped',
      message: "Asked only of a service that answers and takes this relay's version.",
    });
  });

  it('when the server refuses to authorize', async () => {
    real.spoil = (operation) =>
      operation === 'GetCookie' ? { status: 403, body: Buffer.alloc(0) } : undefined;
    const { failed, states } = await walk(toReal());
    expect(failed).toEqual(['authorization http']);
    expect(states['protocol-version']).toBe('skipped');
  });
});

describe('Under require', () => {
  it('a private authority that publishes nothing fails the check, and is told what to do', async () => {
    const { failed, steps } = await walk({ ...toReal(), tls: { revocation: 'require' } });
    expect(failed).toEqual(['revocation REVOCATION_UNKNOWN']);
    expect(steps.find(({ step }) => step === 'revocation')?.message).toMatch(/goes with "prefer" or "off"/);
    expect(real.calls).toEqual([]);
  });
});
