/** The present time, for what stays true while the page is open. */
import { useSyncExternalStore } from 'react';

interface Clock {
  readonly subscribe: (listener: () => void) => () => void;
  readonly read: () => number;
}

/** Ticks every so many milliseconds while someone looks at it. */
function createClock(period: number): Clock {
  const listeners = new Set<() => void>();
  let now = Date.now();
  let timer: ReturnType<typeof setInterval> | undefined;
  const tick = (): void => {
    now = Date.now();
    for (const listener of listeners) listener();
  };
  return {
    read: () => now,
    subscribe(listener) {
      listeners.add(listener);
      if (timer === undefined) {
        // It may have stood still for long.
        now = Date.now();
        timer = setInterval(tick, period);
      }
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        clearInterval(timer);
        timer = undefined;
      };
    },
  };
}

const coarse = createClock(20_000);
const fine = createClock(1000);

/** Milliseconds since the epoch, at most twenty seconds old. */
export const useNow = (): number => useSyncExternalStore(coarse.subscribe, coarse.read);

/** Milliseconds since the epoch, to the second. */
export const useSeconds = (): number => useSyncExternalStore(fine.subscribe, fine.read);
