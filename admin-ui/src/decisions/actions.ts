/** What can be decided for a group, in words that say what happens. */
import type { ApprovalRequest } from '../../../protocol/console/approvals.ts';

export type ChosenAction = ApprovalRequest['action'];

export interface ActionChoice {
  readonly action: ChosenAction;
  readonly word: string;
  readonly meaning: string;
}

export const ACTION_CHOICES: readonly ActionChoice[] = [
  { action: 'Install', word: 'Install', meaning: 'Computers that need it download and install it.' },
  {
    action: 'OptionalInstall',
    word: 'Optional install',
    meaning: 'It is offered; whoever uses the computer chooses.',
  },
  {
    action: 'PreDeploymentCheck',
    word: 'Detect only',
    meaning: 'Computers report whether they need it; nothing is installed.',
  },
  { action: 'Uninstall', word: 'Uninstall', meaning: 'Computers that have it remove it.' },
  { action: 'Block', word: 'Block', meaning: 'It is not offered, whatever other groups say.' },
  { action: 'NotApproved', word: 'Not approved', meaning: 'What the groups would inherit stops here.' },
  {
    action: 'Remove',
    word: 'As the group above',
    meaning: 'Their own decision goes away; they inherit again.',
  },
];

export const mayHaveDeadline = (action: ChosenAction): boolean =>
  action === 'Install' || action === 'Uninstall';

/** Of `datetime-local`, in the reader's zone; undefined where none is given or it cannot be read. */
export function deadlineOf(local: string): string | undefined {
  if (!/^\d{4,}-\d\d-\d\dT\d\d:\d\d/.test(local)) return undefined;
  const time = new Date(local);
  return Number.isNaN(time.getTime()) ? undefined : time.toISOString();
}
