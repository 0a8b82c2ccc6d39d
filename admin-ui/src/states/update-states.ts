/** States of an update on a computer: a shape and a colour each, beside its word in `texts.ts`: none speaks alone. */
import { ArrowCircleDownFilled } from '@fluentui/react-icons/svg/arrow-circle-down';
import { ArrowCounterclockwiseFilled } from '@fluentui/react-icons/svg/arrow-counterclockwise';
import { CheckmarkCircleFilled } from '@fluentui/react-icons/svg/checkmark-circle';
import { CircleHintFilled } from '@fluentui/react-icons/svg/circle-hint';
import { DismissCircleFilled } from '@fluentui/react-icons/svg/dismiss-circle';
import { QuestionCircleRegular } from '@fluentui/react-icons/svg/question-circle';
import { SubtractCircleRegular } from '@fluentui/react-icons/svg/subtract-circle';
import { tokens } from '@fluentui/react-components';
import type { ComponentType } from 'react';
import type { StatusCounts, UpdateState } from '../../../protocol/console/status.ts';
import type { StateTexts } from './texts.ts';

export interface StateLook {
  readonly icon: ComponentType<{ className?: string }>;
  /** Of icon and word; with contrast against the page in both themes. */
  readonly color: string;
  /** Of an area in a bar. */
  readonly fill: string;
}

export const STATE_LOOKS: Readonly<Record<UpdateState, StateLook>> = {
  Failed: {
    icon: DismissCircleFilled,
    color: tokens.colorPaletteRedForeground1,
    fill: tokens.colorPaletteRedBackground3,
  },
  NotInstalled: {
    icon: CircleHintFilled,
    color: tokens.colorPaletteDarkOrangeForeground1,
    fill: tokens.colorPaletteDarkOrangeBackground3,
  },
  Downloaded: {
    icon: ArrowCircleDownFilled,
    color: tokens.colorBrandForeground1,
    fill: tokens.colorPaletteBlueBorderActive,
  },
  InstalledPendingReboot: {
    icon: ArrowCounterclockwiseFilled,
    color: tokens.colorPaletteBerryForeground1,
    fill: tokens.colorPaletteBerryBackground3,
  },
  Installed: {
    icon: CheckmarkCircleFilled,
    color: tokens.colorPaletteGreenForeground1,
    fill: tokens.colorPaletteGreenBackground3,
  },
  NotApplicable: {
    icon: SubtractCircleRegular,
    color: tokens.colorNeutralForeground3,
    fill: tokens.colorNeutralStroke1,
  },
  Unknown: {
    icon: QuestionCircleRegular,
    color: tokens.colorNeutralForeground3,
    fill: tokens.colorNeutralStroke1Hover,
  },
};

/** What needs a person comes first. */
export const STATES_BY_URGENCY: readonly UpdateState[] = [
  'Failed',
  'NotInstalled',
  'Downloaded',
  'InstalledPendingReboot',
  'Installed',
  'NotApplicable',
  'Unknown',
];

export interface Share {
  readonly state: UpdateState;
  readonly count: number;
}

/** States that occur, the urgent first. */
export const occurring = (counts: StatusCounts): Share[] =>
  STATES_BY_URGENCY.map((state) => ({ state, count: counts[state] })).filter(({ count }) => count > 0);

/** `2 failed, 14 installed`; `Nothing reported` where no state occurs. */
export function describeCounts(counts: StatusCounts, t: StateTexts): string {
  const parts = occurring(counts).map(({ state, count }) => t.counted(count, state));
  return parts.length === 0 ? t.nothingReported : parts.join(', ');
}

/** Whole percents of those it applies to that have it; undefined where it applies to none. */
export function installedShare(counts: StatusCounts): number | undefined {
  const done = counts.Installed + counts.InstalledPendingReboot;
  const open = counts.Failed + counts.NotInstalled + counts.Downloaded + counts.Unknown;
  return done + open === 0 ? undefined : Math.floor((100 * done) / (done + open));
}
