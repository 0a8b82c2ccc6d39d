/** How many updates each value of a filter would leave, with the other filters as they are. */
import { useQueries } from '@tanstack/react-query';
import type { UpdateState } from '../../../protocol/console/status.ts';
import type { Approval } from '../states/approval-looks.ts';
import { updatesCount } from './updates-queries.ts';
import { updatesQuery, type UpdatesView } from './updates-url.ts';

/** Asked only while `enabled`: when the filter is open. In the order of `values`. */
export function useOptionCounts(
  view: UpdatesView,
  key: 'approval' | 'status',
  values: readonly (Approval | UpdateState)[],
  enabled: boolean,
): readonly (number | undefined)[] {
  return useQueries({
    queries: values.map((value) => ({
      ...updatesCount({ ...updatesQuery(view), [key]: [value], sort: undefined }),
      enabled,
    })),
    combine: (results) => results.map(({ data }) => data),
  });
}
