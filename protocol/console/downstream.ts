/** Downstream servers and their computers. */
import { z } from 'zod';
import { pageOf } from './paging.ts';
import { StatusCounts } from './status.ts';

/** `behind`: it reports, and has not synchronized for days; `silent`: nothing for days; `unreported`: it never did. */
export const ServerHealth = z.enum(['well', 'behind', 'silent', 'unreported']);
export type ServerHealth = z.infer<typeof ServerHealth>;

const Sums = z.object({
  computers: z.int(),
  /** Computers that need at least one approved update. */
  needing: z.int(),
  /** Computers on which at least one failed. */
  failed: z.int(),
});

/** Times are ISO 8601 UTC. */
export const DownstreamServer = Sums.extend({
  serverId: z.string(),
  /** Left out: directly below this relay. */
  parentId: z.string().optional(),
  name: z.string(),
  version: z.string().optional(),
  isReplica: z.boolean(),
  /** Of one that asks this relay itself. */
  ipAddress: z.string().optional(),
  lastSync: z.string().optional(),
  lastRollup: z.string().optional(),
  /** When it asked this relay itself for something; of one further down, when it was last told of. */
  lastContact: z.string(),
  health: ServerHealth,
  /** A sentence. */
  healthText: z.string(),
});
export type DownstreamServer = z.infer<typeof DownstreamServer>;

/** `GET /api/downstream-servers`: the tree, parents before their children. */
export const DownstreamTree = z.object({
  /** This relay itself; a computer that was seen below later is not among its own. */
  own: Sums.extend({ name: z.string() }),
  servers: z.array(DownstreamServer),
  /** Whether downstream servers report each computer. */
  isDetailed: z.boolean(),
  /** URLs that a downstream server synchronizes from, HTTPS alone: Sluice asks for no other. */
  addresses: z.array(z.string()),
});
export type DownstreamTree = z.infer<typeof DownstreamTree>;

/** `GET /api/downstream-servers/:serverId/computers`, by name. */
export const DownstreamComputersPage = pageOf(
  z.object({
    computerId: z.string(),
    dnsName: z.string(),
    ipAddress: z.string(),
    osDescription: z.string(),
    osVersion: z.string(),
    lastSync: z.string().optional(),
    /** Of the updates it reported on. */
    status: StatusCounts,
  }),
);
export type DownstreamComputersPage = z.infer<typeof DownstreamComputersPage>;
