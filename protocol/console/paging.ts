/** Lists are read in pages: an opaque cursor goes on where the page before ended. */
import { z } from 'zod';

export const DEFAULT_PAGE_SIZE = 100;
export const LARGEST_PAGE_SIZE = 500;

export const PageQuery = z.object({
  cursor: z.string().max(2000).optional(),
  limit: z.coerce.number().int().min(1).max(LARGEST_PAGE_SIZE).default(DEFAULT_PAGE_SIZE),
});

/** `total` counts all rows of the filter, not those of the page. */
export const pageOf = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), nextCursor: z.string().optional(), total: z.int() });
