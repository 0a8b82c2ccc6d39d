/** The demonstration goes in named steps; one that did not happen ends it, by name. */
import { setTimeout as sleep } from 'node:timers/promises';

export class StepError extends Error {
  readonly code = 'STEP_FAILED';

  constructor(name: string, reason: string, options?: ErrorOptions) {
    super(`The step "${name}" did not happen: ${reason}`, options);
    this.name = 'StepError';
  }
}

/** Where lines for the reader go. */
export type Say = (line: string) => void;

/** Says what begins, and what came of it and how long it took. @throws StepError */
export async function step<T>(
  say: Say,
  name: string,
  work: () => Promise<T>,
  tell: (result: T) => string,
): Promise<T> {
  const start = performance.now();
  try {
    const result = await work();
    say(`  ${name}: ${tell(result)} (${((performance.now() - start) / 1000).toFixed(1)} s)`);
    return result;
  } catch (error) {
    if (error instanceof StepError) throw error;
    throw new StepError(name, error instanceof Error ? error.message : String(error), { cause: error });
  }
}

/** For what must hold for a step to count. @throws StepError */
export function must(name: string, holds: boolean, reason: () => string): void {
  if (!holds) throw new StepError(name, reason());
}

/**
 * Asks again and again until the answer is defined.
 *
 * @param seconds after which it is given up
 * @throws StepError that says what was waited for
 */
export async function until<T>(
  name: string,
  what: string,
  seconds: number,
  ask: () => Promise<T | undefined>,
): Promise<T> {
  const end = performance.now() + seconds * 1000;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() > end)
      throw new StepError(name, `${what} had not happened after ${seconds} seconds.`);
    await sleep(100);
  }
}
