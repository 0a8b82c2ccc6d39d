/** What GetDeployments answered, checked and in our words: nothing of it reaches the store that could not hold there. */
import {
  ALL_COMPUTERS,
  MOST_GROUPS,
  MOST_LEVELS,
  UNASSIGNED_COMPUTERS,
  foldName,
} from '../../catalog/store/groups/group-tree.ts';
import type {
  UpstreamDecisions,
  UpstreamDeployment,
  UpstreamGroup,
} from '../../catalog/store/upstream/upstream-decisions.ts';
import type { Read } from '../../protocol/soap/table.ts';
import { instantOf } from '../../protocol/soap/wire-time.ts';
import { actionOf } from '../../protocol/wsusss/deployments.ts';
import type {
  ServerSyncDeployment,
  ServerSyncDeploymentResult,
  ServerSyncTargetGroup,
} from '../../protocol/wsusss/deployments.ts';
import { toldAnchor } from './told-anchor.ts';
import { UpstreamError } from './upstream-error.ts';

type WireGroup = Read<typeof ServerSyncTargetGroup>;
type WireDeployment = Read<typeof ServerSyncDeployment>;

/** The year of a deadline that is none; WSUS's are far nearer. */
const NEVER = 9999;

/** Names of groups that an administrator may give end here; WSUS's are no longer. */
const LONGEST_NAME = 256;

const LONGEST_ADMIN_NAME = 385;

/**
 * @param isWhole whether everything was asked for
 * @throws UpstreamError where groups have no name, the same name, stand in a circle or too deep, or are too many
 */
export function readDecisions(
  result: Read<typeof ServerSyncDeploymentResult> | undefined,
  isWhole: boolean,
): UpstreamDecisions {
  return {
    anchor: toldAnchor('GetDeployments', result?.Anchor),
    isWhole,
    groups: readGroups(result?.Groups ?? []),
    deployments: (result?.Deployments ?? []).flatMap(readDeployment),
    dead: result?.DeadDeployments ?? [],
    declined: result?.HiddenUpdates ?? [],
    acceptedEulas: result?.AcceptedEulas ?? [],
  };
}

/** Those that are not built in, each after its parent; what has no parent among them is below All Computers. */
function readGroups(told: readonly WireGroup[]): UpstreamGroup[] {
  if (!told.some(({ TargetGroupID: groupId }) => groupId === ALL_COMPUTERS)) {
    // Every server has it: an answer without says nothing, least of all that all groups are gone.
    const message = 'The upstream server answered GetDeployments without the group All Computers.';
    throw new UpstreamError('response', message);
  }
  const own = told.filter(isMade);
  if (own.length > MOST_GROUPS) {
    const message = `The upstream server answered GetDeployments with ${own.length} target groups; no more than ${MOST_GROUPS} are kept here. Delete some there.`;
    throw new UpstreamError('response', message);
  }
  const ids = new Set(own.map(({ TargetGroupID: groupId }) => groupId));
  refuseNames(own, ids.size);
  const groups = own.map(({ TargetGroupID: groupId, ParentGroupId: parentId, Name: name = '' }) => ({
    groupId,
    parentId: ids.has(parentId) ? parentId : ALL_COMPUTERS,
    name,
  }));
  const below = Map.groupBy(groups, ({ parentId }) => parentId);
  const ordered = [...(below.get(ALL_COMPUTERS) ?? [])];
  for (const { groupId } of ordered) ordered.push(...(below.get(groupId) ?? []));
  if (ordered.length < groups.length) {
    const message = 'The upstream server answered GetDeployments with target groups that stand in a circle.';
    throw new UpstreamError('response', message);
  }
  refuseDepth(ordered);
  return ordered;
}

/** @param ordered each after its parent */
function refuseDepth(ordered: readonly UpstreamGroup[]): void {
  const levels = new Map([[ALL_COMPUTERS, 0]]);
  for (const { groupId, parentId, name } of ordered) {
    const level = (levels.get(parentId) ?? 0) + 1;
    if (level > MOST_LEVELS) {
      const message = `The upstream server has the target group "${name}" more than ${MOST_LEVELS} levels below All Computers, which is deeper than groups may stand here. Move it further up there.`;
      throw new UpstreamError('response', message);
    }
    levels.set(groupId, level);
  }
}

/** WSUS has built-in groups that we have not (Downstream Servers); the two that we share stay as they are. */
const isMade = ({ TargetGroupID: groupId, IsBuiltin: isBuiltin }: WireGroup): boolean =>
  !isBuiltin && groupId !== ALL_COMPUTERS && groupId !== UNASSIGNED_COMPUTERS;

/** What our two are called: names of groups are unique. */
const BUILT_IN_NAMES = ['all computers', 'unassigned computers'];

function refuseNames(groups: readonly WireGroup[], distinctIds: number): void {
  const names = groups.map(({ Name: name = '' }) => name);
  const bad = names.find(
    (name) => name.trim() === '' || name.length > LONGEST_NAME || BUILT_IN_NAMES.includes(foldName(name)),
  );
  if (bad !== undefined) {
    const message = `The upstream server has a target group with the name "${bad.slice(0, LONGEST_NAME)}", which none can have here. Rename it there.`;
    throw new UpstreamError('response', message);
  }
  if (new Set(names.map(foldName)).size < names.length || distinctIds < groups.length) {
    const message =
      'The upstream server answered GetDeployments with two target groups of the same name or identifier. Rename one there.';
    throw new UpstreamError('response', message);
  }
}

/** Deployments that a server makes by itself have actions of their own; here they follow from the metadata. */
function readDeployment(told: WireDeployment): UpstreamDeployment[] {
  const action = actionOf(told);
  if (action === undefined) return [];
  const hasDeadline = action === 'Install' || action === 'Uninstall';
  return [
    {
      deploymentGuid: told.DeploymentGuid,
      updateId: told.UpdateId,
      revisionNumber: told.RevisionNumber,
      groupId: told.TargetGroupId,
      action,
      deadline: hasDeadline && yearOf(told.Deadline) !== NEVER ? toIso(told.Deadline) : null,
      adminName: (told.AdminName ?? '').slice(0, LONGEST_ADMIN_NAME),
      goLiveAt: toIso(told.GoLiveTime),
    },
  ];
}

const yearOf = (wireTime: string): number => Number(wireTime.slice(0, 4));

const toIso = (wireTime: string): string => new Date(instantOf(wireTime)).toISOString();
