/** What the pages ask about updates. */
import {
  keepPreviousData,
  queryOptions,
  useInfiniteQuery,
  useQuery,
  type InfiniteData,
  type UseInfiniteQueryResult,
  type UseQueryResult,
} from '@tanstack/react-query';
import type { z } from 'zod';
import { api } from '../../../protocol/console/api.ts';
import type { UpdateState } from '../../../protocol/console/status.ts';
import type {
  UpdateBelowPage,
  UpdateComputersPage,
  UpdateDetails,
  UpdateFilters,
  UpdatesPage,
  UpdatesQuery,
} from '../../../protocol/console/updates.ts';
import { consoleApi } from '../api/console-api.ts';
import { FIRST_PAGE } from '../api/first-page.ts';

type Query = z.input<typeof UpdatesQuery>;

export const useUpdates = (query: Query): UseInfiniteQueryResult<InfiniteData<UpdatesPage>> =>
  useInfiniteQuery({
    queryKey: ['updates', 'list', query],
    queryFn: ({ pageParam, signal }) =>
      consoleApi.call(api.updates, { query: { ...query, cursor: pageParam }, signal }),
    initialPageParam: FIRST_PAGE,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
  });

/** How many updates a filter has. */
export const updatesCount = (query: Query) =>
  queryOptions({
    queryKey: ['updates', 'count', query],
    queryFn: async ({ signal }) =>
      (await consoleApi.call(api.updates, { query: { ...query, limit: 1 }, signal })).total,
    staleTime: 60_000,
  });

export const useUpdateFilters = (): UseQueryResult<UpdateFilters> =>
  useQuery({
    queryKey: ['updates', 'filters'],
    queryFn: ({ signal }) => consoleApi.call(api.updateFilters, { signal }),
    staleTime: 60_000,
  });

export const updateDetails = (updateId: string) =>
  queryOptions<UpdateDetails>({
    queryKey: ['updates', 'one', updateId],
    queryFn: ({ signal }) => consoleApi.call(api.update, { params: { updateId }, signal }),
  });

export const useUpdateComputers = (
  updateId: string,
  state: UpdateState | undefined,
): UseInfiniteQueryResult<InfiniteData<UpdateComputersPage>> =>
  useInfiniteQuery({
    queryKey: ['updates', 'computers', updateId, state],
    queryFn: ({ pageParam, signal }) =>
      consoleApi.call(api.updateComputers, {
        params: { updateId },
        query: { state, cursor: pageParam },
        signal,
      }),
    initialPageParam: FIRST_PAGE,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
  });

export const useUpdateBelow = (updateId: string): UseInfiniteQueryResult<InfiniteData<UpdateBelowPage>> =>
  useInfiniteQuery({
    queryKey: ['updates', 'below', updateId],
    queryFn: ({ pageParam, signal }) =>
      consoleApi.call(api.updateBelow, { params: { updateId }, query: { cursor: pageParam }, signal }),
    initialPageParam: FIRST_PAGE,
    getNextPageParam: (page) => page.nextCursor,
  });
