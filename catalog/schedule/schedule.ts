/** When synchronization starts by itself: the schedule as it is stored and edited. */
import { z } from 'zod';
import { cronProblem } from './cron.ts';
import { isTimeZone } from './zone.ts';

/** The setting that holds the schedule; absent means off. */
export const SCHEDULE_SETTING = 'sync.schedule';

const MOST_RANDOM_OFFSET = 240;

const TimeZone = z
  .string()
  .min(1)
  .max(100)
  .refine(isTimeZone, {
    error: (issue) =>
      `${JSON.stringify(issue.input)} is not an IANA time zone; write one like Europe/Berlin.`,
  });

/** Each start is moved later by a random part of this, so that many relays do not ask at once. */
const RandomOffset = z.int().min(0).max(MOST_RANDOM_OFFSET).default(0);

export const Schedule = z.discriminatedUnion('mode', [
  z.strictObject({ mode: z.literal('off') }),
  z.strictObject({
    mode: z.literal('timesPerDay'),
    /** Starts in a day, evenly apart from `firstAt` on. */
    count: z.int().min(1).max(24),
    firstAt: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'Write the time as HH:MM, 00:00 to 23:59.'),
    timeZone: TimeZone,
    randomOffsetMinutes: RandomOffset,
  }),
  z.strictObject({
    mode: z.literal('cron'),
    /** Minute, hour, day of month, month, day of week, as node-cron reads them. */
    expression: z
      .string()
      .max(200)
      .superRefine((expression, context) => {
        const problem = cronProblem(expression);
        if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
      }),
    timeZone: TimeZone,
    randomOffsetMinutes: RandomOffset,
  }),
]);
export type Schedule = z.infer<typeof Schedule>;
