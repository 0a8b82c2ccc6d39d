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
import { api } from '../../../protocol/console/api.ts';
import type { RevisionRules } from '../../../protocol/console/revision-rules.ts';
import type { SchedulePlanBody, ScheduleView } from '../../../protocol/console/schedule.ts';
import type {
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

/** A plan and the version that who replaces it names. */
export interface SavedPlan {
  readonly plan: SchedulePlanBody;
  readonly version: string;
}

export const useSchedule = (): UseQueryResult<SavedPlan> =>
  useQuery({
    queryKey: [KEY, 'schedule'],
    queryFn: async ({ signal }) => savedPlanOf(await consoleApi.callVersioned(api.schedule, { signal })),
  });

const savedPlanOf = ({ body, version }: { body: ScheduleView; version: string }): SavedPlan => ({
  plan: body.plan,
  version,
});

/** Undefined: what is entered is no schedule yet. */
export const useSchedulePreview = (body: SchedulePlanBody | undefined): UseQueryResult<ScheduleView> =>
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

export const useRevisionRules = (): UseQueryResult<RevisionRules> =>
  useQuery({
    queryKey: [KEY, 'revision-rules'],
    queryFn: ({ signal }) => consoleApi.call(api.revisionRules, { signal }),
  });

/** @param onSuccess is called even where what is shown was replaced meanwhile, since its data is another now */
function useSyncMutation<V, R>(
  run: (variables: V) => Promise<R>,
  onSuccess?: (result: R) => void,
): UseMutationResult<R, Error, V> {
  const client = useQueryClient();
  return useMutation({
    mutationFn: run,
    ...(onSuccess !== undefined && { onSuccess }),
    onSettled: () => client.invalidateQueries({ queryKey: [KEY] }),
  });
}

export const useStartSync = (): UseMutationResult<{ started: boolean }, Error, void> =>
  useSyncMutation(() => consoleApi.call(api.startSync));

export const useCancelSync = (): UseMutationResult<undefined, Error, void> =>
  useSyncMutation(() => consoleApi.call(api.cancelSync));

/** @param onSaved is given what is kept now; refused where it is not `version` any more that is replaced */
export function useSetSchedule(
  onSaved: (saved: SavedPlan) => void,
): UseMutationResult<SavedPlan, Error, SavedPlan> {
  const client = useQueryClient();
  return useSyncMutation(
    async ({ plan, version }) =>
      savedPlanOf(await consoleApi.callVersioned(api.setSchedule, { body: plan, ifMatch: version })),
    (saved) => {
      client.setQueryData([KEY, 'schedule'], saved);
      onSaved(saved);
    },
  );
}

export const useSelectCategories = (
  onSaved: () => void,
): UseMutationResult<SelectableCategories, Error, readonly string[]> =>
  useSyncMutation(
    (updateIds) => consoleApi.call(api.selectCategories, { body: { updateIds: [...updateIds] } }),
    onSaved,
  );

export const useSetRevisionRules = (
  onSaved: () => void,
): UseMutationResult<RevisionRules, Error, RevisionRules> =>
  useSyncMutation((body) => consoleApi.call(api.setRevisionRules, { body }), onSaved);
