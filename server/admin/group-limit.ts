/** Approvers that decide for some groups alone. */
import type { Database } from 'better-sqlite3';
import type { ConsoleSession } from '../../catalog/store/access/console-sessions.ts';
import { GroupTree } from '../../catalog/store/groups/group-tree.ts';
import { ApiProblem } from './problems.ts';

/** @throws ApiProblem 403 where a group is neither one of the account's nor below one */
export function refuseBeyondLimit(
  db: Database,
  { groupLimit, userName }: ConsoleSession,
  groupIds: readonly string[],
): void {
  if (groupLimit === undefined) return;
  const tree = GroupTree.read(db);
  const beyond = groupIds.filter(
    (groupId) => !tree.lineOf(groupId.toLowerCase()).some((above) => groupLimit.includes(above)),
  );
  const [first] = beyond;
  if (first === undefined) return;
  throw new ApiProblem(
    403,
    'GROUP_NOT_PERMITTED',
    `${userName} decides for some groups alone, and ${tree.get(first.toLowerCase())?.name ?? first} is none of them. Leave it out, or ask an administrator of this relay.`,
  );
}

/** @throws ApiProblem 403 for what concerns every group */
export function refuseLimited({ groupLimit, userName }: ConsoleSession): void {
  if (groupLimit === undefined) return;
  throw new ApiProblem(
    403,
    'GROUP_NOT_PERMITTED',
    `${userName} decides for some groups alone, and a decline holds for all computers. Ask who approves for all.`,
  );
}
