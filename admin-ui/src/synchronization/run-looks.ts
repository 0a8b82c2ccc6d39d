/** States of synchronizations, beside their words in `texts.ts`, and what one brought. */
import { tokens } from '@fluentui/react-components';
import { ArrowSyncRegular } from '@fluentui/react-icons/svg/arrow-sync';
import { CheckmarkCircleFilled } from '@fluentui/react-icons/svg/checkmark-circle';
import { DismissCircleFilled } from '@fluentui/react-icons/svg/dismiss-circle';
import { SubtractCircleRegular } from '@fluentui/react-icons/svg/subtract-circle';
import { WarningFilled } from '@fluentui/react-icons/svg/warning';
import type { ComponentType } from 'react';
import type { RunTexts } from './run-texts.ts';
import type { Run } from './run.ts';

export type { Run } from './run.ts';

interface RunLooks {
  readonly icon: ComponentType;
  readonly color: string;
}

const STATE_LOOKS: Readonly<Record<Run['state'], RunLooks>> = {
  running: { icon: ArrowSyncRegular, color: tokens.colorBrandForeground1 },
  succeeded: { icon: CheckmarkCircleFilled, color: tokens.colorPaletteGreenForeground1 },
  failed: { icon: DismissCircleFilled, color: tokens.colorPaletteRedForeground1 },
  cancelled: { icon: SubtractCircleRegular, color: tokens.colorNeutralForeground3 },
};

/** Of a run that succeeded and has something to say that somebody should do something about. */
const AMISS_LOOKS: RunLooks = {
  icon: WarningFilled,
  color: tokens.colorPaletteDarkOrangeForeground1,
};

const isAmiss = ({ state, failureMessage }: Run): boolean =>
  state === 'succeeded' && failureMessage !== undefined;

export const runLooks = (run: Run): RunLooks => (isAmiss(run) ? AMISS_LOOKS : STATE_LOOKS[run.state]);

export const runWord = (run: Run, t: Pick<RunTexts, 'amiss' | 'runStates'>): string =>
  isAmiss(run) ? t.amiss : t.runStates[run.state];

/** `12 new, 3 revised, 1 expired, 2 approvals moved`; undefined where nothing was to arrive: the run failed or is not through. */
export function whatArrived(
  run: Run,
  { arrivals, nothingNew }: Pick<RunTexts, 'arrivals' | 'nothingNew'>,
): string | undefined {
  const parts = [
    [run.newCount, arrivals.new],
    [run.revisedCount, arrivals.revised],
    [run.expiredCount, arrivals.expired],
    [run.movedCount, arrivals.moved],
    [run.declinedCount, arrivals.declined],
  ] as const;
  const some = parts.filter(([count]) => count > 0).map(([count, words]) => words(count));
  if (some.length > 0) return some.join(', ');
  return run.state === 'succeeded' ? nothingNew : undefined;
}
