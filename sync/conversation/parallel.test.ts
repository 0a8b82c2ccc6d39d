import { forEachParallel } from './parallel.ts';

const never = (): AbortSignal => new AbortController().signal;

describe('Tasks that are run some at a time', () => {
  it.each([
    [10, 3],
    [2, 3],
    [5, 1],
  ])('are %i, never more than %i at once, and each is run', async (count, atATime) => {
    let running = 0;
    let most = 0;
    const done: number[] = [];
    await forEachParallel(
      Array.from({ length: count }, (_, index) => index),
      atATime,
      never(),
      async (item) => {
        most = Math.max(most, (running += 1));
        // Later ones end sooner, so that places come free out of order.
        for (let turn = count - item; turn >= 0; turn -= 1) await Promise.resolve();
        running -= 1;
        done.push(item);
      },
    );
    expect(most).toBe(Math.min(count, atATime));
    expect(done.toSorted((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, index) => index));
  });

  it('end with the first that fails: the others are told and waited for, and no further one begins', async () => {
    const begun: number[] = [];
    const told: number[] = [];
    const running = forEachParallel([0, 1, 2, 3, 4], 2, never(), async (item, signal) => {
      begun.push(item);
      if (item === 1) throw new Error('the second fails');
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      told.push(item);
    });
    await expect(running).rejects.toThrow('the second fails');
    expect([begun, told]).toEqual([[0, 1], [0]]);
  });

  it('do not begin once the caller gave up', async () => {
    const begun: number[] = [];
    const task = (item: number): Promise<void> => Promise.resolve(void begun.push(item));
    await expect(forEachParallel([1, 2], 2, AbortSignal.abort(), task)).rejects.toThrow(/abort/);
    expect(begun).toEqual([]);
  });
});
