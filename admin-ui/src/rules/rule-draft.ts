/** A rule while it is edited: every field as it is typed, and what is amiss with which. */
import { RuleAction, RuleBody } from '../../../protocol/console/rules.ts';
import type { Rule, RuleConditions, RuleSeverity } from '../../../protocol/console/rules.ts';
import { flatten, type TreeNode } from '../tree/tree.ts';
import type { RuleTexts } from './texts.ts';

export interface RuleDraft {
  readonly name: string;
  readonly classifications: readonly string[];
  readonly products: readonly string[];
  /** One pattern a line. */
  readonly titleIncludes: string;
  readonly titleExcludes: string;
  readonly severities: readonly RuleSeverity[];
  readonly kinds: 'all' | 'Software' | 'Driver';
  readonly superseded: RuleConditions['superseded'];
  readonly ageDays: string;
  readonly groupIds: readonly string[];
  readonly action: RuleAction;
  readonly hasDeadline: boolean;
  readonly days: string;
  readonly time: string;
  readonly timeZone: string;
  readonly acceptTerms: boolean;
}

const USUAL_ACTION: RuleAction = RuleAction.enum.Install;

/** @param zone the browser's, for the first deadline */
export const blankDraft = (zone: string): RuleDraft => ({
  name: '',
  classifications: [],
  products: [],
  titleIncludes: '',
  titleExcludes: '',
  severities: [],
  kinds: 'all',
  superseded: 'exclude',
  ageDays: '0',
  groupIds: [],
  action: USUAL_ACTION,
  hasDeadline: false,
  days: '7',
  time: '03:00',
  timeZone: zone,
  acceptTerms: false,
});

/** Groups that are no more are left out: a rule that names one cannot be saved. */
export function draftOf(rule: Rule, zone: string): RuleDraft {
  const { conditions, deadline } = rule;
  const [kind] = conditions.updateTypes.length === 1 ? conditions.updateTypes : [];
  return {
    name: rule.name,
    classifications: conditions.classifications,
    products: conditions.products,
    titleIncludes: conditions.titleIncludes.join('\n'),
    titleExcludes: conditions.titleExcludes.join('\n'),
    severities: conditions.severities,
    kinds: kind ?? 'all',
    superseded: conditions.superseded,
    ageDays: String(conditions.ageDays),
    groupIds: rule.groupIds.filter((groupId) => !rule.missingGroupIds.includes(groupId)),
    action: rule.action,
    hasDeadline: deadline !== undefined,
    days: String(deadline?.days ?? 7),
    time: deadline?.time ?? '03:00',
    timeZone: deadline?.timeZone ?? zone,
    acceptTerms: rule.acceptTerms,
  };
}

export type RuleProblems = ReadonlyMap<keyof RuleDraft, string>;

/** The rule; or what keeps the draft from being one. */
export function ruleOf(
  draft: RuleDraft,
  enabled: boolean,
  t: RuleTexts,
): { readonly body: RuleBody } | { readonly problems: RuleProblems } {
  const parsed = RuleBody.safeParse({
    name: draft.name,
    enabled,
    conditions: {
      classifications: draft.classifications,
      products: draft.products,
      titleIncludes: linesOf(draft.titleIncludes),
      titleExcludes: linesOf(draft.titleExcludes),
      severities: draft.severities,
      updateTypes: draft.kinds === 'all' ? [] : [draft.kinds],
      superseded: draft.superseded,
      ageDays: wholeNumber(draft.ageDays),
    },
    groupIds: draft.groupIds,
    action: draft.action,
    ...(draft.hasDeadline && draft.action === 'Install'
      ? { deadline: { days: wholeNumber(draft.days), time: draft.time.trim(), timeZone: draft.timeZone } }
      : {}),
    acceptTerms: draft.acceptTerms,
  });
  if (parsed.success) return { body: parsed.data };
  const said: Readonly<Partial<Record<keyof RuleDraft, string>>> = {
    name: t.problem.name,
    groupIds: t.problem.groupIds,
    titleIncludes: t.problem.titles,
    titleExcludes: t.problem.titles,
    classifications: t.problem.categories,
    products: t.problem.categories,
    ageDays: t.problem.ageDays,
    days: t.problem.days,
    time: t.problem.time,
    timeZone: t.problem.zone,
  };
  const problems = new Map<keyof RuleDraft, string>();
  for (const { path } of parsed.error.issues) {
    for (const field of path) {
      if (isField(field, draft)) problems.set(field, said[field] ?? t.correct);
    }
  }
  return { problems };
}

const isField = (name: PropertyKey, draft: RuleDraft): name is keyof RuleDraft => Object.hasOwn(draft, name);

const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

const wholeNumber = (text: string): number => (/^\d+$/.test(text.trim()) ? Number(text) : Number.NaN);

/** What is chosen without what is below it: a family stands for its products, also for those to come. */
export function topmost<T>(roots: readonly TreeNode<T>[], chosen: ReadonlySet<string>): string[] {
  return roots.flatMap((node) => (chosen.has(node.id) ? [node.id] : topmost(node.children, chosen)));
}

/** What is chosen and is no node of the tree: it stays chosen. */
export function unknownTo<T>(roots: readonly TreeNode<T>[], chosen: readonly string[]): string[] {
  const known = new Set(flatten(roots).map(({ id }) => id));
  return chosen.filter((id) => !known.has(id));
}

/** Classifications of the rule that WSUS ships: Security Updates and Critical Updates, well known. */
export const WSUS_CLASSIFICATIONS = [
  '0fa1201d-4330-4fa8-8ae9-b877473b6441',
  'e6cf1350-c01b-414d-a61f-263d14d133b4',
];
