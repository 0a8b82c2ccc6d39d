/** Where a client fetches a file: a URL on the host it already speaks to ([MS-WUSP] 3.1.5.9, note 56). */
import { contentPath } from '../../catalog/content-path.ts';
import { DEFAULT_PORTS } from '../../config/host-and-port.ts';
import type { Config, Endpoint } from '../../config/schema.ts';
import type { Call } from '../soap/implementation.ts';

/** What is known of a file that a client wants. */
export interface LocatedFile {
  /** Lower-case hex. */
  readonly sha1: string;
  readonly extension: string;
  readonly contentState: string;
  /** Where the upstream's content delivery network has it. */
  readonly muUrl?: string | undefined;
}

export function contentUrl(config: Config, call: Call, file: LocatedFile): string {
  if (config.content.store === 'none' && file.contentState !== 'present' && file.muUrl !== undefined)
    return file.muUrl;
  return storedUrl(contentOrigin(config, call), contentPath(file.sha1, file.extension));
}

/**
 * @param origin as `contentOrigin` gives it
 * @param path as `contentPath` gives it
 */
export const storedUrl = (origin: string, path: string): string => `${origin}/Content/${path}`;

/**
 * Scheme, host and port under which a caller finds stored content.
 *
 * The very host and port of the call where content is served there too. The port that the client names may not be one
 * of ours (a forwarded port, or a port that the system chose): then content is taken to be there too, if any socket
 * serves both.
 */
export function contentOrigin({ listeners }: Config, call: Call): string {
  const protocol = call.isHttps ? 'https' : 'http';
  const { name, port } = splitHost(call.host, DEFAULT_PORTS[protocol]);
  const isHere = (endpoint: Endpoint): boolean => endpoint.protocol === protocol && endpoint.port === port;
  const isShared = (endpoint: Endpoint): boolean =>
    endpoint.protocol === protocol &&
    listeners.client.some((other) => other.protocol === protocol && other.port === endpoint.port);
  const isServedHere = listeners.client.some(isHere)
    ? listeners.content.some(isHere)
    : listeners.content.some(isShared);
  if (isServedHere) return `${protocol}://${call.host}`;
  const [first] = listeners.content;
  const chosen = listeners.content.find((endpoint) => endpoint.protocol === protocol) ?? first;
  if (chosen === undefined) return `${protocol}://${call.host}`;
  return `${chosen.protocol}://${name}:${chosen.port}`;
}

function splitHost(host: string, defaultPort: number): { name: string; port: number } {
  const [, name = host, port] = /^(.*?)(?::(\d+))?$/.exec(host) ?? [];
  // An IPv6 address without a port ends in its bracket: what follows a colon inside it is no port.
  if (host.endsWith(']')) return { name: host, port: defaultPort };
  return { name, port: port === undefined ? defaultPort : Number(port) };
}
