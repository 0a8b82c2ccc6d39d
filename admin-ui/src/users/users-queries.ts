/** Accounts: reading and changing them. */
import {
  useMutation,
  useQuery,
  useQueryClient,
  type UseMutationResult,
  type UseQueryResult,
} from '@tanstack/react-query';
import type { z } from 'zod';
import { api } from '../../../protocol/console/api.ts';
import type { NewUser, OneTimePassword, User, UserChange } from '../../../protocol/console/users.ts';
import { consoleApi } from '../api/console-api.ts';

export const useUsers = (): UseQueryResult<User[]> =>
  useQuery({ queryKey: ['users'], queryFn: ({ signal }) => consoleApi.call(api.users, { signal }) });

/** One's own role may be another one now, too. */
function useUserMutation<V, R>(run: (variables: V) => Promise<R>): UseMutationResult<R, Error, V> {
  const client = useQueryClient();
  return useMutation({ mutationFn: run, onSuccess: () => client.invalidateQueries() });
}

export const useCreateUser = (): UseMutationResult<OneTimePassword, Error, z.input<typeof NewUser>> =>
  useUserMutation((body) => consoleApi.call(api.createUser, { body }));

export interface ChangeOfUser {
  readonly accountId: number;
  readonly change: z.input<typeof UserChange>;
}

export const useChangeUser = (): UseMutationResult<User, Error, ChangeOfUser> =>
  useUserMutation(({ accountId, change }) =>
    consoleApi.call(api.changeUser, { params: { accountId: String(accountId) }, body: change }),
  );

export const useResetPassword = (): UseMutationResult<OneTimePassword, Error, number> =>
  useUserMutation((accountId) =>
    consoleApi.call(api.resetUserPassword, { params: { accountId: String(accountId) } }),
  );

export const useDeleteUser = (): UseMutationResult<undefined, Error, number> =>
  useUserMutation((accountId) =>
    consoleApi.call(api.deleteUser, { params: { accountId: String(accountId) } }),
  );
