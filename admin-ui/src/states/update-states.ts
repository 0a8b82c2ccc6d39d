/** States of an update on a computer: a word, a shape and a colour each, so that none speaks alone. */
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

export interface StateLook {
  readonly word: string;
  /** After a count: `3 failed`. */
  readonly inSentence: string;
  readonly icon: ComponentType<{ className?: string }>;
  /** Of icon and word; with contrast against the page in both themes. */
  readonly color: string;
  /** Of an area in a bar. */
  readonly fill: string;
}

export const STATE_LOOKS: Readonly<Record<UpdateState, StateLook>> = {
  Failed: {
    word: 'Failed',
    inSentence: 'failed',
    icon: DismissCircleFilled,
    color: tokens.colorPaletteRedForeground1,
    fill: tokens.colorPaletteRedBackground3,
  },
  NotInstalled: {
    word: 'Needed',
    inSentence: 'needed',
    icon: CircleHintFilled,
    color: tokens.colorPaletteDarkOrangeForeground1,
    fill: tokens.colorPaletteDarkOrangeBackground3,
  },
  Downloaded: {
    word: 'Downloaded',
    inSentence: 'downloaded',
    icon: ArrowCircleDownFilled,
    color: tokens.colorBrandForeground1,
    fill: tokens.colorPaletteBlueBorderActive,
  },
  InstalledPendingReboot: {
    word: 'Pending restart',
    inSentence: 'pending restart',
    icon: ArrowCounterclockwiseFilled,
    color: tokens.colorPaletteBerryForeground1,
    fill: tokens.colorPaletteBerryBackground3,
  },
  Installed: {
    word: 'Installed',
    inSentence: 'installed',
    icon: CheckmarkCircleFilled,
    color: tokens.colorPaletteGreenForeground1,
    fill: tokens.colorPaletteGreenBackground3,
  },
  NotApplicable: {
    word: 'Not applicable',
    inSentence: 'not applicable',
    icon: SubtractCircleRegular,
    color: tokens.colorNeutralForeground3,
    fill: tokens.colorNeutralStroke1,
  },
  Unknown: {
    word: 'Unknown',
    inSentence: 'unknown',
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
export function describeCounts(counts: StatusCounts): string {
  const parts = occurring(counts).map(({ state, count }) => `${count} ${STATE_LOOKS[state].inSentence}`);
  return parts.length === 0 ? 'Nothing reported' : parts.join(', ');
}

/** Whole percents of those it applies to that have it; undefined where it applies to none. */
export function installedShare(counts: StatusCounts): number | undefined {
  const done = counts.Installed + counts.InstalledPendingReboot;
  const open = counts.Failed + counts.NotInstalled + counts.Downloaded + counts.Unknown;
  return done + open === 0 ? undefined : Math.floor((100 * done) / (done + open));
}
