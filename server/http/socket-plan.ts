/** Which sockets to open: equal addresses and ports of several services become one, that knows all their roles. */
import type { Role } from '../../config/listener-conflicts.ts';
import { ROLES } from '../../config/listener-conflicts.ts';
import type { Config, Endpoint } from '../../config/schema.ts';

export type { Role } from '../../config/listener-conflicts.ts';

export interface SocketPlan {
  readonly endpoint: Endpoint;
  readonly roles: ReadonlySet<Role>;
  /** `listeners.client.0`, for messages: the first that asked for it. */
  readonly key: string;
}

export function planSockets(listeners: Config['listeners']): SocketPlan[] {
  const sockets = new Map<string, { endpoint: Endpoint; roles: Set<Role>; key: string }>();
  for (const role of ROLES) {
    for (const [index, endpoint] of listeners[role].entries()) {
      const identity = identityOf(role, endpoint);
      const socket = sockets.get(identity);
      if (socket === undefined) {
        sockets.set(identity, { endpoint, roles: new Set([role]), key: `listeners.${role}.${index}` });
      } else {
        socket.roles.add(role);
      }
    }
  }
  return [...sockets.values()];
}

/** Port 0 is whatever the system gives: it is shared by those who agree on everything else, never with the console. */
function identityOf(role: Role, endpoint: Endpoint): string {
  if (endpoint.port !== 0) return `${endpoint.address} ${endpoint.port}`;
  return JSON.stringify([
    endpoint.address,
    endpoint.protocol,
    endpoint.certificateFile,
    endpoint.keyFile,
    endpoint.minimumTls,
    role === 'console',
  ]);
}
