/**
 * An update's approval in one word. The groups' effective decisions are the decisions that groups have of their own, and
 * `NotApproved` where All Computers has none to pass on; so the word needs no walk over the tree.
 */
import { sql, type ExpressionBuilder, type ExpressionWrapper, type SqlBool } from 'kysely';
import type { ApprovalState } from '../../../protocol/console/updates.ts';
import type { Tables } from '../database/composed-query.ts';
import { ALL_COMPUTERS } from '../groups/group-tree.ts';
import { INSTALLATIONS, isInstallation } from './own-decisions.ts';

type Builder = ExpressionBuilder<Tables, 'revision'>;
type Condition = ExpressionWrapper<Tables, 'revision', SqlBool>;

const REMOVING = ['Uninstall'] as const;
/** Approved, in whatever way. */
export const APPROVING = [...INSTALLATIONS, ...REMOVING] as const;

/** @param actions of the update's own decisions, by group */
export function approvalState(actions: ReadonlyMap<string, string>, isDeclined: boolean): ApprovalState {
  if (isDeclined) return 'Declined';
  const states = new Set([...actions.values()].map(stateOfAction));
  if (!actions.has(ALL_COMPUTERS)) states.add('NotApproved');
  const [first, ...others] = states;
  return first === undefined || others.length > 0 ? 'Mixed' : first;
}

/** The same as a condition on rows of `revision`. */
export function hasApprovalState(eb: Builder, state: ApprovalState): Condition {
  const isDeclined = eb.exists(
    eb
      .selectFrom('declined_update')
      .select(sql.lit(1).as('one'))
      .whereRef('declined_update.update_id', '=', 'revision.update_id'),
  );
  const isUndeclined = eb.not(isDeclined);
  const installs = isEverywhere(eb, INSTALLATIONS);
  const removes = isEverywhere(eb, REMOVING);
  const decides = hasDecision(eb, APPROVING);
  const conditions: Readonly<Record<ApprovalState, Condition>> = {
    Declined: isDeclined,
    NotApproved: eb.and([isUndeclined, eb.not(decides)]),
    Install: eb.and([isUndeclined, installs]),
    Uninstall: eb.and([isUndeclined, removes]),
    Mixed: eb.and([isUndeclined, decides, eb.not(installs), eb.not(removes)]),
  };
  return conditions[state];
}

/** Approved for at least one group, in whatever way. */
export const isApprovedSomewhere = (eb: Builder): Condition =>
  eb.and([eb.not(hasApprovalState(eb, 'Declined')), hasDecision(eb, APPROVING)]);

function stateOfAction(action: string): 'Install' | 'Uninstall' | 'NotApproved' {
  if (isInstallation(action)) return 'Install';
  return REMOVING.some((removing) => removing === action) ? 'Uninstall' : 'NotApproved';
}

const decisionsOf = (eb: Builder) =>
  eb
    .selectFrom('deployment')
    .select(sql.lit(1).as('one'))
    .whereRef('deployment.update_id', '=', 'revision.update_id');

const hasDecision = (eb: Builder, actions: readonly string[]) =>
  eb.exists(decisionsOf(eb).where('deployment.action', 'in', actions));

/** All Computers has one of the actions, and no group has another. */
const isEverywhere = (eb: Builder, actions: readonly string[]): Condition =>
  eb.and([
    eb.exists(
      decisionsOf(eb)
        .where('deployment.group_id', '=', ALL_COMPUTERS)
        .where('deployment.action', 'in', actions),
    ),
    eb.not(eb.exists(decisionsOf(eb).where('deployment.action', 'not in', actions))),
  ]);
