/** What a process whose disk takes only so many bytes says when it has ended (`limited-disk.ts`). */
import { z } from 'zod';

export const Remains = z.object({
  error: z.string(),
  problem: z.string(),
  isVisible: z.boolean(),
  incomingBytes: z.int(),
  /** Bytes of the disk that are in use and were not before. */
  takenBytes: z.int(),
});
export type Remains = z.infer<typeof Remains>;
