import {
  closeAll,
  issuing,
  leaf,
  otherRoot,
  post,
  refusal,
  root,
  serve,
  startAuthority,
} from '../../scripts/testing/tls-upstream.ts';
import { makeRevocationList } from '../../scripts/testing/revocation.ts';
import { newTrustMemory } from './pinned-connection.ts';

const DAY = 86_400_000;

/** Connections: the good one, the one that took its session up, one that had to show a certificate, and the test's own. */
const [FIRST, RESUMED, SHOWN, LOOKING] = [1, 1, 1, 1];

afterEach(closeAll);

describe.each(['TLSv1.2', 'TLSv1.3'] as const)('A session of %s', (version) => {
  const options = { minVersion: version, maxVersion: version };

  it('is taken up again by the next connection', async () => {
    const server = await serve([leaf(), issuing], options);
    const memory = newTrustMemory();
    for (let count = 0; count < 3; count++) expect(await post(server.port, { memory })).toBe('ok');
    expect(server.resumed).toEqual([false, true, true]);
  });

  it('is refused once the issuer is no longer pinned', async () => {
    const server = await serve([leaf(), issuing], options);
    const memory = newTrustMemory();
    await post(server.port, { memory });
    const error = await refusal(server, { memory, pins: [otherRoot.pin] });
    expect(error.reason).toBe('ISSUER_NOT_PINNED');
    expect(server.connections()).toBe(FIRST + RESUMED + SHOWN + LOOKING);
  });

  it('is not taken up under other trust anchors', async () => {
    const server = await serve([leaf(), issuing], options);
    const memory = newTrustMemory();
    await post(server.port, { memory });
    expect((await refusal(server, { memory, anchors: [otherRoot] })).check).toBe('chain');
    expect(server.connections()).toBe(FIRST + SHOWN + LOOKING);
  });

  it('is refused once the certificate is past its dates', async () => {
    const server = await serve([leaf(), issuing], options);
    const memory = newTrustMemory();
    await post(server.port, { memory });
    expect((await refusal(server, { memory, now: new Date(Date.now() + 400 * DAY) })).reason).toBe('EXPIRED');
    expect(server.connections()).toBe(FIRST + RESUMED + SHOWN + LOOKING);
  });

  it('is refused once the certificate was revoked', async () => {
    const authority = await startAuthority();
    const certificate = leaf({ crl: authority.crl });
    const server = await serve([certificate, issuing], options);
    const memory = newTrustMemory();
    authority.list = () => makeRevocationList({ issuer: issuing });
    await post(server.port, { memory });
    expect(authority.asked).toHaveLength(1);
    const nextUpdate = new Date(Date.now() + 3 * DAY);
    authority.list = () => makeRevocationList({ issuer: issuing, revoked: [certificate], nextUpdate });
    // Until the list that is known should be replaced it is believed; then the new one is asked for.
    expect(await post(server.port, { memory })).toBe('ok');
    expect(server.resumed).toEqual([false, true]);
    const error = await refusal(server, { memory, now: new Date(Date.now() + 2 * DAY) });
    expect(error.reason).toBe('REVOKED');
    expect(server.resumed.slice(0, 3)).toEqual([false, true, true]);
  });

  it('gives way to the certificate that the server shows by then', async () => {
    const now = Date.now();
    const server = await serve([leaf({ validTo: new Date(now + DAY) }), issuing], options);
    const memory = newTrustMemory();
    await post(server.port, { memory });
    const renewed = leaf({ validTo: new Date(now + 9 * DAY) });
    server.server.setSecureContext({
      ...options,
      cert: renewed.certificate + issuing.certificate,
      key: renewed.key,
    });
    expect(await post(server.port, { memory, now: new Date(now + 2 * DAY) })).toBe('ok');
  });

  it('of a server that shows another certificate by then does not stand in for it', async () => {
    const server = await serve([leaf(), issuing], options);
    const memory = newTrustMemory();
    const trusting = { memory, anchors: [root, otherRoot] };
    await post(server.port, trusting);
    const bad = leaf({ issuer: otherRoot });
    server.server.setSecureContext({ ...options, cert: bad.certificate, key: bad.key });
    expect((await refusal(server, trusting)).reason).toBe('ISSUER_NOT_PINNED');
  });
});
