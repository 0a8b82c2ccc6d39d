/** Words for what is decided about an update. */
import { ArrowUndoRegular } from '@fluentui/react-icons/svg/arrow-undo';
import { CheckmarkCircleRegular } from '@fluentui/react-icons/svg/checkmark-circle';
import { CircleRegular } from '@fluentui/react-icons/svg/circle';
import { CircleHalfFillRegular } from '@fluentui/react-icons/svg/circle-half-fill';
import { ProhibitedRegular } from '@fluentui/react-icons/svg/prohibited';
import { tokens } from '@fluentui/react-components';
import type { z } from 'zod';
import type { ComponentType } from 'react';
import type { ApprovalState, DeploymentAction } from '../../../protocol/console/updates.ts';

export type Approval = z.infer<typeof ApprovalState>;
export type Action = z.infer<typeof DeploymentAction>;

export const APPROVALS: Readonly<
  Record<Approval, { readonly word: string; readonly icon: ComponentType; readonly color: string }>
> = {
  NotApproved: { word: 'Not approved', icon: CircleRegular, color: tokens.colorNeutralForeground2 },
  Install: { word: 'Install', icon: CheckmarkCircleRegular, color: tokens.colorPaletteGreenForeground1 },
  Uninstall: { word: 'Uninstall', icon: ArrowUndoRegular, color: tokens.colorPaletteBerryForeground1 },
  Mixed: { word: 'Differs by group', icon: CircleHalfFillRegular, color: tokens.colorBrandForeground1 },
  Declined: { word: 'Declined', icon: ProhibitedRegular, color: tokens.colorNeutralForeground3 },
};

/** In the order of a filter. */
export const APPROVAL_ORDER: readonly Approval[] = [
  'NotApproved',
  'Install',
  'Uninstall',
  'Mixed',
  'Declined',
];

export const ACTION_WORDS: Readonly<Record<Action, string>> = {
  Install: 'Install',
  OptionalInstall: 'Optional install',
  Uninstall: 'Uninstall',
  PreDeploymentCheck: 'Detect only',
  Block: 'Block',
  NotApproved: 'Not approved',
};

/** The word for an action that is named in text; what is not known is shown as it came. */
export function actionWord(name: string): string {
  return Object.entries(ACTION_WORDS).find(([action]) => action === name)?.[1] ?? name;
}
