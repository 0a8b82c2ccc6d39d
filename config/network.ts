/** Addresses and networks as an administrator writes them. */
import { isIP } from 'node:net';
import { z } from 'zod';

/** An address, or a network as in `192.0.2.0/24`. */
export const Network = z.string().refine(isNetwork).describe('an address or a network, as in 192.0.2.0/24');

function isNetwork(text: string): boolean {
  const [address = '', bits, ...more] = text.split('/');
  const family = isIP(address);
  if (family === 0 || more.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128));
}
