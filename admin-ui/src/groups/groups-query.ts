/** Target groups: reading and changing them. */
import {
  useMutation,
  useQuery,
  useQueryClient,
  type UseMutationResult,
  type UseQueryResult,
} from '@tanstack/react-query';
import type { z } from 'zod';
import { api } from '../../../protocol/console/api.ts';
import type { NewTargetGroup, TargetGroup, TargetGroupChange } from '../../../protocol/console/computers.ts';
import { consoleApi } from '../api/console-api.ts';

export { ALL_COMPUTERS, UNASSIGNED_COMPUTERS } from './well-known-groups.ts';

export const useGroups = (): UseQueryResult<TargetGroup[]> =>
  useQuery({
    queryKey: ['groups'],
    queryFn: ({ signal }) => consoleApi.call(api.groups, { signal }),
    staleTime: 60_000,
  });

/** A change of groups changes what every page says of approvals and members. */
function useGroupMutation<V, R>(run: (variables: V) => Promise<R>): UseMutationResult<R, Error, V> {
  const client = useQueryClient();
  return useMutation({
    mutationFn: run,
    onSuccess: () => client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'session' }),
  });
}

export const useCreateGroup = (): UseMutationResult<TargetGroup, Error, z.input<typeof NewTargetGroup>> =>
  useGroupMutation((body) => consoleApi.call(api.createGroup, { body }));

export interface GroupChange {
  readonly groupId: string;
  readonly change: z.input<typeof TargetGroupChange>;
}

export const useChangeGroup = (): UseMutationResult<TargetGroup, Error, GroupChange> =>
  useGroupMutation(({ groupId, change }) =>
    consoleApi.call(api.changeGroup, { params: { groupId }, body: change }),
  );

export const useDeleteGroup = (): UseMutationResult<undefined, Error, string> =>
  useGroupMutation((groupId) => consoleApi.call(api.deleteGroup, { params: { groupId } }));
