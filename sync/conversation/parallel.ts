/**
 * Runs a task for each item, some at a time. The first failure stops the others and is thrown once they have ended, so
 * that nothing goes on behind the caller's back.
 *
 * @param task gets a signal that aborts when another task failed, or the caller's signal did
 */
export async function forEachParallel<T>(
  items: readonly T[],
  atATime: number,
  signal: AbortSignal,
  task: (item: T, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const failing = new AbortController();
  const either = AbortSignal.any([signal, failing.signal]);
  let failure: { readonly error: unknown } | undefined;
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < items.length && failure === undefined) {
      const item = items[next++];
      if (item === undefined) continue;
      try {
        either.throwIfAborted();
        await task(item, either);
      } catch (error) {
        failure ??= { error };
        failing.abort(error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(atATime, items.length) }, work));
  if (failure !== undefined) throw failure.error;
}
