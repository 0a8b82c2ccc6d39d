/** Calls at the beginning of every minute, by node-cron: a machine that slept is called at the next one. */
import { schedule } from 'node-cron';

/** Stops the calls. */
export type StopBeat = () => void;

export function minuteBeat(call: () => void): StopBeat {
  // The plan says what is due, in its zone; a minute begins everywhere at once. A call that came late is not missed.
  const task = schedule('* * * * *', call, { timezone: 'UTC', suppressMissedWarning: true });
  return () => void task.destroy();
}
