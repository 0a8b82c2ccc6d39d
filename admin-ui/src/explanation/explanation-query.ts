/** Asks why a computer gets an update, or does not. */
import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { api } from '../../../protocol/console/api.ts';
import type { Explanation } from '../../../protocol/console/explanation.ts';
import { consoleApi } from '../api/console-api.ts';

export const useExplanation = (computerId: string, updateId: string): UseQueryResult<Explanation> =>
  useQuery({
    queryKey: ['computers', 'explanation', computerId, updateId],
    queryFn: ({ signal }) => consoleApi.call(api.explanation, { params: { computerId, updateId }, signal }),
  });
