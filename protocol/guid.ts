/** The one spelling of guids on the wire: hex digits in groups, without braces. */
const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** In either case. */
export const isGuid = (text: string): boolean => GUID.test(text);

/** What a peer means that leaves a guid out. */
export const ZERO_GUID = '00000000-0000-0000-0000-000000000000';
