/** Where a page ended: the order, and the last row's place in it. Opaque to callers, and checked when it comes back. */
import { z } from 'zod';
import { RefusalError } from './refusal.ts';

export interface Cursor<Place> {
  write(place: Place): string;
  /** @throws RefusalError where it is none of ours, or of another order */
  read(cursor: string): Place;
}

/**
 * Cursors of one list in one order.
 *
 * @param order names list and order: a cursor of another one is refused
 * @param schema the last row's place: what is sorted by, and the id that tells equal rows apart
 */
export function cursorsOf<Place>(order: string, schema: z.ZodType<Place>): Cursor<Place> {
  const Written = z.tuple([z.literal(order), schema]);
  return {
    write: (place) => Buffer.from(JSON.stringify([order, place])).toString('base64url'),
    read: (cursor) => {
      const parsed = Written.safeParse(parseJson(Buffer.from(cursor, 'base64url').toString()));
      if (parsed.success) return parsed.data[1];
      throw cursorInvalid();
    },
  };
}

export const cursorInvalid = (): RefusalError =>
  new RefusalError(
    'invalid',
    'CURSOR_INVALID',
    'The cursor is none of this list in this order. Begin again without it.',
  );

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
