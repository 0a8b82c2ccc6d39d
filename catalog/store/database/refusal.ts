/** What the store refuses to do, for a reason that whoever asked can understand and mend. */

/** `unknown`: what was named is not here; `conflict`: it does not go with the present state; `invalid`: it never goes. */
export type RefusalKind = 'unknown' | 'conflict' | 'invalid';

export class RefusalError extends Error {
  /** Stable, `GROUP_NAME_TAKEN`. */
  readonly code: string;
  readonly kind: RefusalKind;

  constructor(kind: RefusalKind, code: string, message: string) {
    super(message);
    this.name = 'RefusalError';
    this.kind = kind;
    this.code = code;
  }
}

const MOST_NAMED = 5;

/** `a, b and 3 more`: names for a sentence that must stay one. */
export function nameSome(names: readonly string[]): string {
  const shown = names.slice(0, MOST_NAMED).join(', ');
  return names.length > MOST_NAMED ? `${shown} and ${names.length - MOST_NAMED} more` : shown;
}

export const unknownUpdate = (updateId: string): RefusalError =>
  new RefusalError(
    'unknown',
    'UPDATE_UNKNOWN',
    `There is no software or driver ${updateId} here. Read the list of updates again.`,
  );
