/** What an upstream server decided, as its replica is told ([MS-WSUSSS] 3.1.4.10). */
import type { DeploymentAction } from '../../../protocol/console/updates.ts';

export interface UpstreamGroup {
  readonly groupId: string;
  /** A group of these, or one that is built in here. */
  readonly parentId: string;
  readonly name: string;
}

export interface UpstreamDeployment {
  readonly deploymentGuid: string;
  readonly updateId: string;
  readonly revisionNumber: number;
  readonly groupId: string;
  readonly action: DeploymentAction;
  /** ISO 8601 UTC. */
  readonly deadline: string | null;
  readonly adminName: string;
  /** Not before, ISO 8601 UTC. */
  readonly goLiveAt: string;
}

export interface UpstreamDecisions {
  readonly anchor: string;
  /** Whether `deployments` are all there are, and not only what changed. */
  readonly isWhole: boolean;
  /** All that are not built in, each below its parent's place in the list. */
  readonly groups: readonly UpstreamGroup[];
  readonly deployments: readonly UpstreamDeployment[];
  /** DeploymentGuids of deployments that ended. */
  readonly dead: readonly string[];
  /** UpdateIDs of all declined updates. */
  readonly declined: readonly string[];
  /** EulaIDs of all accepted terms. */
  readonly acceptedEulas: readonly string[];
}
