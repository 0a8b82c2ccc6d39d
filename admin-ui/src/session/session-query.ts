/** Who is signed in; null when nobody is. */
import {
  useMutation,
  useQuery,
  useQueryClient,
  type UseMutationResult,
  type UseQueryResult,
} from '@tanstack/react-query';
import { api } from '../../../protocol/console/api.ts';
import type { ChangePassword, Session, SignIn } from '../../../protocol/console/session.ts';
import { ApiError } from '../api/api-error.ts';
import { consoleApi, sessionKey } from '../api/console-api.ts';

function remember(session: Session): Session {
  consoleApi.csrfToken = session.csrfToken;
  return session;
}

async function readSession(signal: AbortSignal): Promise<Session | null> {
  try {
    return remember(await consoleApi.call(api.session, { signal }));
  } catch (error) {
    if (error instanceof ApiError && error.isSignedOut) return null;
    throw error;
  }
}

export const useSession = (): UseQueryResult<Session | null> =>
  useQuery({ queryKey: sessionKey, queryFn: ({ signal }) => readSession(signal), staleTime: Infinity });

export function useSignIn(): UseMutationResult<Session, Error, SignIn> {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (body) => remember(await consoleApi.call(api.signIn, { body })),
    onSuccess: (session) => client.setQueryData(sessionKey, session),
  });
}

export function useChangePassword(): UseMutationResult<Session, Error, ChangePassword> {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (body) => remember(await consoleApi.call(api.changePassword, { body })),
    onSuccess: (session) => client.setQueryData(sessionKey, session),
  });
}

export function useSignOut(): UseMutationResult<undefined, Error, void> {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => consoleApi.call(api.signOut),
    onSuccess: () => {
      consoleApi.csrfToken = undefined;
      client.clear();
      client.setQueryData(sessionKey, null);
    },
  });
}
