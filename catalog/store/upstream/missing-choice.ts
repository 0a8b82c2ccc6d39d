/** What is not chosen that updates are asked for by, in a sentence that says where to choose it. */
import type { Database } from 'better-sqlite3';
import { selectedFilter } from './synchronization.ts';
import type { SelectedFilter } from './synchronization.ts';

const WHERE = 'in the console under Synchronization, Products and classifications';

/**
 * A revision belongs to a product and to a classification ([MS-WSUSSS] 3.1.4.5), so none is asked for where either has
 * none chosen.
 *
 * @returns undefined where both are chosen
 */
export function missingChoice({ products, classifications }: SelectedFilter): string | undefined {
  const missing = [
    ...(products.length === 0 ? ['product'] : []),
    ...(classifications.length === 0 ? ['classification'] : []),
  ];
  if (missing.length === 0) return undefined;
  return `No ${missing.join(' and no ')} is chosen, so no update is asked for. Choose both ${WHERE}, and synchronize again.`;
}

/** Of all that is chosen. */
export const missingFromChoice = (db: Database): string | undefined => missingChoice(selectedFilter(db));

/** Of the faster schedule, which asks for no classification that is not chosen for the main one. */
export const NOTHING_FOR_FAST = `None of the faster schedule’s classifications is chosen for synchronization, so it asks for no update. Choose one of them ${WHERE}, or others for the faster schedule.`;
