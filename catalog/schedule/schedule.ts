/** When synchronization starts by itself: the plan, held against what zones and expressions there are. */
import { z } from 'zod';
import { SchedulePlanBody } from '../../protocol/console/schedule.ts';
import type { SyncScope, Timing } from '../../protocol/console/schedule.ts';
import { cronProblem } from './cron.ts';
import { leaveTime } from './pause-windows.ts';
import { isTimeZone } from './zone.ts';

export const SchedulePlan = SchedulePlanBody.superRefine((plan, context) => {
  const complain = (path: (string | number)[], message: string): void =>
    context.addIssue({ code: 'custom', path, message });
  if (!isTimeZone(plan.timeZone)) {
    const message = `${JSON.stringify(plan.timeZone)} is not an IANA time zone; write one like Europe/Berlin.`;
    complain(['timeZone'], message);
  }
  for (const [path, timing] of [
    [['main'], plan.main],
    [['fast', 'timing'], plan.fast.timing],
  ] as const) {
    const problem = timing.mode === 'cron' ? cronProblem(timing.expression) : undefined;
    if (problem !== undefined) complain([...path, 'expression'], problem);
  }
  if (!leaveTime(plan.pauseWindows)) {
    const message =
      'Together these windows fill the whole week, so that nothing could ever start. Leave some time.';
    complain(['pauseWindows'], message);
  }
});
export type SchedulePlan = z.infer<typeof SchedulePlan>;

/** The plan before anybody made one: nothing starts by itself. */
export const NO_PLAN: SchedulePlan = SchedulePlan.parse({});

export const timingOf = (plan: SchedulePlan, scope: SyncScope): Timing =>
  scope === 'main' ? plan.main : plan.fast.timing;
