/**
 * Where the metadata may not send us. Its URLs are chosen by whoever wrote them; asking them within our own network would
 * do things there in this relay's name (CWE-918). Hosts that the configuration names are asked wherever they are.
 */
import { lookup } from 'node:dns';
import { BlockList, isIP } from 'node:net';
import type { LookupFunction } from 'node:net';
import type { Upstream } from '../../config/schema.ts';

/** Loopback, link-local, private, shared, multicast and reserved (RFC 6890); `::ffff:` before an IPv4 one is it too. */
const INTERNAL = new BlockList();
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['224.0.0.0', 3],
] as const)
  INTERNAL.addSubnet(network, prefix, 'ipv4');
for (const [network, prefix] of [
  ['::', 127],
  ['fc00::', 7],
  ['fe80::', 9],
  ['ff00::', 8],
] as const)
  INTERNAL.addSubnet(network, prefix, 'ipv6');

export const isInternal = (address: string): boolean =>
  INTERNAL.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');

/** Hosts that the configuration names. */
export function ownHosts(upstream: Upstream | undefined): ReadonlySet<string> {
  const urls = [upstream?.url, upstream?.contentUrl].filter((url) => url !== undefined);
  return new Set(urls.map((url) => new URL(url).hostname));
}

/** Whether a URL of the metadata may be asked, as far as it says itself; names are looked up by `lookupOutside`. */
export function mayBeAsked({ hostname, username, password }: URL, own: ReadonlySet<string>): boolean {
  if (username !== '' || password !== '') return false;
  const address = hostname.replace(/^\[(.*)\]$/, '$1');
  return own.has(hostname) || isIP(address) === 0 || !isInternal(address);
}

/** Looks names up, and finds no internal addresses for any but the configuration's own hosts. */
export const lookupOutside =
  (own: ReadonlySet<string>): LookupFunction =>
  (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, found) => {
      if (error !== null) {
        callback(error, '');
        return;
      }
      const usable = own.has(hostname) ? found : found.filter(({ address }) => !isInternal(address));
      const [first] = usable;
      if (first === undefined) callback(internalOnly(hostname), '');
      else if (options.all === true) callback(null, usable);
      else callback(null, first.address, first.family);
    });
  };

const internalOnly = (hostname: string): Error =>
  new Error(
    `the metadata names ${hostname}, which is in this network; a server with content here is asked where upstream.contentUrl names it`,
  );
