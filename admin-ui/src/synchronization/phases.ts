/** The phases of a synchronization, and how far it is. */
import { SYNC_PHASES } from '../../../protocol/channel/messages.ts';

export type Phase = (typeof SYNC_PHASES)[number];

export type PhaseState = 'done' | 'running' | 'waiting';

export function phaseState(phase: Phase, current: Phase): PhaseState {
  const distance = SYNC_PHASES.indexOf(phase) - SYNC_PHASES.indexOf(current);
  if (distance === 0) return 'running';
  return distance < 0 ? 'done' : 'waiting';
}

/** Of the phase, between 0 and 1; undefined where its size is not known. */
export function phaseShare(done: number, total: number): number | undefined {
  return total <= 0 ? undefined : Math.min(1, done / total);
}
