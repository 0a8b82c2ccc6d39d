/** RFC 9457 problem details: what every failed call of the API answers. */
import { z } from 'zod';

export const Problem = z.object({
  /** `urn:sluice:problem:` and the stable code in lower case. */
  type: z.string(),
  title: z.string(),
  status: z.int(),
  /** What was wrong, with which value, and what to do. */
  detail: z.string(),
  code: z.string(),
  /** Where a body or query did not fit its schema. */
  errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
});
export type Problem = z.infer<typeof Problem>;
