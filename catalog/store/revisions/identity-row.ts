/** The identity of a revision as the database has it. */
import { z } from 'zod';
import type { UpdateIdentity } from '../../metadata/model.ts';

export const IdentityRow = z
  .object({ update_id: z.string(), revision_number: z.int() })
  .transform((row): UpdateIdentity => ({ updateId: row.update_id, revisionNumber: row.revision_number }));
