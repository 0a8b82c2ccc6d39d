/** Lists of entity tags in conditional requests (RFC 9110 13.1). */

const tagsOf = (list: string): readonly string[] => list.match(/(?:W\/)?"[^"]*"/g) ?? [];

/** For If-Match: `*`, or this very tag. */
export const listsStrongly = (list: string, etag: string): boolean =>
  list.trim() === '*' || tagsOf(list).includes(etag);

/** For If-None-Match: `*`, or this tag, weak or not. */
export const listsWeakly = (list: string, etag: string): boolean =>
  list.trim() === '*' || tagsOf(list).some((tag) => tag.replace(/^W\//, '') === etag);
