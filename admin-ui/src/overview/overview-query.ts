/** What the overview asks. */
import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { api } from '../../../protocol/console/api.ts';
import type { Overview } from '../../../protocol/console/overview.ts';
import { consoleApi } from '../api/console-api.ts';

export const useOverview = (): UseQueryResult<Overview> =>
  useQuery({
    queryKey: ['overview'],
    queryFn: ({ signal }) => consoleApi.call(api.overview, { signal }),
    refetchInterval: 60_000,
  });
