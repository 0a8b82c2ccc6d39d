/** Connections to the configured upstream server, every one of them pinned. */
import { addressOfUrl } from '../config/host-and-port.ts';
import type { Upstream } from '../config/schema.ts';
import { readSecretFile } from '../config/secret-file.ts';
import { SoapClient } from './conversation/soap-client.ts';
import type { Pause } from './conversation/soap-client.ts';
import { PinnedAgent } from './trust/pinned-agent.ts';
import { PinnedConnector, newTrustMemory } from './trust/pinned-connection.ts';
import { readTrustAnchors } from './trust/trust-anchors.ts';

/** Calls at a time, and so connections. */
export const CALLS_IN_FLIGHT = 3;

export interface UpstreamConnection extends AsyncDisposable {
  readonly client: SoapClient;
}

export interface UpstreamOptions {
  readonly upstream: Upstream;
  readonly signal: AbortSignal;
  readonly now: () => Date;
  /** Waits some milliseconds between attempts; default: by the clock. */
  readonly pause?: Pause | undefined;
  /** Told a sentence when the trust in the server is less than it could be. */
  readonly warn?: (message: string) => void;
}

/**
 * Answers about revocation and TLS sessions, kept while the process runs: a connection to the upstream server is opened
 * for each synchronization and each request for content.
 */
const memory = newTrustMemory();

/** @throws TrustAnchorError */
export function openUpstream({ upstream, signal, now, pause, warn }: UpstreamOptions): UpstreamConnection {
  const url = new URL(upstream.url);
  const { secretFile } = upstream;
  const connector = new PinnedConnector({
    ...addressOfUrl(url),
    trustAnchors: readTrustAnchors(upstream),
    pins: upstream.pins,
    revocation: upstream.tls.revocation,
    timeout: upstream.timeout,
    now,
    memory,
    ...(warn === undefined ? {} : { warn }),
    ...(upstream.proxy === undefined ? {} : { proxy: new URL(upstream.proxy) }),
  });
  const agent = new PinnedAgent(connector, CALLS_IN_FLIGHT);
  return {
    client: new SoapClient({
      url,
      agent,
      mostCalls: CALLS_IN_FLIGHT,
      timeout: upstream.timeout,
      signal,
      ...(secretFile === undefined ? {} : { secret: () => readSecretFile(secretFile) }),
      ...(pause === undefined ? {} : { pause }),
    }),
    [Symbol.asyncDispose]: () => Promise.resolve(agent.destroy()),
  };
}
