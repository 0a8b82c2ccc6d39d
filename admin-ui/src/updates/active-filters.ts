/** The filters that are on, in words. */
import type { UpdateFilters } from '../../../protocol/console/updates.ts';
import type { ActiveFilter } from '../list/filter-chips.tsx';
import type { StateTexts } from '../states/texts.ts';
import type { Change } from '../url/parameters.ts';
import type { UpdateTexts } from './texts.ts';
import type { UpdatesView } from './updates-url.ts';

export function activeFilters(
  view: UpdatesView,
  filters: UpdateFilters | undefined,
  change: (change: Change) => void,
  t: UpdateTexts,
  states: StateTexts,
): ActiveFilter[] {
  const titles = new Map(
    [...(filters?.classifications ?? []), ...(filters?.products ?? [])].map((one) => [
      one.updateId,
      one.title,
    ]),
  );
  const titleOf = (id: string): string => titles.get(id) ?? id;
  const several = <V extends string>(
    key: string,
    values: readonly V[],
    name: string,
    wordOf: (value: V) => string,
  ): ActiveFilter[] =>
    values.map((value) => ({
      label: t.filterIs(name, wordOf(value)),
      onRemove: () => change({ [key]: values.filter((one) => one !== value) }),
    }));
  return [
    ...(view.search === ''
      ? []
      : [{ label: t.searchIs(view.search), onRemove: () => change({ search: undefined }) }]),
    ...(view.kb === ''
      ? []
      : [{ label: t.kbIs(view.kb.replace(/^kb/i, '')), onRemove: () => change({ kb: undefined }) }]),
    ...several('classification', view.classification, t.filters.classification, titleOf),
    ...several('product', view.product, t.filters.product, titleOf),
    ...several('approval', view.approval, t.filters.approval, (value) => states.approvals[value]),
    ...several('status', view.status, t.filters.status, (value) => states.states[value]),
    ...several('severity', view.severity, t.filters.severity, (value) => states.severities[value] ?? value),
    ...(view.superseded === 'hide'
      ? [{ label: t.supersededHidden, onRemove: () => change({ superseded: undefined }) }]
      : []),
    ...(view.expired === 'hide'
      ? [{ label: t.expiredHidden, onRemove: () => change({ expired: undefined }) }]
      : []),
  ];
}
