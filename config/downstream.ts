/** Which downstream servers may synchronize from this one; read at the start, as all of the configuration. */
import { z } from 'zod';
import { Network } from './network.ts';

export const DownstreamServer = z.strictObject({
  /** The name that it introduces itself by; case and a final dot do not count. */
  name: z.string().min(1).max(255),
  /** The identifier that it introduces itself by. */
  accountGuid: z.guid().describe('a GUID').optional(),
  /** Where it comes from. */
  addresses: z.array(Network).min(1).optional(),
  /** Holds what it must present over TLS; Windows servers cannot. */
  secretFile: z.string().min(1).optional(),
});
export type DownstreamServer = z.infer<typeof DownstreamServer>;

export const Downstream = z.strictObject({
  /** Left out: `listed` as soon as a server is listed, else `any`. */
  access: z.enum(['any', 'listed']).optional(),
  servers: z.array(DownstreamServer).max(1000).default([]),
});
export type Downstream = z.infer<typeof Downstream>;

/** What holds: a list that was begun is meant. */
export const accessOf = ({ access, servers }: Downstream): 'any' | 'listed' =>
  access ?? (servers.length > 0 ? 'listed' : 'any');

/** A name alone proves nothing: anybody can introduce himself by it. */
export const findServersWithoutProof = ({
  servers,
}: Downstream): { path: (string | number)[]; found: string; accepted: string }[] =>
  servers.flatMap((server, index) =>
    [server.accountGuid, server.addresses, server.secretFile].every((proof) => proof === undefined)
      ? [
          {
            path: ['downstream', 'servers', index],
            found: `nothing but the name ${server.name}, which anybody can give`,
            accepted: 'one of the keys accountGuid, addresses, secretFile beside the name',
          },
        ]
      : [],
  );
