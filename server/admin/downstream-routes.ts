/** Downstream servers: their tree, their computers, and forgetting one. */
import { hostname } from 'node:os';
import {
  downstreamComputers,
  downstreamServers,
  forgetDownstreamServer,
  ownSums,
} from '../../catalog/store/rollup/server-tree.ts';
import { hostAndPort } from '../../config/host-and-port.ts';
import { certificateNames } from '../pki/server-certificate.ts';
import type { ConsoleContext } from './context.ts';
import { signedIn, type SomeHandlers } from './handlers.ts';

export function downstreamRoutes({
  db,
  config,
  log,
  now,
}: ConsoleContext): SomeHandlers<'downstreamServers' | 'downstreamComputers' | 'forgetDownstreamServer'> {
  const [name = hostname()] = certificateNames(config.serverNames);
  const addresses = config.listeners.downstream
    .filter(({ protocol }) => protocol === 'https')
    .map(({ port }) => `https://${hostAndPort(name, port)}`);
  return {
    downstreamServers: signedIn('downstreamServers', () => ({
      own: { name, ...ownSums(db) },
      servers: downstreamServers(db, now()),
      isDetailed: config.rollup.detailed,
      addresses,
    })),
    downstreamComputers: signedIn('downstreamComputers', ({ params, query }) =>
      downstreamComputers(db, params.serverId, query),
    ),
    forgetDownstreamServer: signedIn('forgetDownstreamServer', ({ params, session }) => {
      forgetDownstreamServer(db, params.serverId);
      log.info('Removed a downstream server', { userName: session.userName, serverId: params.serverId });
      return undefined;
    }),
  };
}
