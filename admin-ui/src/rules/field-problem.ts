/** What a field shows of what is amiss with it. */
import type { RuleDraft, RuleProblems } from './rule-draft.ts';

export const fieldProblem = (
  problems: RuleProblems,
  field: keyof RuleDraft,
): { validationState?: 'error'; validationMessage?: string } => {
  const message = problems.get(field);
  return message === undefined ? {} : { validationState: 'error', validationMessage: message };
};
