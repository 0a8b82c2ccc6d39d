/** Which process has the other end of a connection: how a test sees who answers, without asking the one that does. */
import { readFileSync, readdirSync, readlinkSync } from 'node:fs';

/** Whether the system tells (Linux). */
export const tellsHolders = process.platform === 'linux';

/**
 * @param port where the connection goes to, over IPv4
 * @param localPort where it comes from
 * @param candidates process ids
 */
export function holderOf(port: number, localPort: number, candidates: readonly number[]): number | undefined {
  const inode = inodeOf(port, localPort);
  return inode === undefined ? undefined : candidates.find((id) => socketsOf(id).has(`socket:[${inode}]`));
}

/** The socket whose own port is `port`. */
function inodeOf(port: number, peerPort: number): string | undefined {
  for (const line of readFileSync('/proc/net/tcp', 'utf8').split('\n').slice(1)) {
    const [, local = '', peer = '', , , , , , , inode] = line.trim().split(/\s+/);
    if (portIn(local) === port && portIn(peer) === peerPort) return inode;
  }
  return undefined;
}

const portIn = (address: string): number => Number.parseInt(address.split(':')[1] ?? '', 16);

function socketsOf(processId: number): ReadonlySet<string> {
  const folder = `/proc/${processId}/fd`;
  const links = new Set<string>();
  for (const name of readdirSync(folder)) {
    try {
      links.add(readlinkSync(`${folder}/${name}`));
    } catch {
      // It was closed in between.
    }
  }
  return links;
}
