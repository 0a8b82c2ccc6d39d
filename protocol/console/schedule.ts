/** When synchronization starts by itself: the plan as it is edited and stored, and the starts that come of it. */
import { z } from 'zod';

export const SYNC_SCOPES = [
  /** Every chosen product and classification. */
  'main',
  /** The chosen products, of the chosen classifications those of the faster schedule. */
  'fast',
] as const;
export const SyncScope = z.enum(SYNC_SCOPES);
export type SyncScope = z.infer<typeof SyncScope>;

/** In the order of `Date.getUTCDay`. */
export const WEEKDAYS = [
  'sunday',
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
] as const;
export type Weekday = (typeof WEEKDAYS)[number];

const wholeNumber = (least: number, most: number) => {
  const sentence = `Write a whole number from ${least} to ${most}.`;
  return z.int(sentence).min(least, sentence).max(most, sentence);
};

/** `HH:MM` on the clock of the plan's time zone. */
const TimeOfDay = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'Write the time as HH:MM, from 00:00 to 23:59.');

/** Minutes. Each start is moved later by a random part of it, so that many relays do not ask at once. */
const RandomOffset = wholeNumber(0, 240).default(0);

export const Timing = z.discriminatedUnion('mode', [
  z.strictObject({ mode: z.literal('off') }),
  z.strictObject({
    mode: z.literal('timesPerDay'),
    /** Starts in a day, evenly apart from `firstAt` on. */
    count: wholeNumber(1, 24),
    firstAt: TimeOfDay,
    randomOffsetMinutes: RandomOffset,
  }),
  z.strictObject({
    mode: z.literal('cron'),
    /** Minute, hour, day of month, month, day of week, as node-cron reads them. */
    expression: z.string().trim().min(1, 'Write a cron expression.').max(200),
    randomOffsetMinutes: RandomOffset,
  }),
]);
export type Timing = z.infer<typeof Timing>;

/** A faster schedule, which asks for some of the chosen classifications only. */
const FastSchedule = z
  .strictObject({
    timing: Timing,
    /** UpdateIDs. What of them is not chosen for synchronization is not asked for. */
    classifications: z.array(z.guid()).max(200),
  })
  .refine(({ timing, classifications }) => timing.mode === 'off' || classifications.length > 0, {
    path: ['classifications'],
    message: 'Choose at least one classification for the faster schedule.',
  });

/** Nothing starts by itself from `from` to `to` on these days; to the next day's `to` where that is not later. */
export const PauseWindow = z.strictObject({
  /** On which the window begins. */
  days: z.array(z.enum(WEEKDAYS)).min(1, 'Choose at least one day.').max(7),
  from: TimeOfDay,
  to: TimeOfDay,
});
export type PauseWindow = z.infer<typeof PauseWindow>;

/** Of runs that failed for what may pass by itself. */
export const RetryPolicy = z.strictObject({
  /** Further attempts after the first; 0 for none. */
  attempts: wholeNumber(0, 10),
  /** Minutes after the end of the first attempt; doubled for each further one. */
  firstDelayMinutes: wholeNumber(1, 240),
});
export type RetryPolicy = z.infer<typeof RetryPolicy>;

export const DEFAULT_RETRY_POLICY: RetryPolicy = { attempts: 3, firstDelayMinutes: 5 };

/** `PUT /api/synchronization/schedule`. */
export const SchedulePlanBody = z.strictObject({
  /** IANA name; all times of the plan are of its clock. */
  timeZone: z.string().trim().min(1, 'Choose a time zone.').max(100).default('UTC'),
  main: Timing.default({ mode: 'off' }),
  fast: FastSchedule.default({ timing: { mode: 'off' }, classifications: [] }),
  pauseWindows: z.array(PauseWindow).max(20, 'At most 20 windows.').default([]),
  retry: RetryPolicy.default(DEFAULT_RETRY_POLICY),
});
export type SchedulePlanBody = z.infer<typeof SchedulePlanBody>;

/** One start that is to come. */
export const PlannedRun = z.object({
  scope: SyncScope,
  trigger: z.enum(['schedule', 'retry']),
  /** When the schedule asks for it, or when the retry's delay is over. */
  dueAt: z.string(),
  /** When it begins, with its random offset and after any pause window; later where another run is on then. */
  startsAt: z.string(),
  offsetMinutes: z.int(),
  /** A pause window moved it. */
  isHeldBack: z.boolean(),
  /** Starts of the schedule that it stands for. */
  count: z.int(),
  /** It was due already, and begins as soon as it may. */
  isOverdue: z.boolean(),
  /** Which attempt a retry is; the run itself was the first. */
  attempt: z.int().optional(),
});
export type PlannedRun = z.infer<typeof PlannedRun>;

/** `GET /api/synchronization/schedule`. */
export const ScheduleView = z.object({
  plan: SchedulePlanBody,
  /** The soonest first. */
  nextRuns: z.array(PlannedRun),
  /** Present within a pause window: when it ends. */
  pausedUntil: z.string().optional(),
});
export type ScheduleView = z.infer<typeof ScheduleView>;

/** What a run's history says beside how it went. */
export const RunNote = z.discriminatedUnion('kind', [
  /** It makes up for starts that came due when the relay was down or its machine asleep. */
  z.object({ kind: z.literal('missed'), count: z.int(), firstDueAt: z.string(), lastDueAt: z.string() }),
  /** It was held back until a pause window ended. */
  z.object({ kind: z.literal('paused'), count: z.int(), dueAt: z.string() }),
  /** It waited for another run to end. */
  z.object({ kind: z.literal('waited'), dueAt: z.string(), forRunId: z.int() }),
  /** It makes up for starts that came due during a run that was cancelled. */
  z.object({ kind: z.literal('cancelled'), count: z.int(), dueAt: z.string(), forRunId: z.int() }),
  /** A schedule came due while it was on, and no second run was started for it. */
  z.object({ kind: z.literal('skipped'), scope: SyncScope, dueAt: z.string() }),
  /** It also brings what another schedule was due to bring. */
  z.object({ kind: z.literal('covers'), scope: SyncScope, dueAt: z.string() }),
  /** What a replica took over of the decisions of its upstream server: how many became other than they were. */
  z.object({
    kind: z.literal('decisions'),
    approvals: z.int(),
    ended: z.int(),
    declines: z.int(),
    groups: z.int(),
  }),
  /** It goes on with a run that was interrupted because its process ended. */
  z.object({ kind: z.literal('resumed'), runId: z.int(), startedAt: z.string() }),
  /** It was no synchronization: an archive was taken in, that was made at `createdAt` where it says so. */
  z.object({ kind: z.literal('imported'), archive: z.string(), createdAt: z.string().optional() }),
]);
export type RunNote = z.infer<typeof RunNote>;
