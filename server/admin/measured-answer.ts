/**
 * Sums over a whole fleet or catalogue, asked by every open console whenever something changes: what took long to work out
 * is given again for a while, so that it never takes more than a small share of a process that has agents to answer.
 */

/** Milliseconds; what takes less is always worked out anew. */
const CHEAP = 50;
/** The answer is given again for this many times what it took. */
const SHARE = 20;

/** @param workOut synchronous, so that what it takes is its own time */
export function measured<T>(workOut: () => T): () => T {
  let last: { readonly answer: T; readonly goodUntil: number } | undefined;
  return () => {
    const start = performance.now();
    if (last !== undefined && start < last.goodUntil) return last.answer;
    const answer = workOut();
    const end = performance.now();
    last = end - start < CHEAP ? undefined : { answer, goodUntil: end + (end - start) * SHARE };
    return answer;
  };
}
