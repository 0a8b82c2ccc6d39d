/** The `Range` header (RFC 9110 14.1, 14.2) for `bytes`. */

/** Both ends included, as in `Content-Range`. */
export interface ByteRange {
  readonly first: number;
  readonly last: number;
}

export type RangeAnswer =
  /** No range, or one that may be ignored: the whole, 200. */
  | { readonly kind: 'whole' }
  /** 206 with these, in the order asked. */
  | { readonly kind: 'ranges'; readonly ranges: readonly [ByteRange, ...ByteRange[]] }
  /** 416. */
  | { readonly kind: 'unsatisfiable' };

const WHOLE: RangeAnswer = { kind: 'whole' };

/** More than this is a set that RFC 9110 14.2 lets a server ignore. */
const MAXIMUM_RANGES = 200;
/** "more than two overlapping ranges" (RFC 9110 14.2) are an attack or an error. */
const MAXIMUM_OVERLAPPING = 2;

/**
 * What to send for a `Range` header.
 *
 * @param header as received; undefined where there was none
 * @param size bytes of the whole
 */
export function parseRange(header: string | undefined, size: number): RangeAnswer {
  const set = /^bytes=(.*)$/i.exec(header?.trim() ?? '')?.[1];
  if (set === undefined) return WHOLE;
  const items = set
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
  if (items.length === 0 || items.length > MAXIMUM_RANGES) return WHOLE;
  const ranges: ByteRange[] = [];
  for (const item of items) {
    const range = parseItem(item, size);
    if (range === 'invalid') return WHOLE;
    if (range !== 'unsatisfiable') ranges.push(range);
  }
  const [first, ...others] = ranges;
  if (first === undefined) return { kind: 'unsatisfiable' };
  if (overlapping(ranges) > MAXIMUM_OVERLAPPING) return WHOLE;
  return { kind: 'ranges', ranges: [first, ...others] };
}

function parseItem(item: string, size: number): ByteRange | 'invalid' | 'unsatisfiable' {
  const match = /^(\d*)\s*-\s*(\d*)$/.exec(item);
  if (match === null) return 'invalid';
  const [, from = '', to = ''] = match;
  if (from === '') {
    if (to === '') return 'invalid';
    const length = Number(to);
    return length === 0 || size === 0
      ? 'unsatisfiable'
      : { first: Math.max(0, size - length), last: size - 1 };
  }
  const first = Number(from);
  const last = to === '' ? size - 1 : Number(to);
  if (to !== '' && last < first) return 'invalid';
  return first >= size ? 'unsatisfiable' : { first, last: Math.min(last, size - 1) };
}

/** How many ranges share bytes with the one that begins before them. */
function overlapping(ranges: readonly ByteRange[]): number {
  const sorted = [...ranges].sort((a, b) => a.first - b.first);
  let count = 0;
  let end = -1;
  for (const { first, last } of sorted) {
    if (first <= end) count += 1;
    end = Math.max(end, last);
  }
  return count;
}

/** `Content-Range` of a part (RFC 9110 14.4). */
export const contentRange = ({ first, last }: ByteRange, size: number): string =>
  `bytes ${first}-${last}/${size}`;
