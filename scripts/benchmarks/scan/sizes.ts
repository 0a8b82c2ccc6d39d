/** The approvals that the scan benchmarks speak of: 3,000 in 50 groups, on 100,000 revisions. */
import type { CatalogueSize } from './catalogue.ts';

const SEED = 20_261_101;
const APPROVALS = { groups: 50, commonApprovals: 250, approvalsPerGroup: 55, products: 25 };

export const FULL_SIZE: CatalogueSize = { seed: SEED, revisions: 100_000, ...APPROVALS };
export const QUICK_SIZE: CatalogueSize = {
  seed: SEED,
  revisions: 10_000,
  ...APPROVALS,
  approvalsPerGroup: 15,
};
