/** What is wrong with a new password, before it is sent. */
import { SHORTEST_PASSWORD } from '../../../protocol/console/session.ts';
import type { PasswordFaultTexts } from './texts.ts';

export interface PasswordEntry {
  readonly current: string;
  readonly next: string;
  readonly again: string;
}

export interface PasswordFaults {
  readonly next?: string;
  readonly again?: string;
}

export function passwordFaults(
  { current, next, again }: PasswordEntry,
  t: PasswordFaultTexts,
): PasswordFaults {
  return {
    ...(next.length > 0 &&
      next.length < SHORTEST_PASSWORD && {
        next: t.moreCharacters(SHORTEST_PASSWORD - next.length),
      }),
    ...(next.length >= SHORTEST_PASSWORD && next === current && { next: t.samePassword }),
    ...(again.length > 0 && again !== next && { again: t.notTheSame }),
  };
}

/** All is filled in and nothing is wrong. */
export function isComplete({ current, next, again }: PasswordEntry): boolean {
  return current !== '' && next.length >= SHORTEST_PASSWORD && next !== current && again === next;
}
