/** States of content files, beside their words in `texts.ts`, and why a file is not here. */
import { tokens } from '@fluentui/react-components';
import { ArrowDownloadRegular } from '@fluentui/react-icons/svg/arrow-download';
import { CheckmarkCircleRegular } from '@fluentui/react-icons/svg/checkmark-circle';
import { CircleRegular } from '@fluentui/react-icons/svg/circle';
import { ShieldErrorRegular } from '@fluentui/react-icons/svg/shield-error';
import type { ComponentType } from 'react';
import type { ContentFileSummary } from '../../../protocol/console/content.ts';
import type { ContentTexts } from './texts.ts';

export const STATE_LOOKS: Readonly<
  Record<ContentFileSummary['state'], { readonly icon: ComponentType; readonly color: string }>
> = {
  present: {
    icon: CheckmarkCircleRegular,
    color: tokens.colorPaletteGreenForeground1,
  },
  wanted: {
    icon: ArrowDownloadRegular,
    color: tokens.colorBrandForeground1,
  },
  absent: {
    icon: CircleRegular,
    color: tokens.colorNeutralForeground3,
  },
  quarantined: {
    icon: ShieldErrorRegular,
    color: tokens.colorPaletteRedForeground1,
  },
};

/** The relay gives reasons as clauses; some begin with the name of a host, which stays as it is. */
export const asSentence = (clause: string): string =>
  /^\S*[.:]/.test(clause) ? clause : clause.charAt(0).toUpperCase() + clause.slice(1);

/** Why it is not here. */
export function reasonOf(file: ContentFileSummary, t: ContentTexts): string {
  if (file.error !== undefined) return asSentence(file.error);
  return file.requestedAt === undefined ? t.waitsForTurn : t.somebodyWaits;
}
