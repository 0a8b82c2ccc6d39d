import { evaluatePreconditions } from './preconditions.ts';

const ETAG = '"abc"';
const MODIFIED = new Date('2026-03-01T12:00:00.500Z');
const SAME = 'Sun, 01 Mar 2026 12:00:00 GMT';
const BEFORE = 'Sun, 01 Mar 2026 11:59:59 GMT';
const AFTER = 'Sun, 01 Mar 2026 12:00:01 GMT';

describe('A conditional request', () => {
  it.each<[Record<string, string>, ReturnType<typeof evaluatePreconditions>]>([
    [{}, 'proceed'],
    [{ 'if-none-match': ETAG }, 304],
    [{ 'if-none-match': `"x", W/${ETAG}` }, 304],
    [{ 'if-none-match': '*' }, 304],
    [{ 'if-none-match': '"x"' }, 'proceed'],
    [{ 'if-none-match': '"x"', 'if-modified-since': AFTER }, 'proceed'],
    [{ 'if-modified-since': SAME }, 304],
    [{ 'if-modified-since': AFTER }, 304],
    [{ 'if-modified-since': BEFORE }, 'proceed'],
    [{ 'if-modified-since': 'yesterday' }, 'proceed'],
    [{ 'if-match': ETAG }, 'proceed'],
    [{ 'if-match': '*' }, 'proceed'],
    [{ 'if-match': '"x"' }, 412],
    [{ 'if-match': `W/${ETAG}` }, 412],
    [{ 'if-match': ETAG, 'if-unmodified-since': BEFORE }, 'proceed'],
    [{ 'if-unmodified-since': SAME }, 'proceed'],
    [{ 'if-unmodified-since': BEFORE }, 412],
    [{ 'if-range': ETAG }, 'proceed'],
    [{ 'if-range': '"x"' }, 'proceed-without-range'],
    [{ 'if-range': `W/${ETAG}` }, 'proceed-without-range'],
    [{ 'if-range': SAME }, 'proceed'],
    [{ 'if-range': BEFORE }, 'proceed-without-range'],
    [{ 'if-range': AFTER }, 'proceed-without-range'],
    [{ 'if-range': 'nonsense' }, 'proceed-without-range'],
    [{ 'if-match': '"x"', 'if-none-match': ETAG }, 412],
    [{ 'if-none-match': ETAG, 'if-range': '"x"' }, 304],
  ])('with %j comes to %s', (headers, expected) => {
    expect(evaluatePreconditions(headers, { etag: ETAG, lastModified: MODIFIED })).toBe(expected);
  });
});
