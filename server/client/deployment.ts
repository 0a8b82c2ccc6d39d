/** `Deployment` as WSUS 3.2 sends it ([MS-WUSP] 2.2.2.2.4). */
import type { OfferedRevision } from '../../catalog/scan/scan.ts';
import type { Write } from '../../protocol/soap/table.ts';
import type { Deployment } from '../../protocol/wusp/client.ts';
import type { Gates } from './protocol-version.ts';

type Action = OfferedRevision['deployment']['action'];

export function wireDeployment(
  { deployment, hardwareIds = [] }: OfferedRevision,
  gates: Gates,
): Write<typeof Deployment> {
  const { deploymentId, action, deadline, changedAt } = deployment;
  return {
    ID: deploymentId,
    Action: actionFor(action, gates),
    ...(deadline === undefined ? {} : { Deadline: deadline }),
    IsAssigned: true,
    LastChangeTime: dateOf(changedAt),
    ...(gates.hardwareIds && hardwareIds.length > 0 ? { HardwareIds: hardwareIds } : {}),
    ...(gates.behaviours ? { AutoSelect: '0', AutoDownload: '0', SupersedenceBehavior: '0' } : {}),
  };
}

/**
 * An agent that knows no optional updates is only to say whether it needs one: told to install, it would do so unasked,
 * and an action that it does not know may make it refuse the whole answer.
 */
export const actionFor = (action: Action, { optionalInstall }: Gates): Action =>
  action === 'OptionalInstall' && !optionalInstall ? 'PreDeploymentCheck' : action;

/** `LastChangeTime` is a date alone. */
export const dateOf = (isoTime: string): string => isoTime.slice(0, 'yyyy-mm-dd'.length);
