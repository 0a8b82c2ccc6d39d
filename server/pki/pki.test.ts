import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync, chmodSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import tls from 'node:tls';
import { once } from 'node:events';
import { codeOf } from '../../config/error-facts.ts';
import { pinOf } from '../../config/pin.ts';
import { AUTHORITY_CERTIFICATE, AUTHORITY_KEY, loadAuthority } from './authority.ts';
import type { Authority } from './authority.ts';
import { readConfiguredCertificate } from './configured-certificate.ts';
import { makeAuthority, makeServerCertificate } from './issue.ts';
import { SERVER_KEY, certificateNames, ensureServerCertificate } from './server-certificate.ts';

const NOW = new Date('2026-03-01T12:00:00Z');
const DAY = 86_400_000;
const later = (days: number): Date => new Date(NOW.getTime() + days * DAY);
const NAMES = ['relay.example.org', '192.0.2.7', 'localhost', '127.0.0.1', '::1'];

let folder: string;
let authority: Authority;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-pki-'));
  authority = await loadAuthority(folder, 'relay', NOW);
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What a TLS client says of the server at `name`. */
const connect = async (server: { certificate: string; key: string }, ca: string, name: string) => {
  const listener = tls.createServer({ cert: server.certificate, key: server.key }, (socket) => socket.end());
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const bound = listener.address();
  const port = typeof bound === 'object' ? (bound?.port ?? 0) : 0;
  const socket = tls.connect({
    port,
    host: '127.0.0.1',
    ca,
    checkServerIdentity: (_host, certificate) => tls.checkServerIdentity(name, certificate),
  });
  try {
    await once(socket, 'secureConnect');
    return 'trusted';
  } catch (error) {
    return codeOf(error);
  } finally {
    socket.destroy();
    listener.close();
  }
};

describe('The private authority', () => {
  it('may sign server certificates and no further authorities', () => {
    const certificate = new X509Certificate(authority.certificate);
    expect(certificate.ca).toBe(true);
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(certificate.publicKey.asymmetricKeyDetails?.modulusLength).toBe(3072);
    expect(certificate.subject).toContain('relay');
  });

  it('keeps its key for this account alone', () => {
    expect(statSync(join(folder, AUTHORITY_KEY)).mode & 0o777).toBe(0o600);
  });

  it('is the same at the next start, with the same pin', async () => {
    chmodSync(join(folder, AUTHORITY_KEY), 0o644);
    const again = await loadAuthority(folder, 'renamed', later(400));
    expect(again).toEqual(authority);
    expect(again.pin).toBe(pinOf(new X509Certificate(readFileSync(authority.certificateFile))));
    expect(again.pin).toMatch(/^sha256\/[A-Za-z0-9+/]{43}=$/);
    expect(statSync(join(folder, AUTHORITY_KEY)).mode & 0o777).toBe(0o600);
  });

  it('is never replaced: neither when it has expired, nor when half of it is gone or does not fit', async () => {
    await expect(loadAuthority(folder, 'relay', later(365.25 * 20 + 1))).rejects.toMatchObject({
      code: 'AUTHORITY_INVALID',
      message: expect.stringMatching(/expired on 2046-03-01T12:00:00\.000Z/),
    });
    const half = mkdtempSync(join(tmpdir(), 'sluice-pki-'));
    writeFileSync(join(half, AUTHORITY_CERTIFICATE), authority.certificate);
    await expect(loadAuthority(half, 'relay', NOW)).rejects.toMatchObject({ code: 'AUTHORITY_INCOMPLETE' });
    const { key } = await makeServerCertificate(NAMES, authority, NOW);
    writeFileSync(join(half, AUTHORITY_KEY), key);
    await expect(loadAuthority(half, 'relay', NOW)).rejects.toMatchObject({ code: 'AUTHORITY_INVALID' });
    writeFileSync(join(half, AUTHORITY_CERTIFICATE), 'nonsense');
    await expect(loadAuthority(half, 'relay', NOW)).rejects.toMatchObject({ code: 'AUTHORITY_INVALID' });
    expect(readFileSync(join(half, AUTHORITY_CERTIFICATE), 'utf8')).toBe('nonsense');
    rmSync(half, { recursive: true });
  });
});

describe("The server's certificate", () => {
  it.each([
    ['relay.example.org', 'trusted'],
    ['192.0.2.7', 'trusted'],
    ['::1', 'trusted'],
    ['other.example.org', 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ])('makes a TLS client that asks for %s say: %s', async (name, verdict) => {
    const server = await ensureServerCertificate(folder, authority, NAMES, new Date());
    await expect(connect(server, authority.certificate, name)).resolves.toBe(verdict);
  });

  it('is not trusted by who trusts another authority', async () => {
    const server = await ensureServerCertificate(folder, authority, NAMES, new Date());
    const other = await makeAuthority('Sluice authority of relay', NOW);
    await expect(connect(server, other.certificate, 'localhost')).resolves.not.toBe('trusted');
  });

  it('is for servers, with a key of its own for this account alone', async () => {
    const { certificate, isNew } = await ensureServerCertificate(folder, authority, NAMES, NOW);
    const parsed = new X509Certificate(certificate);
    expect(isNew).toBe(true);
    expect(parsed.ca).toBe(false);
    expect(parsed.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
    expect(parsed.publicKey.asymmetricKeyDetails?.modulusLength).toBe(2048);
    expect(statSync(join(folder, SERVER_KEY)).mode & 0o777).toBe(0o600);
  });

  it('is kept while it is good, and issued anew near its end, for other names, or when its key is lost', async () => {
    const at = async (names: string[], now: Date) =>
      await ensureServerCertificate(folder, authority, names, now);
    const first = await at(NAMES, NOW);
    await expect(at(NAMES, later(300))).resolves.toMatchObject({
      isNew: false,
      certificate: first.certificate,
    });
    const renewed = await at(NAMES, later(340));
    expect(renewed.isNew).toBe(true);
    expect(renewed.validTo.getTime()).toBeGreaterThan(later(730).getTime());
    await expect(at([...NAMES, 'second.example.org'], later(340))).resolves.toMatchObject({ isNew: true });
    await expect(at(NAMES, later(340))).resolves.toMatchObject({ isNew: true });
    rmSync(join(folder, SERVER_KEY));
    await expect(at(NAMES, later(340))).resolves.toMatchObject({ isNew: true });
    writeFileSync(join(folder, SERVER_KEY), 'nonsense');
    await expect(at(NAMES, later(340))).resolves.toMatchObject({ isNew: true });
  });

  it('ends with the authority at the latest, and is not issued over and over then', async () => {
    const nearEnd = later(365.25 * 20 - 30);
    const last = await ensureServerCertificate(folder, authority, NAMES, nearEnd);
    expect(last.validTo).toEqual(authority.validTo);
    await expect(ensureServerCertificate(folder, authority, NAMES, nearEnd)).resolves.toMatchObject({
      isNew: false,
    });
  });

  it('has the names that are configured, and those of the loopback', () => {
    expect(certificateNames(['Relay.Example.org', '::1'])).toEqual([
      'relay.example.org',
      '::1',
      'localhost',
      '127.0.0.1',
    ]);
    expect(certificateNames(undefined).length).toBeGreaterThanOrEqual(3);
  });
});

const read = async (certificate: string, key: string, now: Date) => {
  const own = mkdtempSync(join(folder, 'own-'));
  writeFileSync(join(own, 'c.pem'), certificate);
  writeFileSync(join(own, 'k.pem'), key);
  return await readConfiguredCertificate(join(own, 'c.pem'), join(own, 'k.pem'), 'listeners.client.0', now);
};

const refused = async (promise: Promise<unknown>, code: string, message: RegExp) => {
  await expect(promise).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
};

describe('A certificate that an administrator brings', () => {
  it('is taken with its chain when it fits and is valid', async () => {
    const made = await makeServerCertificate(NAMES, authority, NOW);
    const chain = `${made.certificate}${authority.certificate}`;
    await expect(read(chain, made.key, NOW)).resolves.toEqual({ certificate: chain, key: made.key });
  });

  it('stops the start when it does not fit its key, has expired, is not valid yet, or cannot be read', async () => {
    const made = await makeServerCertificate(NAMES, authority, NOW);
    await refused(
      read(made.certificate, authority.key, NOW),
      'CERTIFICATE_KEY_MISMATCH',
      /listeners\.client\.0: .*k\.pem is not the key/,
    );
    await refused(
      read(made.certificate, made.key, later(400)),
      'CERTIFICATE_NOT_VALID_NOW',
      /certificateFile: .*valid from/,
    );
    await refused(read(made.certificate, made.key, later(-2)), 'CERTIFICATE_NOT_VALID_NOW', /Renew it/);
    await refused(read('nonsense', made.key, NOW), 'CERTIFICATE_UNREADABLE', /holds no certificate/);
    await refused(
      read(made.certificate, 'nonsense', NOW),
      'CERTIFICATE_UNREADABLE',
      /holds no unencrypted private key/,
    );
    await refused(
      readConfiguredCertificate('/nowhere/c.pem', '/nowhere/k.pem', 'listeners.client.0', NOW),
      'CERTIFICATE_UNREADABLE',
      /cannot be read/,
    );
  });
});
