import { createServer } from 'node:http';
import { makeOcspResponse, makeRevocationList } from '../../../scripts/testing/revocation.ts';
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
} from '../../../scripts/testing/tls-upstream.ts';
import { newTrustMemory } from '../pinned-connection.ts';

afterEach(closeAll);

describe('A certificate that an OCSP answer must come with', () => {
  it('is refused without one, though its responder would say that it is good', async () => {
    const authority = await startAuthority();
    const certificate = leaf({ mustStaple: true, ocsp: authority.ocsp });
    authority.respond = () => makeOcspResponse({ issuer: issuing, about: certificate });
    const server = await serve([certificate, issuing]);
    for (const revocation of ['prefer', 'require'] as const) {
      const error = await refusal(server, { revocation });
      expect(error).toMatchObject({ check: 'revocation', reason: 'STAPLE_MISSING' });
      expect(error.message).toMatch(/must-staple\), and none came\. Turn on OCSP stapling/);
    }
    expect(authority.asked).toEqual([]);
  });

  it('is refused with one that is not believed', async () => {
    const certificate = leaf({ mustStaple: true });
    const about = leaf();
    const server = await serve([certificate, issuing], {
      staple: () => makeOcspResponse({ issuer: issuing, about }),
    });
    const error = await refusal(server);
    expect(error.reason).toBe('STAPLE_MISSING');
    expect(error.message).toMatch(/not believed: the OCSP answer is about another certificate/);
  });

  it('is spoken to with one, also in a session that is taken up again', async () => {
    const certificate = leaf({ mustStaple: true });
    const server = await serve([certificate, issuing], {
      staple: () => makeOcspResponse({ issuer: issuing, about: certificate }),
    });
    const memory = newTrustMemory();
    for (let count = 0; count < 2; count++) expect(await post(server.port, { memory })).toBe('ok');
    expect(server.resumed).toEqual([false, true]);
  });

  it('is refused as revoked where the one that comes says so', async () => {
    const certificate = leaf({ mustStaple: true });
    const server = await serve([certificate, issuing], {
      staple: () => makeOcspResponse({ issuer: issuing, about: certificate, status: 'revoked' }),
    });
    expect((await refusal(server)).reason).toBe('REVOKED');
  });
});

describe('Answers about revocation that are slow', () => {
  it('take one handshake no longer than its time, however many there are', async () => {
    let asked = 0;
    const silent = createServer(() => void (asked += 1));
    const url = `http://127.0.0.1:${await listen(silent)}`;
    const server = await serve([leaf({ ocsp: `${url}/ocsp`, crl: `${url}/list.crl` }), issuing]);
    const error = await refusal(server, { revocation: 'require', revocationWithin: 200 });
    expect(error.reason).toBe('REVOCATION_UNKNOWN');
    expect(error.message).toMatch(/did not answer within \d+ ms; .* was not asked: the time for all answers/);
    expect(await post(server.port, { revocation: 'prefer', revocationWithin: 200 })).toBe('ok');
    expect(asked).toBe(2);
  });
});

describe('Answers that are signed with RSA-PSS', () => {
  it('are understood, in lists and from responders', async () => {
    const authority = await startAuthority();
    const certificate = leaf({ crl: authority.crl });
    authority.list = () => makeRevocationList({ issuer: issuing, revoked: [certificate], digest: 'pss' });
    const server = await serve([certificate, issuing]);
    expect((await refusal(server)).reason).toBe('REVOKED');

    const other = leaf({ ocsp: authority.ocsp });
    authority.respond = () => makeOcspResponse({ issuer: issuing, about: other, digest: 'pss' });
    const good = await serve([other, issuing]);
    expect(await post(good.port, { anchors: [issuing], revocation: 'require' })).toBe('ok');
  });

  it('by another key, or with a mask of SHA-1, are not believed, and it is said why', async () => {
    const authority = await startAuthority();
    const certificate = leaf({ crl: authority.crl });
    const server = await serve([certificate, issuing]);
    authority.list = () => makeRevocationList({ issuer: issuing, key: root.key, digest: 'pss' });
    expect((await refusal(server, { revocation: 'require' })).message).toMatch(
      /signature of the CRL is wrong/,
    );
    authority.list = () => makeRevocationList({ issuer: issuing, digest: 'pss-sha1-mask' });
    expect((await refusal(server, { revocation: 'require' })).message).toMatch(
      /RSA-PSS whose mask is made with another digest/,
    );
  });
});

it('A server that is a trust anchor itself has no issuer to pin, and is told so', async () => {
  const certificate = leaf();
  const error = await refusal(await serve([certificate]), { anchors: [certificate] });
  expect(error).toMatchObject({ check: 'pin', reason: 'NO_ISSUER_IN_CHAIN' });
  expect(error.message).toMatch(
    /itself a trust anchor.*Name the authority that issued it in upstream\.trustAnchors/,
  );
});
