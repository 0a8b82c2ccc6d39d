/** States, filters and orders of content files in words. */
import { tokens } from '@fluentui/react-components';
import { ArrowDownloadRegular } from '@fluentui/react-icons/svg/arrow-download';
import { CheckmarkCircleRegular } from '@fluentui/react-icons/svg/checkmark-circle';
import { CircleRegular } from '@fluentui/react-icons/svg/circle';
import { ShieldErrorRegular } from '@fluentui/react-icons/svg/shield-error';
import type { ComponentType } from 'react';
import type { ContentAspect, ContentFileSummary } from '../../../protocol/console/content.ts';
import type { ContentSort } from './content-url.ts';

export const STATE_LOOKS: Readonly<
  Record<
    ContentFileSummary['state'],
    { readonly word: string; readonly icon: ComponentType; readonly color: string }
  >
> = {
  present: {
    word: 'Here, digests verified',
    icon: CheckmarkCircleRegular,
    color: tokens.colorPaletteGreenForeground1,
  },
  wanted: {
    word: 'Waiting to be downloaded',
    icon: ArrowDownloadRegular,
    color: tokens.colorBrandForeground1,
  },
  absent: {
    word: 'Not here: fetched once approved',
    icon: CircleRegular,
    color: tokens.colorNeutralForeground3,
  },
  quarantined: {
    word: 'Quarantined, never served',
    icon: ShieldErrorRegular,
    color: tokens.colorPaletteRedForeground1,
  },
};

export const ASPECT_WORDS: Readonly<Record<ContentAspect, string>> = {
  later: 'Waits for its next try',
  due: 'May be tried now',
  requested: 'Somebody waits for it',
  refused: 'Signature not believed',
  differs: 'Not what the metadata says',
  mended: 'Was wrong before',
};

export const SORT_WORDS: Readonly<Record<ContentSort, string>> = {
  turn: 'Tried soonest',
  '-changed': 'Changed last',
  changed: 'Unchanged for longest',
  '-size': 'Largest first',
  size: 'Smallest first',
};

/** The relay gives reasons as clauses; some begin with the name of a host, which stays as it is. */
export const asSentence = (clause: string): string =>
  /^\S*[.:]/.test(clause) ? clause : clause.charAt(0).toUpperCase() + clause.slice(1);

/** Why it is not here. */
export function reasonOf(file: ContentFileSummary): string {
  if (file.error !== undefined) return asSentence(file.error);
  return file.requestedAt === undefined ? 'Waits for its turn' : 'Somebody waits for it';
}
