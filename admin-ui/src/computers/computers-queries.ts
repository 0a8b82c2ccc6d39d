/** What the pages ask about computers. */
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
  ComputerDetails,
  ComputersPage,
  ComputersQuery,
  GroupAssignment,
} from '../../../protocol/console/computers.ts';
import { consoleApi } from '../api/console-api.ts';
import { FIRST_PAGE } from '../api/first-page.ts';

type Query = z.input<typeof ComputersQuery>;

export const useComputers = (query: Query): UseInfiniteQueryResult<InfiniteData<ComputersPage>> =>
  useInfiniteQuery({
    queryKey: ['computers', 'list', query],
    queryFn: ({ pageParam, signal }) =>
      consoleApi.call(api.computers, { query: { ...query, cursor: pageParam }, signal }),
    initialPageParam: FIRST_PAGE,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
  });

export const useComputer = (computerId: string): UseQueryResult<ComputerDetails> =>
  useQuery({
    queryKey: ['computers', 'one', computerId],
    queryFn: ({ signal }) => consoleApi.call(api.computer, { params: { computerId }, signal }),
  });

function useComputerMutation<V, R>(run: (variables: V) => Promise<R>): UseMutationResult<R, Error, V> {
  const client = useQueryClient();
  return useMutation({
    mutationFn: run,
    onSuccess: () => client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'session' }),
  });
}

export const useAssignGroups = (): UseMutationResult<
  { changed: number },
  Error,
  z.input<typeof GroupAssignment>
> => useComputerMutation((body) => consoleApi.call(api.assignGroups, { body }));

export const useDeleteComputer = (): UseMutationResult<undefined, Error, string> =>
  useComputerMutation((computerId) => consoleApi.call(api.deleteComputer, { params: { computerId } }));
