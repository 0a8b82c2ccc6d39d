/** What the page asks about synchronization, and what it changes. */
import {
  keepPreviousData,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
  type InfiniteData,
  type UseInfiniteQueryResult,
  type UseMutationResult,
  type UseQueryResult,
} from '@tanstack/react-query';
import type { z } from 'zod';
import { api } from '../../../protocol/console/api.ts';
import type {
  ScheduleBody,
  ScheduleView,
  SelectableCategories,
  SyncOverview,
  SyncRunsPage,
} from '../../../protocol/console/synchronization.ts';
import { consoleApi } from '../api/console-api.ts';
import { FIRST_PAGE } from '../api/first-page.ts';

const KEY = 'synchronization';

export const useSyncOverview = (): UseQueryResult<SyncOverview> =>
  useQuery({
    queryKey: [KEY, 'overview'],
    queryFn: ({ signal }) => consoleApi.call(api.synchronization, { signal }),
    // Progress comes by events; this is for a page whose events do not get through.
    refetchInterval: (query) => (query.state.data?.running === undefined ? 60_000 : 5000),
  });

export const useSyncRuns = (): UseInfiniteQueryResult<InfiniteData<SyncRunsPage>> =>
  useInfiniteQuery({
    queryKey: [KEY, 'runs'],
    queryFn: ({ pageParam, signal }) =>
      consoleApi.call(api.syncRuns, { query: { cursor: pageParam, limit: 25 }, signal }),
    initialPageParam: FIRST_PAGE,
    getNextPageParam: (page) => page.nextCursor,
  });

export const useSchedule = (): UseQueryResult<ScheduleView> =>
  useQuery({
    queryKey: [KEY, 'schedule'],
    queryFn: ({ signal }) => consoleApi.call(api.schedule, { signal }),
  });

/** Undefined: what is entered is no schedule yet. */
export const useSchedulePreview = (body: ScheduleBody | undefined): UseQueryResult<ScheduleView> =>
  useQuery({
    queryKey: ['preview', 'schedule', body],
    queryFn: ({ signal }) =>
      consoleApi.call(api.previewSchedule, { ...(body !== undefined && { body }), signal }),
    enabled: body !== undefined,
    placeholderData: keepPreviousData,
  });

export const useCategories = (): UseQueryResult<SelectableCategories> =>
  useQuery({
    queryKey: [KEY, 'categories'],
    queryFn: ({ signal }) => consoleApi.call(api.categories, { signal }),
  });

function useSyncMutation<V, R>(run: (variables: V) => Promise<R>): UseMutationResult<R, Error, V> {
  const client = useQueryClient();
  return useMutation({ mutationFn: run, onSettled: () => client.invalidateQueries({ queryKey: [KEY] }) });
}

export const useStartSync = (): UseMutationResult<{ started: boolean }, Error, void> =>
  useSyncMutation(() => consoleApi.call(api.startSync));

export const useCancelSync = (): UseMutationResult<undefined, Error, void> =>
  useSyncMutation(() => consoleApi.call(api.cancelSync));

export const useSetSchedule = (): UseMutationResult<ScheduleView, Error, z.input<typeof ScheduleBody>> =>
  useSyncMutation((body) => consoleApi.call(api.setSchedule, { body }));

export const useSelectCategories = (): UseMutationResult<SelectableCategories, Error, readonly string[]> =>
  useSyncMutation((updateIds) =>
    consoleApi.call(api.selectCategories, { body: { updateIds: [...updateIds] } }),
  );
