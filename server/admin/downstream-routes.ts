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
import { changing, signedIn, type SomeHandlers } from './handlers.ts';

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
    forgetDownstreamServer: changing('forgetDownstreamServer', ({ params, session }) => {
      const known = downstreamServers(db, now()).find(({ serverId }) => serverId === params.serverId);
      forgetDownstreamServer(db, params.serverId);
      log.info('Removed a downstream server', { userName: session.userName, serverId: params.serverId });
      const subject = { kind: 'downstream-server', id: params.serverId };
      return {
        answer: undefined,
        change: {
          action: 'downstream-server.forget',
          subjects: [{ ...subject, ...(known === undefined ? {} : { name: known.name }) }],
        },
      };
    }),
  };
}
