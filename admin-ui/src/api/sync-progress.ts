/** The last progress that the running synchronization told of, as a store. */
import { useSyncExternalStore } from 'react';
import type { WorkerMessage } from '../../../protocol/channel/messages.ts';

export type SyncProgress = Extract<WorkerMessage, { type: 'progress' }>;

const listeners = new Set<() => void>();
let current: SyncProgress | undefined;

/** Undefined: no synchronization is running. */
export function setProgress(next: SyncProgress | undefined): void {
  current = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

export const useSyncProgress = (): SyncProgress | undefined => useSyncExternalStore(subscribe, () => current);
