/** What can be decided for a group, and by when. */
import type { ApprovalRequest } from '../../../protocol/console/approvals.ts';

export type ChosenAction = ApprovalRequest['action'];

/** In the order of the choice; what each is called and does is in `texts.ts`. */
export const ACTION_CHOICES: readonly ChosenAction[] = [
  'Install',
  'OptionalInstall',
  'PreDeploymentCheck',
  'Uninstall',
  'Block',
  'NotApproved',
  'Remove',
];

export const mayHaveDeadline = (action: ChosenAction): boolean =>
  action === 'Install' || action === 'Uninstall';

/** Of `datetime-local`, in the reader's zone; undefined where none is given or it cannot be read. */
export function deadlineOf(local: string): string | undefined {
  if (!/^\d{4,}-\d\d-\d\dT\d\d:\d\d/.test(local)) return undefined;
  const time = new Date(local);
  return Number.isNaN(time.getTime()) ? undefined : time.toISOString();
}
