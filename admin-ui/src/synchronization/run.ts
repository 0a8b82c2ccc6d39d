/** A synchronization as the API tells of it; apart, since its words and its looks both speak of it. */
import type { z } from 'zod';
import type { SyncRun } from '../../../protocol/console/synchronization.ts';

export type Run = z.infer<typeof SyncRun>;
