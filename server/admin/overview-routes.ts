/** The overview: sums, the last synchronization, and what is risky until somebody mends it. */
import { readOverview } from '../../catalog/store/overview.ts';
import { listRuns } from '../../catalog/store/upstream/synchronization.ts';
import { clientAddresses } from './client-addresses.ts';
import type { ConsoleContext } from './context.ts';
import { signedIn, type SomeHandlers } from './handlers.ts';
import { measured } from './measured-answer.ts';
import { risksOf } from './risks.ts';

export function overviewRoutes(context: ConsoleContext): SomeHandlers<'overview'> {
  const { db, now } = context;
  const readSums = measured(() => readOverview(db, now()));
  return {
    overview: signedIn('overview', () => {
      const sums = readSums();
      const [lastRun] = listRuns(db, 1);
      return {
        ...sums,
        ...(lastRun === undefined ? {} : { lastRun }),
        risks: risksOf(context, sums, lastRun),
        clientAddresses: clientAddresses(context.config),
      };
    }),
  };
}
