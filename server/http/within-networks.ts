/** Whether an address is among those that an administrator wrote down. */
import { BlockList, isIP } from 'node:net';

/**
 * @param networks addresses, and networks as in `192.0.2.0/24`
 * @returns whether an address, in its plain form as `plainAddress` gives it, is among them
 */
export function withinNetworks(networks: readonly string[]): (address: string) => boolean {
  // One for each family: a list would take an IPv6 address that stands for an IPv4 one as that.
  const lists = { ipv4: new BlockList(), ipv6: new BlockList() };
  for (const network of networks) {
    const [net = '', bits] = network.split('/');
    const family = familyOf(net);
    if (family === undefined) continue;
    if (bits === undefined) lists[family].addAddress(net, family);
    else lists[family].addSubnet(net, Number(bits), family);
  }
  return (address) => {
    const family = familyOf(address);
    return family !== undefined && lists[family].check(address, family);
  };
}

function familyOf(address: string): 'ipv4' | 'ipv6' | undefined {
  const version = isIP(address);
  if (version === 0) return undefined;
  return version === 4 ? 'ipv4' : 'ipv6';
}
