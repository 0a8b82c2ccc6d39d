/** Whether an address is among those that an administrator wrote down. */
import { BlockList, isIP } from 'node:net';

/**
 * @param address in its plain form, as `plainAddress` gives it
 * @param networks addresses, and networks as in `192.0.2.0/24`
 */
export function isWithin(address: string, networks: readonly string[]): boolean {
  const family = familyOf(address);
  if (family === undefined) return false;
  const list = new BlockList();
  for (const network of networks) {
    const [net = '', bits] = network.split('/');
    const netFamily = familyOf(net);
    if (netFamily !== family) continue;
    if (bits === undefined) list.addAddress(net, netFamily);
    else list.addSubnet(net, Number(bits), netFamily);
  }
  return list.check(address, family);
}

function familyOf(address: string): 'ipv4' | 'ipv6' | undefined {
  const version = isIP(address);
  if (version === 0) return undefined;
  return version === 4 ? 'ipv4' : 'ipv6';
}
