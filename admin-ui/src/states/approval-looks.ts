/** What is decided about an update: a shape and a colour each, beside its word in `texts.ts`. */
import { ArrowUndoRegular } from '@fluentui/react-icons/svg/arrow-undo';
import { CheckmarkCircleRegular } from '@fluentui/react-icons/svg/checkmark-circle';
import { CircleRegular } from '@fluentui/react-icons/svg/circle';
import { CircleHalfFillRegular } from '@fluentui/react-icons/svg/circle-half-fill';
import { ProhibitedRegular } from '@fluentui/react-icons/svg/prohibited';
import { tokens } from '@fluentui/react-components';
import type { z } from 'zod';
import type { ComponentType } from 'react';
import type { ApprovalState } from '../../../protocol/console/updates.ts';
import type { StateTexts } from './texts.ts';

export type Approval = z.infer<typeof ApprovalState>;

export const APPROVALS: Readonly<Record<Approval, { readonly icon: ComponentType; readonly color: string }>> =
  {
    NotApproved: { icon: CircleRegular, color: tokens.colorNeutralForeground2 },
    Install: { icon: CheckmarkCircleRegular, color: tokens.colorPaletteGreenForeground1 },
    Uninstall: { icon: ArrowUndoRegular, color: tokens.colorPaletteBerryForeground1 },
    Mixed: { icon: CircleHalfFillRegular, color: tokens.colorBrandForeground1 },
    Declined: { icon: ProhibitedRegular, color: tokens.colorNeutralForeground3 },
  };

/** In the order of a filter. */
export const APPROVAL_ORDER: readonly Approval[] = [
  'NotApproved',
  'Install',
  'Uninstall',
  'Mixed',
  'Declined',
];

type DecisionTexts = Pick<StateTexts, 'actions' | 'approvals' | 'withDeadline'>;

/** `Install, deadline 2026-03-04T03:00:00Z` as a preview has it, in words; what is not known is shown as it came. */
export function decisionWord(decided: string, t: DecisionTexts): string {
  const [, action = decided, deadline] = /^(\w+)(?:, deadline (\S+))?$/.exec(decided) ?? [];
  const words: Readonly<Record<string, string | undefined>> = {
    ...t.actions,
    Declined: t.approvals.Declined,
  };
  const word = words[action] ?? action;
  return deadline === undefined ? word : t.withDeadline(word, deadline);
}
