/** The filters that are on, in words. */
import type { UpdateFilters } from '../../../protocol/console/updates.ts';
import type { ActiveFilter } from '../list/filter-chips.tsx';
import { APPROVALS } from '../states/approval-looks.ts';
import { STATE_LOOKS } from '../states/update-states.ts';
import type { Change } from '../url/parameters.ts';
import type { UpdatesView } from './updates-url.ts';

export function activeFilters(
  view: UpdatesView,
  filters: UpdateFilters | undefined,
  change: (change: Change) => void,
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
      label: `${name}: ${wordOf(value)}`,
      onRemove: () => change({ [key]: values.filter((one) => one !== value) }),
    }));
  return [
    ...(view.search === ''
      ? []
      : [{ label: `Search: ${view.search}`, onRemove: () => change({ search: undefined }) }]),
    ...(view.kb === ''
      ? []
      : [{ label: `KB${view.kb.replace(/^kb/i, '')}`, onRemove: () => change({ kb: undefined }) }]),
    ...several('classification', view.classification, 'Classification', titleOf),
    ...several('product', view.product, 'Product', titleOf),
    ...several('approval', view.approval, 'Approval', (value) => APPROVALS[value].word),
    ...several('status', view.status, 'Status', (value) => STATE_LOOKS[value].word),
    ...several('severity', view.severity, 'Severity', (value) => value),
    ...(view.superseded === 'hide'
      ? [{ label: 'Superseded hidden', onRemove: () => change({ superseded: undefined }) }]
      : []),
    ...(view.expired === 'hide'
      ? [{ label: 'Expired hidden', onRemove: () => change({ expired: undefined }) }]
      : []),
  ];
}
