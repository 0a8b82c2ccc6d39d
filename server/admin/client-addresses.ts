/** Where computers are to be pointed at: the first name in this relay's certificate with each client listener, HTTPS first. */
import { hostAndPort } from '../../config/host-and-port.ts';
import type { Config } from '../../config/schema.ts';
import { certificateNames } from '../pki/server-certificate.ts';

export function clientAddresses({
  serverNames,
  listeners,
}: Pick<Config, 'serverNames' | 'listeners'>): string[] {
  const [name = 'localhost'] = certificateNames(serverNames);
  return listeners.client
    .toSorted((a, b) => b.protocol.localeCompare(a.protocol))
    .map(({ protocol, port }) => `${protocol}://${hostAndPort(name, port)}`);
}
