/** Whether the relay answers, as a store that components subscribe to. */
import { useSyncExternalStore } from 'react';

export interface Reachability {
  readonly reached: boolean;
  readonly report: (reached: boolean) => void;
  readonly subscribe: (listener: () => void) => () => void;
}

export function createReachability(): Reachability {
  const listeners = new Set<() => void>();
  let reached = true;
  return {
    get reached() {
      return reached;
    },
    report(next) {
      if (next === reached) return;
      reached = next;
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

export const reachability = createReachability();

export const useReached = (): boolean =>
  useSyncExternalStore(reachability.subscribe, () => reachability.reached);
