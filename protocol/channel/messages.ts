/**
 * What the server process and its sync worker say to each other over their IPC channel. Both sides parse what arrives;
 * everything that must survive is in the database, never only here.
 */
import { z } from 'zod';

/** Phases of a synchronization, in the order they are passed through. */
export const SYNC_PHASES = [
  'connect',
  'categories',
  'category-data',
  'updates',
  'update-data',
  'deployments',
  'finish',
] as const;

/** Server to worker. */
export const CommandMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('synchronize') }),
  z.object({ type: z.literal('cancel') }),
  z.object({ type: z.literal('schedule-changed') }),
  /** Approvals or settings changed which files are wanted. */
  z.object({ type: z.literal('content-wanted') }),
  /** Somebody asked for a run of a rule, which waits in the database. */
  z.object({ type: z.literal('rules-wanted') }),
  z.object({ type: z.literal('shutdown') }),
]);
export type CommandMessage = z.infer<typeof CommandMessage>;

/** Worker to server. */
export const WorkerMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready') }),
  z.object({
    type: z.literal('progress'),
    runId: z.int(),
    phase: z.enum(SYNC_PHASES),
    done: z.int(),
    /** 0 where it is not known yet. */
    total: z.int(),
  }),
  z.object({
    type: z.literal('finished'),
    runId: z.int(),
    state: z.enum(['succeeded', 'failed', 'cancelled']),
  }),
  /** The catalogue's generation moved. */
  z.object({ type: z.literal('catalogue-changed') }),
  z.object({
    type: z.literal('content'),
    sha1: z.string(),
    state: z.enum(['present', 'absent', 'quarantined', 'wanted']),
  }),
]);
export type WorkerMessage = z.infer<typeof WorkerMessage>;
