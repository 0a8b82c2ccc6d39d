/** Details of the updates that are to be decided, for as many as can be shown. */
import { useQueries } from '@tanstack/react-query';
import type { UpdateDetails } from '../../../protocol/console/updates.ts';
import { updateDetails } from '../updates/updates-queries.ts';

/** Past this, the preview says what each has now; reading hundreds of details would say no more. */
const MOST_READ = 20;

export interface PresentUpdates {
  readonly updates: readonly UpdateDetails[];
  readonly isReading: boolean;
}

export function usePresentUpdates(updateIds: readonly string[]): PresentUpdates {
  return useQueries({
    queries: (updateIds.length > MOST_READ ? [] : updateIds).map(updateDetails),
    combine: (results) => ({
      updates: results.map(({ data }) => data).filter((data) => data !== undefined),
      isReading: results.some(({ isPending }) => isPending),
    }),
  });
}
