/** Synchronization: what is chosen, when it runs, how it goes, how it went. */
import { z } from 'zod';
import { SYNC_PHASES } from '../channel/messages.ts';
import { PageQuery, pageOf } from './paging.ts';

export const SyncRun = z.object({
  runId: z.int(),
  trigger: z.enum(['schedule', 'manual', 'start']),
  state: z.enum(['running', 'succeeded', 'failed', 'cancelled']),
  startedAt: z.string(),
  finishedAt: z.string().optional(),
  newCount: z.int(),
  revisedCount: z.int(),
  expiredCount: z.int(),
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
  running: z
    .object({
      runId: z.int(),
      phase: z.enum(SYNC_PHASES),
      done: z.int(),
      total: z.int(),
      startedAt: z.string(),
    })
    .optional(),
  nextRuns: z.array(z.string()),
  lastRun: SyncRun.optional(),
});
export type SyncOverview = z.infer<typeof SyncOverview>;

/** `GET /api/synchronization/runs`, the newest first. */
export const SyncRunsQuery = PageQuery;
export const SyncRunsPage = pageOf(SyncRun);
export type SyncRunsPage = z.infer<typeof SyncRunsPage>;

/** `GET` and `PUT /api/synchronization/schedule`. */
export const ScheduleBody = z.discriminatedUnion('mode', [
  z.strictObject({ mode: z.literal('off') }),
  z.strictObject({
    mode: z.literal('timesPerDay'),
    count: z.int().min(1).max(24),
    /** `HH:MM` of the first run in the zone. */
    firstAt: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/),
    timeZone: z.string().min(1).max(100),
    randomOffsetMinutes: z.int().min(0).max(240).default(0),
  }),
  z.strictObject({
    mode: z.literal('cron'),
    expression: z.string().min(1).max(200),
    timeZone: z.string().min(1).max(100),
    randomOffsetMinutes: z.int().min(0).max(240).default(0),
  }),
]);
export type ScheduleBody = z.infer<typeof ScheduleBody>;
export const ScheduleView = z.object({ schedule: ScheduleBody, nextRuns: z.array(z.string()) });
export type ScheduleView = z.infer<typeof ScheduleView>;

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
