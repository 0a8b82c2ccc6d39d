/** Where computers are to be pointed at: this relay's own name with each client listener, HTTPS first. */
import { hostname } from 'node:os';
import type { Config } from '../../config/schema.ts';

export function clientAddresses({
  serverNames,
  listeners,
}: Pick<Config, 'serverNames' | 'listeners'>): string[] {
  const name = serverNames?.[0] ?? hostname();
  const host = name.includes(':') ? `[${name}]` : name;
  return listeners.client
    .toSorted((a, b) => b.protocol.localeCompare(a.protocol))
    .map(({ protocol, port }) => `${protocol}://${host}:${port}`);
}
