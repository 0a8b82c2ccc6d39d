/** `GET /api/overview`: are we safe, what is new, what went wrong. */
import { z } from 'zod';
import { StatusCounts } from './status.ts';
import { SyncRun } from './synchronization.ts';

export const Risk = z.object({
  code: z.enum([
    'PLAIN_HTTP',
    'NO_UPSTREAM',
    'NOTHING_CHOSEN',
    'CERTIFICATE_EXPIRES',
    'CONTENT_QUARANTINED',
    'DISK_NEARLY_FULL',
    'SYNC_FAILED',
    'AUDIT_LOG_ALTERED',
  ]),
  text: z.string(),
});

export const Overview = z.object({
  computers: z.object({
    total: z.int(),
    unassigned: z.int(),
    notSeenFor30Days: z.int(),
    withFailures: z.int(),
  }),
  updates: z.object({
    total: z.int(),
    approved: z.int(),
    notApproved: z.int(),
    declined: z.int(),
    arrivedLast7Days: z.int(),
  }),
  /** Approved updates over all computers. */
  status: StatusCounts,
  content: z.object({
    presentFiles: z.int(),
    presentBytes: z.int(),
    wantedFiles: z.int(),
    wantedBytes: z.int(),
    quarantinedFiles: z.int(),
  }),
  lastRun: SyncRun.optional(),
  risks: z.array(Risk),
  /** Where computers are to be pointed at, HTTPS first: `https://relay.example.org:8531`. */
  clientAddresses: z.array(z.string()),
});
export type Overview = z.infer<typeof Overview>;
