import fc from 'fast-check';
import { contentRange, parseRange } from './byte-ranges.ts';

describe('A Range header', () => {
  it.each<[string | undefined, number, ReturnType<typeof parseRange>]>([
    [undefined, 10, { kind: 'whole' }],
    ['bytes=0-4', 10, { kind: 'ranges', ranges: [{ first: 0, last: 4 }] }],
    ['BYTES=0-4', 10, { kind: 'ranges', ranges: [{ first: 0, last: 4 }] }],
    ['bytes=5-', 10, { kind: 'ranges', ranges: [{ first: 5, last: 9 }] }],
    ['bytes=-3', 10, { kind: 'ranges', ranges: [{ first: 7, last: 9 }] }],
    ['bytes=-30', 10, { kind: 'ranges', ranges: [{ first: 0, last: 9 }] }],
    ['bytes=9-99', 10, { kind: 'ranges', ranges: [{ first: 9, last: 9 }] }],
    [
      'bytes=0-0, 4-5 ,-1',
      10,
      {
        kind: 'ranges',
        ranges: [
          { first: 0, last: 0 },
          { first: 4, last: 5 },
          { first: 9, last: 9 },
        ],
      },
    ],
    ['bytes=10-', 10, { kind: 'unsatisfiable' }],
    ['bytes=-0', 10, { kind: 'unsatisfiable' }],
    ['bytes=0-', 0, { kind: 'unsatisfiable' }],
    ['bytes=-5', 0, { kind: 'unsatisfiable' }],
    ['bytes=20-30, 2-3', 10, { kind: 'ranges', ranges: [{ first: 2, last: 3 }] }],
    ['bytes=99999999999999999999-', 10, { kind: 'unsatisfiable' }],
    ['bytes=5-4', 10, { kind: 'whole' }],
    ['bytes=a-b', 10, { kind: 'whole' }],
    ['bytes=', 10, { kind: 'whole' }],
    ['bytes=-', 10, { kind: 'whole' }],
    ['bytes=1-2-3', 10, { kind: 'whole' }],
    ['lines=1-2', 10, { kind: 'whole' }],
    ['bytes=0-3,1-4,2-5,3-6', 10, { kind: 'whole' }],
  ])('%s of %i bytes', (header, size, expected) => {
    expect(parseRange(header, size)).toEqual(expected);
  });

  it('of very many ranges is ignored', () => {
    const many = Array.from({ length: 201 }, (_, index) => `${index * 2}-${index * 2}`).join(',');
    expect(parseRange(`bytes=${many}`, 1000)).toEqual({ kind: 'whole' });
  });

  it('of any kind gives ranges inside the file and nothing else', () => {
    const number = fc.oneof(fc.constant(''), fc.nat(40).map(String), fc.constant('99999999999999999999'));
    const item = fc.tuple(number, number).map(([from, to]) => `${from}-${to}`);
    const header = fc.oneof(
      fc.array(item, { maxLength: 5 }).map((items) => `bytes=${items.join(',')}`),
      fc.string(),
    );
    fc.assert(
      fc.property(header, fc.nat(30), (text, size) => {
        const answer = parseRange(text, size);
        if (answer.kind !== 'ranges') return;
        for (const { first, last } of answer.ranges) {
          expect(first).toBeGreaterThanOrEqual(0);
          expect(last).toBeGreaterThanOrEqual(first);
          expect(last).toBeLessThan(size);
        }
      }),
    );
  });

  it('is repeated in Content-Range with the whole size', () => {
    expect(contentRange({ first: 3, last: 7 }, 10)).toBe('bytes 3-7/10');
  });
});
