/** What the page asks about downstream servers. */
import {
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
import type { DownstreamComputersPage, DownstreamTree } from '../../../protocol/console/downstream.ts';
import { consoleApi } from '../api/console-api.ts';
import { FIRST_PAGE } from '../api/first-page.ts';

export const useDownstreamTree = (): UseQueryResult<DownstreamTree> =>
  useQuery({
    queryKey: ['downstream', 'tree'],
    queryFn: ({ signal }) => consoleApi.call(api.downstreamServers, { signal }),
  });

export const useDownstreamComputers = (
  serverId: string,
): UseInfiniteQueryResult<InfiniteData<DownstreamComputersPage>> =>
  useInfiniteQuery({
    queryKey: ['downstream', 'computers', serverId],
    queryFn: ({ pageParam, signal }) =>
      consoleApi.call(api.downstreamComputers, {
        params: { serverId },
        query: { cursor: pageParam },
        signal,
      }),
    initialPageParam: FIRST_PAGE,
    getNextPageParam: (page) => page.nextCursor,
  });

export const useForgetServer = (): UseMutationResult<undefined, Error, string> => {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (serverId: string) => consoleApi.call(api.forgetDownstreamServer, { params: { serverId } }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['downstream'] }),
  });
};
