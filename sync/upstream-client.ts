/** Connections to the configured upstream server, every one of them pinned. */
import type { Upstream } from '../config/schema.ts';
import { SoapClient } from './conversation/soap-client.ts';
import type { Pause } from './conversation/soap-client.ts';
import { PinnedAgent } from './trust/pinned-agent.ts';
import { PinnedConnector } from './trust/pinned-connection.ts';
import { readTrustAnchors } from './trust/trust-anchors.ts';

/** Connections at a time, and so calls. */
export const CALLS_IN_FLIGHT = 3;

export interface UpstreamConnection extends AsyncDisposable {
  readonly client: SoapClient;
}

/** @throws TrustAnchorError */
export function openUpstream(
  upstream: Upstream,
  signal: AbortSignal,
  now: () => Date,
  pause?: Pause,
): UpstreamConnection {
  const url = new URL(upstream.url);
  const connector = new PinnedConnector({
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? 443 : Number(url.port),
    trustAnchors: readTrustAnchors(upstream.trustAnchors),
    pins: upstream.pins,
    timeout: upstream.timeout,
    now,
    ...(upstream.proxy === undefined ? {} : { proxy: new URL(upstream.proxy) }),
  });
  const agent = new PinnedAgent(connector, CALLS_IN_FLIGHT);
  return {
    client: new SoapClient({
      url,
      agent,
      timeout: upstream.timeout,
      signal,
      ...(pause === undefined ? {} : { pause }),
    }),
    [Symbol.asyncDispose]: () => Promise.resolve(agent.destroy()),
  };
}
