/** What a replica does not let anybody decide here, since its upstream server decides it. */
import type { Config } from '../../config/schema.ts';
import type { RouteName } from './handlers.ts';
import { ApiProblem } from './problems.ts';

/**
 * A preview shows what a decision would do that cannot be made here, and sends for licence terms as if it could.
 * Computers are moved between groups here also in a replica: only their own server knows
 * them.
 */
const DECIDED_UPSTREAM: ReadonlySet<RouteName> = new Set([
  'approve',
  'previewApproval',
  'decline',
  'previewDecline',
  'undoDecision',
  'createGroup',
  'changeGroup',
  'deleteGroup',
  'selectCategories',
  'setRevisionRules',
  'createRule',
  'changeRule',
  'setRuleState',
  'orderRules',
  'deleteRule',
  'previewRule',
  'runRule',
]);

/** The upstream server that this relay is a replica of, as people name it; undefined where it is autonomous. */
export const replicaOf = ({ upstream }: Config): string | undefined =>
  upstream?.mode === 'replica' ? new URL(upstream.url).host : undefined;

/** @throws ApiProblem 409 where the call would decide what the upstream server decides */
export function refuseOnReplica(config: Config, name: RouteName): void {
  const host = replicaOf(config);
  if (host === undefined || !DECIDED_UPSTREAM.has(name)) return;
  throw new ApiProblem(
    409,
    'REPLICA_READ_ONLY',
    `This relay is a replica of ${host}: approvals, declines, target groups and what is synchronized are decided there. Change it on ${host}; the next synchronization brings it here.`,
  );
}
