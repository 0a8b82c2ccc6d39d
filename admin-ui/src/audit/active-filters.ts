/** The filters that are on, each to be taken away. */
import type { ActiveFilter } from '../list/filter-chips.tsx';
import type { Change } from '../url/parameters.ts';
import type { AuditView } from './audit-url.ts';
import type { AuditTexts } from './texts.ts';

export function activeFilters(
  view: AuditView,
  t: AuditTexts,
  change: (change: Change) => void,
): ActiveFilter[] {
  const one = (
    key: 'search' | 'subjectKind' | 'subjectId' | 'from' | 'until',
    label: (value: string) => string,
  ): ActiveFilter[] => {
    const value = view[key];
    return value === undefined || value === ''
      ? []
      : [{ label: label(value), onRemove: () => change({ [key]: undefined }) }];
  };
  const several = <T extends string>(
    key: string,
    values: readonly T[],
    label: (value: T) => string,
  ): ActiveFilter[] =>
    values.map((value) => ({
      label: label(value),
      onRemove: () => change({ [key]: values.filter((other) => other !== value) }),
    }));
  return [
    ...one('search', t.searchChip),
    ...several('actorKind', view.actorKind, (kind) => t.chip(t.kindOfActor, t.actorKinds[kind])),
    ...several('actor', view.actor, (name) => t.chip(t.who, name)),
    ...several('action', view.action, (action) => t.chip(t.action, action)),
    ...one('subjectKind', (kind) => t.chip(t.kindOfSubject, kind)),
    ...one('subjectId', (id) => t.chip(t.subjectId, id)),
    ...one('from', (day) => t.chip(t.from, day)),
    ...one('until', (day) => t.chip(t.until, day)),
  ];
}
