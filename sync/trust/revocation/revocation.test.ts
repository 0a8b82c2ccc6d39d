import { createServer } from 'node:http';
import { makeCertificate } from '../../../scripts/testing/certificates.ts';
import { makeOcspResponse, makeRevocationList, nonceOf } from '../../../scripts/testing/revocation.ts';
import {
  closeAll,
  issuing,
  leaf,
  listen,
  post,
  refusal,
  root,
  serve,
  startAuthority,
  startProxy,
} from '../../../scripts/testing/tls-upstream.ts';
import type { TestCertificate } from '../../../scripts/testing/certificates.ts';
import type { Listening, TestAuthority } from '../../../scripts/testing/tls-upstream.ts';
import { newTrustMemory } from '../pinned-connection.ts';

const DAY = 86_400_000;

afterEach(closeAll);

interface Scene {
  readonly authority: TestAuthority;
  readonly certificate: TestCertificate;
  readonly server: Listening;
}

/** A server whose certificate names an authority's OCSP responder, its list, or both. */
async function scene(...sources: readonly ('ocsp' | 'crl')[]): Promise<Scene> {
  const authority = await startAuthority();
  const certificate = leaf({
    ...(sources.includes('ocsp') ? { ocsp: authority.ocsp } : {}),
    ...(sources.includes('crl') ? { crl: authority.crl } : {}),
  });
  return { authority, certificate, server: await serve([certificate, issuing]) };
}

describe('A server whose certificate was revoked is refused before a byte of a request', () => {
  it('by the list of its issuer', async () => {
    const { authority, certificate, server } = await scene('crl');
    authority.list = () => makeRevocationList({ issuer: issuing, revoked: [certificate] });
    const error = await refusal(server);
    expect(error).toMatchObject({ check: 'revocation', reason: 'REVOKED' });
    expect(error.message).toMatch(/revoked by "Test Issuing" at .* \(CRL\)/);
    expect(error.chain).toHaveLength(3);
  });

  it('by the OCSP responder', async () => {
    const { authority, certificate, server } = await scene('ocsp', 'crl');
    authority.respond = () => makeOcspResponse({ issuer: issuing, about: certificate, status: 'revoked' });
    authority.list = () => makeRevocationList({ issuer: issuing });
    expect((await refusal(server)).reason).toBe('REVOKED');
    expect(authority.asked).toEqual(['POST /ocsp']);
  });

  it('by the OCSP answer that it brings itself', async () => {
    const certificate = leaf();
    const staple = (): Buffer => makeOcspResponse({ issuer: issuing, about: certificate, status: 'revoked' });
    for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
      const server = await serve([certificate, issuing], { staple, maxVersion });
      const error = await refusal(server);
      expect(error.reason).toBe('REVOKED');
      expect(error.message).toContain('stapled OCSP');
    }
  });

  it('also where its authority was revoked by the one above', async () => {
    const authority = await startAuthority();
    const revoked = makeCertificate({ subject: 'Gone', issuer: root, isAuthority: true, crl: authority.crl });
    authority.list = () => makeRevocationList({ issuer: root, revoked: [revoked] });
    const server = await serve([leaf({ issuer: revoked }), revoked]);
    const error = await refusal(server, { pins: [root.pin] });
    expect(error).toMatchObject({ check: 'revocation', reason: 'ISSUER_REVOKED' });
    expect(error.message).toContain('"Gone" above that of localhost');
  });

  it('and stays refused when its authority falls silent and the answer has grown old', async () => {
    const { authority, certificate, server } = await scene('crl');
    const memory = newTrustMemory();
    authority.list = () => makeRevocationList({ issuer: issuing, revoked: [certificate] });
    await refusal(server, { memory });
    authority.list = () => undefined;
    expect((await refusal(server, { memory, now: new Date(Date.now() + 2 * DAY) })).reason).toBe('REVOKED');
  });
});

describe('A server whose certificate is good', () => {
  it.each(['prefer', 'require'] as const)('is spoken to under %s', async (revocation) => {
    const authority = await startAuthority();
    const between = makeCertificate({
      subject: 'Between',
      issuer: root,
      isAuthority: true,
      crl: authority.crl,
    });
    const certificate = leaf({ issuer: between, ocsp: authority.ocsp });
    authority.list = () => makeRevocationList({ issuer: root });
    let nonce: Buffer | undefined;
    authority.respond = (request) => {
      nonce = nonceOf(request);
      return makeOcspResponse({
        issuer: between,
        about: certificate,
        ...(nonce === undefined ? {} : { nonce }),
      });
    };
    const server = await serve([certificate, between]);
    expect(await post(server.port, { revocation, pins: [root.pin] })).toBe('ok');
    expect(nonce).toHaveLength(32);
    expect(authority.asked).toEqual(['POST /ocsp', 'GET /list.crl']);
  });

  it('is not asked about again while the answer is good, and is when it no longer is', async () => {
    const { authority, server } = await scene('crl');
    authority.list = () =>
      makeRevocationList({ issuer: issuing, nextUpdate: new Date(Date.now() + 9 * DAY) });
    const memory = newTrustMemory();
    for (let count = 0; count < 3; count++) await post(server.port, { memory });
    expect(authority.asked).toHaveLength(1);
    await post(server.port, { memory, now: new Date(Date.now() + 2 * DAY) });
    expect(authority.asked).toHaveLength(2);
  });

  it('that brings an OCSP answer needs nobody to be asked', async () => {
    const authority = await startAuthority();
    const certificate = leaf({ ocsp: authority.ocsp });
    const server = await serve([certificate, issuing], {
      staple: () => makeOcspResponse({ issuer: issuing, about: certificate }),
    });
    const memory = newTrustMemory();
    const anchors = [issuing];
    expect(await post(server.port, { memory, anchors, revocation: 'require' })).toBe('ok');
    // The second connection takes the session up, in which no answer comes: the first one is still good.
    expect(await post(server.port, { memory, anchors, revocation: 'require' })).toBe('ok');
    expect(server.resumed).toEqual([false, true]);
    expect(authority.asked).toEqual([]);
  });

  it('is asked about over the proxy, with its user name and password', async () => {
    const { authority, server } = await scene('crl');
    authority.list = () => makeRevocationList({ issuer: issuing });
    const proxy = await startProxy({ credentials: 'relay:secret' });
    const url = new URL(proxy.url);
    url.username = 'relay';
    url.password = 'secret';
    expect(await post(server.port, { anchors: [issuing], revocation: 'require', proxy: url })).toBe('ok');
    expect(proxy.asked).toEqual([`localhost:${server.port}`, authority.crl]);
  });

  it('is asked about by list where the responder gives no answer that is believed', async () => {
    const { authority, certificate, server } = await scene('ocsp', 'crl');
    authority.respond = () => makeOcspResponse({ issuer: issuing, about: certificate, key: certificate.key });
    authority.list = () => makeRevocationList({ issuer: issuing });
    expect(await post(server.port, { anchors: [issuing], revocation: 'require' })).toBe('ok');
    expect(authority.asked).toEqual(['POST /ocsp', 'GET /list.crl']);
  });
});

describe('Without an answer', () => {
  it('prefer goes on, says so once, and does not ask again at once', async () => {
    const { authority, server } = await scene('ocsp', 'crl');
    const said: string[] = [];
    const memory = newTrustMemory();
    expect(await post(server.port, { memory, warn: (message) => said.push(message) })).toBe('ok');
    expect(said).toHaveLength(1);
    expect(said[0]).toMatch(/not known.*"localhost": 127\.0\.0\.1:\d+ answered with HTTP status 503;/);
    expect(await post(server.port, { memory })).toBe('ok');
    expect(authority.asked).toHaveLength(2);
  });

  it('require refuses, and names why', async () => {
    const { authority, certificate, server } = await scene('ocsp', 'crl');
    const error = await refusal(server, { revocation: 'require' });
    expect(error).toMatchObject({ check: 'revocation', reason: 'REVOCATION_UNKNOWN' });
    expect(error.message).toMatch(/status 503.*status 503/);
    authority.respond = () => Buffer.from('garbage');
    authority.list = () => Buffer.alloc(17 * 1024 * 1024);
    expect((await refusal(server, { revocation: 'require' })).message).toMatch(
      /could not be read: .*; .* answered with more than the 16777216 bytes allowed/,
    );
    authority.respond = () => makeOcspResponse({ issuer: issuing, about: certificate, status: 'unknown' });
    expect((await refusal(server, { revocation: 'require' })).message).toMatch(
      /does not know the certificate/,
    );
  });

  it('a redirect is not followed', async () => {
    const elsewhere = await startAuthority();
    elsewhere.list = () => makeRevocationList({ issuer: issuing });
    const redirecting = createServer((_request, response) => {
      response.writeHead(302, { location: elsewhere.crl }).end();
    });
    const crl = `http://127.0.0.1:${await listen(redirecting)}/list.crl`;
    const server = await serve([leaf({ crl }), issuing]);
    expect((await refusal(server, { revocation: 'require' })).message).toMatch(/status 302/);
    expect(elsewhere.asked).toEqual([]);
  });

  it('a certificate that names nobody to ask is accepted by prefer without a word, and refused by require', async () => {
    const server = await serve([leaf(), issuing]);
    const said: string[] = [];
    expect(await post(server.port, { warn: (message) => said.push(message) })).toBe('ok');
    expect(said).toEqual([]);
    expect((await refusal(server, { revocation: 'require' })).message).toMatch(
      /names no OCSP responder and no CRL on plain HTTP.*"prefer"/,
    );
  });

  it('https and ldap addresses count as none', async () => {
    const certificate = leaf({ ocsp: 'https://127.0.0.1/ocsp', crl: 'ldap://127.0.0.1/list' });
    const server = await serve([certificate, issuing]);
    expect((await refusal(server, { revocation: 'require' })).message).toMatch(/names no OCSP/);
  });
});

it('off asks nobody, and the server for nothing', async () => {
  const authority = await startAuthority();
  let stapled = 0;
  const server = await serve([leaf({ ocsp: authority.ocsp, crl: authority.crl }), issuing], {
    staple: () => {
      stapled += 1;
      return Buffer.alloc(0);
    },
  });
  expect(await post(server.port, { revocation: 'off' })).toBe('ok');
  expect([stapled, authority.asked.length]).toEqual([0, 0]);
});

it('nobody is asked on behalf of a chain that fails another check', async () => {
  const authority = await startAuthority();
  const server = await serve([leaf({ ocsp: authority.ocsp, crl: authority.crl }), issuing]);
  expect((await refusal(server, { pins: [leaf().pin] })).reason).toBe('ONLY_LEAF_PINNED');
  expect(authority.asked).toEqual([]);
});
