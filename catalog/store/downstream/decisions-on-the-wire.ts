/** Groups and deployments in the words of GetDeployments ([MS-WSUSSS] 3.1.4.10). */
import { ZERO_GUID } from '../../../protocol/guid.ts';
import type { Write } from '../../../protocol/soap/table.ts';
import { NO_DEADLINE, wireActionOf } from '../../../protocol/wsusss/deployments.ts';
import type { ServerSyncDeployment, ServerSyncTargetGroup } from '../../../protocol/wsusss/deployments.ts';
import type { Group } from '../groups/group-tree.ts';
import type { ToldDeployment } from './decisions-for-replicas.ts';

/** The lowest of three, which WSUS gives; administrators do not choose it. */
const DOWNLOAD_PRIORITY = 1;

export const wireGroup = ({ groupId, parentId, name, isBuiltin }: Group) =>
  ({
    TargetGroupID: groupId,
    ParentGroupId: parentId ?? ZERO_GUID,
    Name: name,
    IsBuiltin: isBuiltin,
  }) satisfies Write<typeof ServerSyncTargetGroup>;

export const wireDeployment = (deployment: ToldDeployment) =>
  ({
    UpdateId: deployment.updateId,
    RevisionNumber: deployment.revisionNumber,
    ...wireActionOf(deployment.action),
    AdminName: deployment.adminName,
    Deadline: deployment.deadline === null ? NO_DEADLINE : withoutZone(deployment.deadline),
    GoLiveTime: withoutZone(deployment.changedAt),
    DeploymentGuid: deployment.deploymentGuid,
    TargetGroupId: deployment.groupId,
    DownloadPriority: DOWNLOAD_PRIORITY,
  }) satisfies Write<typeof ServerSyncDeployment>;

/** Times between servers are UTC and do not say so. */
const withoutZone = (isoTime: string): string => isoTime.replace(/Z$/, '');
