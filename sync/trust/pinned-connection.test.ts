import { X509Certificate } from 'node:crypto';
import { createServer as createNetServer } from 'node:net';
import tls from 'node:tls';
import { pinOf } from '../../config/pin.ts';
import { makeCertificate, makeKey } from '../../scripts/testing/certificates.ts';
import type { TestCertificate } from '../../scripts/testing/certificates.ts';
import {
  HOST,
  closeAll,
  issuing,
  leaf,
  listen,
  otherRoot,
  post,
  refusal,
  root,
  serve,
  startProxy,
} from '../../scripts/testing/tls-upstream.ts';
import { ConnectionError } from '../connection-error.ts';

const DAY = 86_400_000;

afterEach(closeAll);

describe('a server with the right certificate', () => {
  it('is spoken to when an intermediate issuer is pinned', async () => {
    const server = await serve([leaf(), issuing]);
    expect(await post(server.port)).toBe('ok');
    expect(server.received()).toBeGreaterThan(0);
  });

  it('is spoken to when the root is pinned, or one of several backup pins fits', async () => {
    const server = await serve([leaf(), issuing]);
    expect(await post(server.port, { pins: [root.pin] })).toBe('ok');
    expect(await post(server.port, { pins: [otherRoot.pin, issuing.pin] })).toBe('ok');
  });

  it('is spoken to by its address when the certificate names the address', async () => {
    const server = await serve([leaf({ names: [], addresses: ['127.0.0.1'] }), issuing]);
    expect(await post(server.port, { host: '127.0.0.1' })).toBe('ok');
  });

  it('is spoken to when an intermediate authority is the trust anchor', async () => {
    const server = await serve([leaf()]);
    expect(await post(server.port, { anchors: [issuing] })).toBe('ok');
  });
});

describe('before a byte of a request is sent, a server is refused and the check is named, when its certificate', () => {
  it('is expired', async () => {
    const expired = leaf({ validFrom: new Date(Date.now() - 9 * DAY), validTo: new Date(Date.now() - DAY) });
    const error = await refusal(await serve([expired, issuing]));
    expect(error).toMatchObject({ check: 'dates', reason: 'EXPIRED' });
    expect(error.message).toMatch(/expired at/);
    expect(error.chain.map(({ subject }) => subject)).toEqual([
      'CN=localhost',
      'CN=Test Issuing',
      'CN=Test Root',
    ]);
  });

  it('is not valid yet', async () => {
    const early = leaf({ validFrom: new Date(Date.now() + DAY) });
    expect(await refusal(await serve([early, issuing]))).toMatchObject({
      check: 'dates',
      reason: 'NOT_YET_VALID',
    });
  });

  it('comes from an authority that is expired', async () => {
    const old = makeCertificate({
      ...issuing,
      issuer: root,
      isAuthority: true,
      validTo: new Date(Date.now() - 1000),
    });
    const error = await refusal(await serve([leaf({ issuer: old }), old]));
    expect(error.check).toBe('dates');
    expect(error.message).toMatch(/"Test Issuing"/);
  });

  it('is outside its dates by the clock of the relay, whatever the system says', async () => {
    const error = await refusal(await serve([leaf(), issuing]), { now: new Date(Date.now() + 400 * DAY) });
    expect(error.check).toBe('dates');
  });

  it('is for another server', async () => {
    const error = await refusal(await serve([leaf({ names: ['elsewhere.example'] }), issuing]));
    expect(error).toMatchObject({ check: 'name', reason: 'OTHER_NAME' });
    expect(error.message).toMatch(/elsewhere\.example/);
  });

  it('names the server in its common name only', async () => {
    const error = await refusal(await serve([leaf({ names: [] }), issuing]));
    expect(error).toMatchObject({ check: 'name', reason: 'NO_ALTERNATIVE_NAME' });
    expect(error.message).toMatch(/no subject alternative name/);
  });

  it('names the host while the address was asked for', async () => {
    expect((await refusal(await serve([leaf(), issuing]), { host: '127.0.0.1' })).check).toBe('name');
  });

  it('leads to a root that is not trusted', async () => {
    const error = await refusal(await serve([leaf(), issuing]), { anchors: [otherRoot] });
    expect(error).toMatchObject({ check: 'chain', reason: 'ROOT_UNKNOWN' });
    expect(error.message).toMatch(/TLS interception by "Test Root"/);
    expect(error.message).toMatch(/exempt localhost:\d+ from it/);
  });

  it('comes without the intermediate that links it to the root', async () => {
    const error = await refusal(await serve([leaf()]));
    expect(error).toMatchObject({ check: 'chain', reason: 'ISSUER_MISSING' });
    expect(error.message).toMatch(/"Test Issuing", whose certificate the server did not send/);
  });

  it('comes with an intermediate of the right root that did not sign it', async () => {
    const wrong = makeCertificate({ subject: 'Another Issuing', issuer: root, isAuthority: true });
    expect(await refusal(await serve([leaf(), wrong]))).toMatchObject({ reason: 'ISSUER_MISSING' });
  });

  it('was issued below the right root, by an intermediate that is not the pinned one', async () => {
    const wrong = makeCertificate({ subject: 'Another Issuing', issuer: root, isAuthority: true });
    expect(await refusal(await serve([leaf({ issuer: wrong }), wrong]))).toMatchObject({
      check: 'pin',
      reason: 'ISSUER_NOT_PINNED',
    });
  });

  it('comes from an authority that only the rest of the process trusts', async () => {
    const before = tls.getCACertificates('default');
    tls.setDefaultCACertificates([otherRoot.certificate]);
    try {
      const server = await serve([leaf({ issuer: otherRoot })]);
      expect((await refusal(server, { pins: [otherRoot.pin] })).check).toBe('chain');
    } finally {
      tls.setDefaultCACertificates(before);
    }
  });

  it('comes with nine authorities that all signed each other, without long thought', async () => {
    const key = makeKey();
    const one = (): TestCertificate => makeCertificate({ subject: 'Mesh', key, isAuthority: true });
    const issuer = one();
    const others = Array.from({ length: 8 }, one);
    expect(await refusal(await serve([leaf({ issuer }), issuer, ...others]))).toMatchObject({
      check: 'chain',
      reason: 'ROOT_UNKNOWN',
    });
  });

  it('is self-signed', async () => {
    const lone = makeCertificate({ subject: HOST, names: [HOST] });
    const error = await refusal(await serve([lone]), { pins: [lone.pin] });
    expect(error).toMatchObject({ check: 'chain', reason: 'SELF_SIGNED' });
    expect(error.message).toMatch(/self-signed/);
  });

  it('is self-signed and made a trust anchor, since then nothing issued it', async () => {
    const lone = makeCertificate({ subject: HOST, names: [HOST] });
    expect((await refusal(await serve([lone]), { anchors: [lone], pins: [lone.pin] })).check).toBe('pin');
  });

  it('leads to the right root, none of whose keys is pinned', async () => {
    const error = await refusal(await serve([leaf(), issuing]), { pins: [otherRoot.pin] });
    expect(error.check).toBe('pin');
    expect(error.chain.map(({ pin }) => pin)).toEqual([leaf().pin, issuing.pin, root.pin]);
  });

  it('is itself what is pinned', async () => {
    const error = await refusal(await serve([leaf(), issuing]), { pins: [leaf().pin] });
    expect(error).toMatchObject({ check: 'pin', reason: 'ONLY_LEAF_PINNED' });
    expect(error.message).toMatch(/Pin an issuer/);
  });

  it('is a valid one of another trusted authority: a man in the middle', async () => {
    const forged = leaf({ issuer: otherRoot });
    const error = await refusal(await serve([forged]), { anchors: [root, otherRoot] });
    expect(error).toMatchObject({ check: 'pin', reason: 'ISSUER_NOT_PINNED' });
    expect(error.message).toMatch(/issued by "Corporate Inspection Root"/);
    expect(error.message).toMatch(/TLS interception.* exempt localhost:\d+ from it/);
    expect(error.chain.at(-1)).toMatchObject({ subject: 'CN=Corporate Inspection Root', pin: otherRoot.pin });
  });

  it('comes with the pinned certificate, which did not sign it', async () => {
    const forged = leaf({ issuer: otherRoot });
    const error = await refusal(await serve([forged, issuing]), { anchors: [root, otherRoot] });
    expect(error.check).toBe('pin');
  });

  it('was signed by another authority that took the name of the pinned one', async () => {
    const impostor = makeCertificate({ subject: issuing.subject, issuer: otherRoot, isAuthority: true });
    const forged = leaf({ issuer: impostor });
    for (const sent of [
      [forged, impostor],
      [forged, issuing, impostor],
      [forged, impostor, issuing],
    ]) {
      expect((await refusal(await serve(sent), { anchors: [root, otherRoot] })).check).toBe('pin');
    }
    const error = await refusal(await serve([forged, issuing]), { anchors: [root, otherRoot] });
    expect(error).toMatchObject({ check: 'chain', reason: 'ISSUER_MISSING' });
    expect(error.message).toMatch(/one of that name that it sent has another key/);
  });

  it('is made for clients only', async () => {
    expect(await refusal(await serve([leaf({ usages: ['clientAuth'] }), issuing]))).toMatchObject({
      check: 'usage',
      reason: 'NOT_FOR_SERVERS',
    });
  });

  it('says nothing of its extended usage', async () => {
    expect((await refusal(await serve([leaf({ usages: [] }), issuing]))).check).toBe('usage');
  });

  it('was signed by a certificate that is no authority', async () => {
    const notAuthority = makeCertificate({
      subject: 'Some Server',
      issuer: issuing,
      names: ['some.example'],
    });
    const error = await refusal(await serve([leaf({ issuer: notAuthority }), notAuthority, issuing]));
    expect(error).toMatchObject({ check: 'usage', reason: 'NOT_AN_AUTHORITY' });
    expect(error.message).toMatch(
      /^"Some Server" signed a certificate in the chain of localhost and may not.* must get a certificate/,
    );
    expect(error.chain.map(({ subject }) => subject)).toEqual([
      'CN=localhost',
      'CN=Some Server',
      'CN=Test Issuing',
    ]);
  });

  it('was signed by a certificate that is no authority, and says nothing of what its key is for', async () => {
    const silent = makeCertificate({ subject: 'Silent', issuer: root, keyUsage: false });
    const error = await refusal(await serve([leaf({ issuer: silent }), silent]), { pins: [root.pin] });
    expect(error).toMatchObject({ check: 'usage', reason: 'NOT_AN_AUTHORITY' });
    expect(error.message).toMatch(/^"Silent" signed .* must get a certificate/);
  });

  it('was signed by an authority whose key usage does not allow signing certificates', async () => {
    const clerk = makeCertificate({ subject: 'Clerk', issuer: root, isAuthority: true, maySign: false });
    const server = await serve([leaf({ issuer: clerk }), clerk]);
    expect(await refusal(server, { pins: [root.pin] })).toMatchObject({
      check: 'usage',
      reason: 'NOT_AN_AUTHORITY',
      message: expect.stringMatching(/^"Clerk" signed .* key usage does not let it/),
    });
  });

  it('was signed by a trust anchor that may not sign', async () => {
    const clerk = makeCertificate({ subject: 'Clerk', isAuthority: true, maySign: false });
    const server = await serve([leaf({ issuer: clerk })]);
    expect(await refusal(server, { anchors: [clerk], pins: [clerk.pin] })).toMatchObject({
      reason: 'NOT_AN_AUTHORITY',
    });
  });

  it('comes from an authority deeper down than the one above it allows', async () => {
    const narrow = makeCertificate({ subject: 'Narrow', issuer: root, isAuthority: true, pathLength: 0 });
    const deeper = makeCertificate({ subject: 'Deeper', issuer: narrow, isAuthority: true });
    const server = await serve([leaf({ issuer: deeper }), deeper, narrow]);
    const error = await refusal(server, { pins: [root.pin] });
    expect(error).toMatchObject({ check: 'usage', reason: 'PATH_TOO_LONG' });
    expect(error.message).toContain(
      '"Narrow" in the chain of localhost allows 0 authorities below it and has 1.',
    );
  });

  it('is signed with SHA-1', async () => {
    const server = await serve([leaf({ digest: 'sha1' }), issuing], { ciphers: 'DEFAULT@SECLEVEL=0' });
    expect(await refusal(server)).toMatchObject({ check: 'strength', reason: 'WEAK_SIGNATURE' });
  });

  it('comes from an authority whose certificate is signed with SHA-1', async () => {
    const weak = makeCertificate({ subject: 'Weak', issuer: root, isAuthority: true, digest: 'sha1' });
    const server = await serve([leaf({ issuer: weak }), weak], { ciphers: 'DEFAULT@SECLEVEL=0' });
    expect(await refusal(server, { pins: [root.pin] })).toMatchObject({ reason: 'WEAK_SIGNATURE' });
  });

  it('has a key of 1024 bits', async () => {
    const server = await serve([leaf({ key: makeKey(1024) }), issuing], { ciphers: 'DEFAULT@SECLEVEL=0' });
    const { reason } = await refusal(server);
    // OpenSSL may end the handshake before it comes to our check.
    expect(['WEAK_KEY', 'NO_COMMON_PROTOCOL']).toContain(reason);
  });

  it('comes from an authority with a key of 1024 bits', async () => {
    const weak = makeCertificate({ subject: 'Weak', issuer: root, isAuthority: true, key: makeKey(1024) });
    const server = await serve([leaf({ issuer: weak }), weak], { ciphers: 'DEFAULT@SECLEVEL=0' });
    expect(await refusal(server, { pins: [root.pin] })).toMatchObject({ reason: 'WEAK_KEY' });
  });

  it.each(['TLSv1', 'TLSv1.1'] as const)('is shown under %s', async (version) => {
    const before = tls.DEFAULT_CIPHERS;
    // At its usual security level OpenSSL itself would refuse, whatever the relay asks for.
    tls.DEFAULT_CIPHERS = 'DEFAULT@SECLEVEL=0';
    try {
      const server = await serve([leaf(), issuing], { minVersion: version, maxVersion: version });
      expect(await refusal(server)).toMatchObject({ check: 'protocol', reason: 'NO_COMMON_PROTOCOL' });
    } finally {
      tls.DEFAULT_CIPHERS = before;
    }
  });

  it('comes from a trust anchor with a key of 1024 bits', async () => {
    const weak = makeCertificate({ subject: 'Weak Root', isAuthority: true, key: makeKey(1024) });
    const server = await serve([leaf({ issuer: weak })], { ciphers: 'DEFAULT@SECLEVEL=0' });
    expect(await refusal(server, { anchors: [weak], pins: [weak.pin] })).toMatchObject({
      check: 'strength',
      reason: 'WEAK_KEY',
    });
  });

  it('names the server by a wildcard for a part of a label', async () => {
    const host = 'local.upstream.example';
    const { url } = await startProxy();
    const right = await serve([leaf({ names: ['*.upstream.example'] }), issuing]);
    expect(await post(right.port, { host, proxy: url })).toBe('ok');
    const server = await serve([leaf({ names: ['lo*.upstream.example'] }), issuing]);
    expect(await refusal(server, { host, proxy: url })).toMatchObject({
      check: 'name',
      reason: 'OTHER_NAME',
    });
  });
});

it('a server that would show another certificate later, in a renegotiation, is not let to', async () => {
  const wrong = leaf({ issuer: otherRoot });
  const right = leaf();
  const renegotiated = Promise.withResolvers<Error | null>();
  const server = tls.createServer(
    { cert: right.certificate + issuing.certificate, key: right.key, maxVersion: 'TLSv1.2' },
    (socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => {
        server.setSecureContext({ cert: wrong.certificate, key: wrong.key, maxVersion: 'TLSv1.2' });
        socket.renegotiate({}, (error) => {
          renegotiated.resolve(error);
          socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
        });
        socket.once('close', () => renegotiated.resolve(new Error('the connection was closed')));
      });
    },
  );
  const port = await listen(server);
  await post(port).catch(() => undefined);
  expect(await renegotiated.promise).toBeInstanceOf(Error);
});

it('a trust anchor that signed itself with SHA-1 is trusted, since nobody relies on that signature', async () => {
  const old = makeCertificate({ subject: 'Old Root', isAuthority: true, digest: 'sha1' });
  const server = await serve([leaf({ issuer: old })]);
  expect(await post(server.port, { anchors: [old], pins: [old.pin] })).toBe('ok');
});

describe('through an HTTP proxy', () => {
  it('the right server is spoken to', async () => {
    const { url, asked } = await startProxy();
    const server = await serve([leaf(), issuing]);
    expect(await post(server.port, { proxy: url })).toBe('ok');
    expect(asked).toEqual([`localhost:${server.port}`]);
  });

  it('every check is kept: a proxy that inspects TLS is refused and named', async () => {
    const { url } = await startProxy();
    const error = await refusal(await serve([leaf({ issuer: otherRoot })]), {
      anchors: [root, otherRoot],
      proxy: url,
    });
    expect(error.check).toBe('pin');
    expect(error.message).toMatch(/Corporate Inspection Root/);
  });

  it('that asks for a user name and password, it is spoken to with the ones of the URL', async () => {
    const { url } = await startProxy({ credentials: 'relay:p@ss 1%' });
    const server = await serve([leaf(), issuing]);
    const named = new URL(url);
    named.username = 'relay';
    named.password = 'p@ss 1%';
    expect(await post(server.port, { proxy: named })).toBe('ok');
    named.password = 'wrong';
    await expect(post(server.port, { proxy: named })).rejects.toMatchObject({
      check: 'proxy',
      message: expect.stringMatching(/does not accept the user name and password of upstream\.proxy/),
    });
    await expect(post(server.port, { proxy: url })).rejects.toMatchObject({
      message: expect.stringMatching(/407 .*asks for a user name and password: upstream\.proxy/),
    });
    const error: unknown = await post(server.port, { proxy: named }).catch((reason: unknown) => reason);
    expect(String(error)).not.toContain('wrong');
  });

  it('a refusal of the proxy is told apart from one of the server', async () => {
    const { url } = await startProxy({ answer: 'HTTP/1.1 403 Forbidden\r\n\r\n' });
    const server = await serve([leaf(), issuing]);
    await expect(post(server.port, { proxy: url })).rejects.toMatchObject({
      check: 'proxy',
      message: expect.stringMatching(/403 Forbidden; have it allow/),
    });
  });
});

describe('a server that', () => {
  it('never answers the handshake counts as dead after the configured silence', async () => {
    const port = await listen(createNetServer(() => undefined));
    await expect(post(port, { timeout: 100 })).rejects.toMatchObject({ check: 'timeout' });
  });

  it('does not listen is named as not reached', async () => {
    const port = await listen(createNetServer());
    await closeAll();
    await expect(post(port)).rejects.toBeInstanceOf(ConnectionError);
  });

  it('closes the connection in the handshake is named as not reached', async () => {
    const port = await listen(createNetServer((socket) => socket.end()));
    await expect(post(port)).rejects.toMatchObject({ check: 'connect' });
  });
});

it('a pin is the SHA-256 of the public key, as OpenSSL and RFC 7469 compute it', () => {
  expect(pinOf(new X509Certificate(root.certificate))).toBe(root.pin);
});
