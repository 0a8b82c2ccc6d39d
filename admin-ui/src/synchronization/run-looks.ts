/** States and triggers of synchronizations in words. */
import { tokens } from '@fluentui/react-components';
import { ArrowSyncRegular } from '@fluentui/react-icons/svg/arrow-sync';
import { CheckmarkCircleFilled } from '@fluentui/react-icons/svg/checkmark-circle';
import { DismissCircleFilled } from '@fluentui/react-icons/svg/dismiss-circle';
import { SubtractCircleRegular } from '@fluentui/react-icons/svg/subtract-circle';
import { WarningFilled } from '@fluentui/react-icons/svg/warning';
import type { ComponentType } from 'react';
import type { z } from 'zod';
import type { SyncRun } from '../../../protocol/console/synchronization.ts';

export type Run = z.infer<typeof SyncRun>;

interface RunLooks {
  readonly word: string;
  readonly icon: ComponentType;
  readonly color: string;
}

const STATE_LOOKS: Readonly<Record<Run['state'], RunLooks>> = {
  running: { word: 'Running', icon: ArrowSyncRegular, color: tokens.colorBrandForeground1 },
  succeeded: { word: 'Succeeded', icon: CheckmarkCircleFilled, color: tokens.colorPaletteGreenForeground1 },
  failed: { word: 'Failed', icon: DismissCircleFilled, color: tokens.colorPaletteRedForeground1 },
  cancelled: { word: 'Cancelled', icon: SubtractCircleRegular, color: tokens.colorNeutralForeground3 },
};

/** Of a run that succeeded and has something to say that somebody should do something about. */
const AMISS_LOOKS: RunLooks = {
  word: 'Succeeded, with a warning',
  icon: WarningFilled,
  color: tokens.colorPaletteDarkOrangeForeground1,
};

export const runLooks = ({ state, failureMessage }: Run): RunLooks =>
  state === 'succeeded' && failureMessage !== undefined ? AMISS_LOOKS : STATE_LOOKS[state];

export const TRIGGER_WORDS: Readonly<Record<Run['trigger'], string>> = {
  schedule: 'by schedule',
  manual: 'by hand',
  start: 'at start',
};

/** `12 new, 3 revised, 1 expired, 2 approvals moved`; undefined where nothing was to arrive: the run failed or is not through. */
export function whatArrived(run: Run): string | undefined {
  const parts = [
    [run.newCount, 'new'],
    [run.revisedCount, 'revised'],
    [run.expiredCount, 'expired'],
    [run.movedCount, run.movedCount === 1 ? 'approval moved' : 'approvals moved'],
    [run.declinedCount, 'declined'],
  ] as const;
  const some = parts
    .filter(([count]) => count > 0)
    .map(([count, word]) => `${count.toLocaleString('en')} ${word}`);
  if (some.length > 0) return some.join(', ');
  return run.state === 'succeeded' ? 'nothing new' : undefined;
}
