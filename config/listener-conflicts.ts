/** Rules that hold between listeners and that no single key can break. */
import type { Config, Endpoint } from './schema.ts';

export type Role = keyof Config['listeners'];
export const ROLES = ['client', 'content', 'downstream', 'console'] as const satisfies readonly Role[];

export interface Conflict {
  readonly path: readonly (string | number)[];
  readonly found: string;
  readonly accepted: string;
}

/** What must be equal for two services to share a socket. */
const termsOf = (endpoint: Endpoint): string =>
  JSON.stringify([
    endpoint.protocol,
    ...(endpoint.protocol === 'https'
      ? [endpoint.certificateFile ?? null, endpoint.keyFile ?? null, endpoint.minimumTls]
      : []),
  ]);

/**
 * Certificate and key come together and with https; equal addresses and ports agree on protocol and certificate; the
 * console, which shows itself to browsers, shares with nobody.
 */
export function findListenerConflicts(config: Config): Conflict[] {
  const conflicts: Conflict[] = [];
  const taken = new Map<string, { role: Role; path: string; terms: string }>();
  for (const role of ROLES) {
    for (const [index, endpoint] of config.listeners[role].entries()) {
      const path = ['listeners', role, index] as const;
      conflicts.push(...certificateConflicts(path, endpoint));
      if (endpoint.port === 0) continue;
      const socket = `${endpoint.address} port ${endpoint.port}`;
      const first = taken.get(socket);
      const own = { role, path: path.join('.'), terms: termsOf(endpoint) };
      if (first === undefined) taken.set(socket, own);
      else conflicts.push(...sharingConflicts(path, socket, first, own));
    }
  }
  return conflicts;
}

function certificateConflicts(path: readonly (string | number)[], endpoint: Endpoint): Conflict[] {
  const { certificateFile, keyFile, protocol } = endpoint;
  if ((certificateFile === undefined) !== (keyFile === undefined)) {
    return [
      {
        path: [...path, certificateFile === undefined ? 'certificateFile' : 'keyFile'],
        found: 'nothing, though the other of the two is given',
        accepted: 'certificateFile and keyFile together, or neither',
      },
    ];
  }
  if (certificateFile !== undefined && protocol === 'http') {
    return [
      {
        path: [...path, 'certificateFile'],
        found: 'a certificate for plain http',
        accepted: 'a certificate where protocol is https',
      },
    ];
  }
  return [];
}

interface Taker {
  readonly role: Role;
  readonly path: string;
  readonly terms: string;
}

function sharingConflicts(
  path: readonly (string | number)[],
  socket: string,
  first: Taker,
  second: Taker,
): Conflict[] {
  if (first.role === second.role) {
    return [
      {
        path,
        found: `${socket} a second time (first: ${first.path})`,
        accepted: 'each address and port once in a list',
      },
    ];
  }
  if (second.role === 'console') {
    return [
      {
        path,
        found: `${socket}, which ${first.path} has`,
        accepted: 'an address and port of its own for the console',
      },
    ];
  }
  if (first.terms === second.terms) return [];
  return [
    {
      path,
      found: `${socket}, which ${first.path} has with another protocol, certificate or minimumTls`,
      accepted: 'the same protocol, certificateFile, keyFile and minimumTls for one address and port',
    },
  ];
}
