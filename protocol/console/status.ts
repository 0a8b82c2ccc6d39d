/** The state of one update on one computer, and sums of it. */
import { z } from 'zod';

export const UPDATE_STATES = [
  'NotInstalled',
  'Downloaded',
  'InstalledPendingReboot',
  'Installed',
  'Failed',
  'NotApplicable',
  'Unknown',
] as const;
export const UpdateState = z.enum(UPDATE_STATES);
export type UpdateState = z.infer<typeof UpdateState>;

/**
 * Computers by state. A computer that said nothing of the update counts as NotApplicable where its latest status list is
 * younger than the update's approval for it, else as Unknown.
 */
export const StatusCounts = z.record(UpdateState, z.int());
export type StatusCounts = z.infer<typeof StatusCounts>;
