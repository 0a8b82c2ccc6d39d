/** Synchronization: what is chosen, when it runs, how it goes, how it went. */
import { z } from 'zod';
import { SYNC_PHASES } from '../channel/messages.ts';
import { PageQuery, pageOf } from './paging.ts';
import { PlannedRun, RunNote, SyncScope } from './schedule.ts';

export const SyncRun = z.object({
  runId: z.int(),
  trigger: z.enum(['schedule', 'manual', 'start']),
  /** What it asked for. */
  scope: SyncScope,
  /** 1, or more for a retry. */
  attempt: z.int(),
  /** Of a retry: the run that failed first. */
  retryOf: z.int().optional(),
  notes: z.array(RunNote),
  state: z.enum(['running', 'succeeded', 'failed', 'cancelled']),
  startedAt: z.string(),
  finishedAt: z.string().optional(),
  newCount: z.int(),
  revisedCount: z.int(),
  expiredCount: z.int(),
  /** Approvals that went on to a newer revision. */
  movedCount: z.int(),
  /** Updates that were declined since they expired. */
  declinedCount: z.int(),
  failedCheck: z.string().optional(),
  failureMessage: z.string().optional(),
  /** The certificate chain that was seen, where one was. */
  chain: z
    .array(
      z.object({
        subject: z.string(),
        issuer: z.string(),
        validFrom: z.string(),
        validTo: z.string(),
        pin: z.string(),
      }),
    )
    .optional(),
});
export type SyncRun = z.infer<typeof SyncRun>;

/** `GET /api/synchronization`. */
export const SyncOverview = z.object({
  /** Absent: none is configured; `howToSetUpstream` says what to do. */
  upstream: z.object({ url: z.string(), pins: z.array(z.string()) }).optional(),
  howToSetUpstream: z.string(),
  /** Present where no update would be asked for, since no product or no classification is chosen: says where to choose. */
  nothingChosen: z.string().optional(),
  /** Present where this relay is a replica: the host that decides in its place. */
  replicaOf: z.string().optional(),
  running: z
    .object({
      runId: z.int(),
      phase: z.enum(SYNC_PHASES),
      done: z.int(),
      total: z.int(),
      startedAt: z.string(),
    })
    .optional(),
  nextRuns: z.array(PlannedRun),
  /** Present within a pause window: when it ends. A run may still be started by hand. */
  pausedUntil: z.string().optional(),
  lastRun: SyncRun.optional(),
});
export type SyncOverview = z.infer<typeof SyncOverview>;

/** `GET /api/synchronization/runs`, the newest first. */
export const SyncRunsQuery = PageQuery;
export const SyncRunsPage = pageOf(SyncRun);
export type SyncRunsPage = z.infer<typeof SyncRunsPage>;

/** One node of the tree of products, or one classification. */
export const SelectableCategory = z.object({
  updateId: z.string(),
  parentId: z.string().optional(),
  title: z.string(),
  categoryType: z.enum(['Company', 'ProductFamily', 'Product', 'UpdateClassification']),
  selected: z.boolean(),
  /** Updates of it that are here. */
  updates: z.int(),
});
export type SelectableCategory = z.infer<typeof SelectableCategory>;

/** `GET /api/synchronization/categories`; empty before the first synchronization, which brings the categories. */
export const SelectableCategories = z.object({
  products: z.array(SelectableCategory),
  classifications: z.array(SelectableCategory),
});
export type SelectableCategories = z.infer<typeof SelectableCategories>;

/** `PUT /api/synchronization/categories`: exactly these are selected. */
export const CategorySelection = z.strictObject({ updateIds: z.array(z.guid()).max(20_000) });
