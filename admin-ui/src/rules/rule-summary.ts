/** A rule in one line: which updates, for whom, by when. */
import type { Rule, RuleConditions } from '../../../protocol/console/rules.ts';
import type { RuleTexts } from './texts.ts';

const MOST_NAMED = 2;

/** The first names, and how many more there are. */
const some = (names: readonly string[], t: RuleTexts): string =>
  t.sumGroups(names.slice(0, MOST_NAMED), Math.max(0, names.length - MOST_NAMED));

/** @param titleOf of a category, where it is known */
export function describeConditions(
  conditions: RuleConditions,
  t: RuleTexts,
  titleOf: (categoryId: string) => string | undefined,
): string {
  const categories = (ids: readonly string[], what: 'classification' | 'product'): string[] => {
    if (ids.length === 0) return [];
    const titles = ids.flatMap((id) => titleOf(id) ?? []);
    return [titles.length === ids.length ? some(titles, t) : t.sumCategories(ids.length, what)];
  };
  const quoted = (patterns: readonly string[]): string =>
    some(
      patterns.map((pattern) => `“${pattern}”`),
      t,
    );
  const parts = [
    ...categories(conditions.classifications, 'classification'),
    ...categories(conditions.products, 'product'),
    ...(conditions.severities.length === 0
      ? []
      : [conditions.severities.map((severity) => t.severity[severity]).join(', ')]),
    ...(conditions.updateTypes.length === 1
      ? [conditions.updateTypes[0] === 'Driver' ? t.kindsDriver : t.kindsSoftware]
      : []),
    ...(conditions.titleIncludes.length === 0 ? [] : [t.sumTitles(quoted(conditions.titleIncludes))]),
    ...(conditions.titleExcludes.length === 0 ? [] : [t.sumNotTitles(quoted(conditions.titleExcludes))]),
    ...(conditions.ageDays === 0 ? [] : [t.sumAge(conditions.ageDays)]),
  ];
  const line = parts.length === 0 ? t.sumAny : parts.join(' · ');
  return line.charAt(0).toLocaleUpperCase() + line.slice(1);
}

/** @param nameOf of a group, where it is here */
export function describeDecision(
  rule: Pick<Rule, 'action' | 'groupIds' | 'missingGroupIds' | 'deadline'>,
  t: RuleTexts,
  nameOf: (groupId: string) => string | undefined,
): string {
  const present = rule.groupIds.filter((groupId) => !rule.missingGroupIds.includes(groupId));
  const groups = some(
    present.map((groupId) => nameOf(groupId) ?? groupId),
    t,
  );
  const { deadline } = rule;
  return [
    `${t.actionWord[rule.action]}: ${groups === '' ? '–' : groups}`,
    ...(deadline === undefined ? [] : [t.sumDeadline(deadline.days, deadline.time, deadline.timeZone)]),
  ].join(' · ');
}
