/** What is wrong with a new password, before it is sent. */
import { SHORTEST_PASSWORD } from '../../../protocol/console/session.ts';

export interface PasswordEntry {
  readonly current: string;
  readonly next: string;
  readonly again: string;
}

export interface PasswordFaults {
  readonly next?: string;
  readonly again?: string;
}

export function passwordFaults({ current, next, again }: PasswordEntry): PasswordFaults {
  return {
    ...(next.length > 0 &&
      next.length < SHORTEST_PASSWORD && {
        next: `${SHORTEST_PASSWORD - next.length} more characters, please.`,
      }),
    ...(next.length >= SHORTEST_PASSWORD &&
      next === current && { next: 'This is the password that is to be replaced.' }),
    ...(again.length > 0 && again !== next && { again: 'Not the same as above.' }),
  };
}

/** All is filled in and nothing is wrong. */
export function isComplete(entry: PasswordEntry): boolean {
  const faults = passwordFaults(entry);
  return entry.current !== '' && entry.next !== '' && entry.again === entry.next && faults.next === undefined;
}
