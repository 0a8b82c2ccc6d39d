/** How much is asked of an upstream server at a time. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Upstream } from '../config/schema.ts';
import { GetAuthConfig, serverSyncService } from '../protocol/wsusss/server-sync.ts';
import { portOf } from '../scripts/testing/port-of.ts';
import { upstreamCertificate } from '../scripts/testing/upstream-server.ts';
import { CALLS_IN_FLIGHT, openUpstream } from './upstream-client.ts';

/** Milliseconds in which calls that are not held back would arrive beside the others. */
const QUIET = 300;

it('However many calls are made, a few are on their way at a time, and the others follow', async () => {
  const { authority, certificate } = upstreamCertificate();
  const trustAnchorFile = join(mkdtempSync(join(tmpdir(), 'sluice-client-')), 'authority.pem');
  writeFileSync(trustAnchorFile, authority.certificate);
  let answered = 0;
  let open = 0;
  let most = 0;
  const filled = Promise.withResolvers<void>();
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    most = Math.max(most, (open += 1));
    if (open === CALLS_IN_FLIGHT) filled.resolve();
    await filled.promise;
    await sleep(answered === 0 ? QUIET : 0);
    open -= 1;
    answered += 1;
    request.resume();
    response.writeHead(403).end();
  };
  const server = createServer(
    { cert: certificate.certificate, key: certificate.key },
    (request, response) => void answer(request, response),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    await using connection = openUpstream({
      upstream: Upstream.parse({
        url: `https://localhost:${portOf(server)}`,
        pins: [authority.pin],
        trustAnchors: [trustAnchorFile],
      }),
      signal: new AbortController().signal,
      now: () => new Date(),
    });
    const calls = Array.from({ length: 4 * CALLS_IN_FLIGHT }, () =>
      connection.client.call(serverSyncService, GetAuthConfig, {}),
    );
    const results = await Promise.allSettled(calls);
    expect(results.every(({ status }) => status === 'rejected')).toBe(true);
    expect([most, answered]).toEqual([CALLS_IN_FLIGHT, 4 * CALLS_IN_FLIGHT]);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});
