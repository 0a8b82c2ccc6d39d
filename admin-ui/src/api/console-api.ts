/** The one client and the one cache of the page. */
import { QueryClient } from '@tanstack/react-query';
import { ApiClient } from './api-client.ts';
import { ApiError } from './api-error.ts';
import { reachability } from './connection.ts';

export const sessionKey = ['session'] as const;

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      // What a reason was given for fails again in the same way; a lost connection heals by itself (ConnectionBar).
      retry: (failures, error) => failures < 2 && error instanceof ApiError && error.status >= 502,
      networkMode: 'always',
    },
    mutations: { retry: false, networkMode: 'always' },
  },
});

export const consoleApi = new ApiClient({
  onReach: (reached) => reachability.report(reached),
  onSignedOut: () => queryClient.setQueryData(sessionKey, null),
});
