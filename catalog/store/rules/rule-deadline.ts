/** When what a rule approves must be installed. */
import type { RuleDeadline } from '../../../protocol/console/rules.ts';
import { ZoneClock, daysFrom } from '../../schedule/zone.ts';

/**
 * The first time the zone's clock shows the time, so many days after the day of the decision; a day later where that
 * has passed already. Where the clock is set forward over the time, the moment it is set.
 */
export function deadlineAfter({ days, time, timeZone }: RuleDeadline, decidedAt: Date): Date {
  const clock = new ZoneClock(timeZone);
  const [hour = 0, minute = 0] = time.split(':').map(Number);
  const today = clock.dayOf(decidedAt.getTime());
  const asked = clock.firstReaching(daysFrom(today, days), hour, minute);
  if (asked > decidedAt.getTime()) return new Date(asked);
  return new Date(clock.firstReaching(daysFrom(today, days + 1), hour, minute));
}
