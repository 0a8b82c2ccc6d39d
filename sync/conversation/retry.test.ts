import fc from 'fast-check';
import { ERROR_CODES, SoapFault } from '../../protocol/soap/fault.ts';
import { ConnectionError } from '../connection-error.ts';
import { MOST_RETRIES, readRetryAfter, retryAfter } from './retry.ts';
import { UpstreamError } from './upstream-error.ts';

const MINUTE = 60_000;
const broken = new ConnectionError('connect', 'cut');
const answered = (status: number, asked?: number): UpstreamError =>
  new UpstreamError('http', 'no', { status, retryAfter: asked });
const retries = fc.integer({ min: 0, max: MOST_RETRIES - 1 });
const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe('a call that failed', () => {
  it('is made again where the connection broke, the server is busy, or the status passes by itself, and no other', () => {
    expect(retryAfter(broken, 0, 0)).toBeDefined();
    for (const status of [408, 425, 429, 502, 503, 504])
      expect(retryAfter(answered(status), 0, 0)).toBeDefined();
    for (const status of [301, 400, 401, 403, 404, 407, 413, 500, 501])
      expect(retryAfter(answered(status), 0, 0)).toBeUndefined();
    const repeated = ERROR_CODES.filter((code) => retryAfter(new SoapFault(code), 0, 0) !== undefined);
    expect(repeated).toEqual(['ServerBusy']);
    expect(retryAfter(new UpstreamError('response', 'unreadable', { status: 200 }), 0, 0)).toBeUndefined();
    expect(retryAfter(new Error('a bug'), 0, 0)).toBeUndefined();
  });

  it('waits longer each time, between half of the wait and all of it, and never more than two minutes', () => {
    fc.assert(
      fc.property(
        retries,
        random,
        fc.constantFrom<unknown>(broken, answered(503)),
        (count, chance, error) => {
          const wait = retryAfter(error, count, chance) ?? Number.NaN;
          const longest = retryAfter(error, count, 1) ?? Number.NaN;
          expect(wait).toBeGreaterThanOrEqual(longest / 2);
          expect(wait).toBeLessThanOrEqual(longest);
          expect(longest).toBeLessThanOrEqual(2 * MINUTE);
          expect(longest).toBeGreaterThanOrEqual(count === 0 ? 0 : (retryAfter(error, count - 1, 1) ?? 0));
        },
      ),
    );
  });

  it.each([
    ['whose connection broke', broken, 1000],
    ['that the server had no time for', answered(503), 5000],
  ])(
    '%s waits from half of %i milliseconds, three times as many at each attempt, up to all of them',
    (_, error, first) => {
      fc.assert(
        fc.property(retries, random, (count, chance) => {
          const longest = Math.min(first * 3 ** count, 2 * MINUTE);
          expect(retryAfter(error, count, chance)).toBeCloseTo(longest / 2 + (longest / 2) * chance, 6);
        }),
      );
    },
  );

  it('is given up after so many attempts', () => {
    expect(retryAfter(broken, MOST_RETRIES - 1, 0)).toBeDefined();
    expect(retryAfter(broken, MOST_RETRIES, 0)).toBeUndefined();
  });

  it('waits as long as the server asks for, and is given up where that is longer than a synchronization waits', () => {
    expect(retryAfter(answered(503, 5 * MINUTE), 0, 0)).toBe(5 * MINUTE);
    expect(retryAfter(answered(503, 0), 0, 0)).toBeGreaterThan(0);
    expect(retryAfter(answered(503, 60 * MINUTE), 0, 0)).toBeUndefined();
    expect(retryAfter(answered(404, MINUTE), 0, 0)).toBeUndefined();
  });
});

it('Retry-After is read in seconds, as a date in the future or the past, and not where it is neither', () => {
  const now = Date.parse('2026-03-01T12:00:00Z');
  expect(readRetryAfter('120', now)).toBe(120_000);
  expect(readRetryAfter('Sun, 01 Mar 2026 12:01:00 GMT', now)).toBe(MINUTE);
  expect(readRetryAfter('Sun, 01 Mar 2026 11:00:00 GMT', now)).toBe(0);
  expect(readRetryAfter('soon', now)).toBeUndefined();
  expect(readRetryAfter('99999999999999999999', now)).toBeUndefined();
  expect(readRetryAfter(undefined, now)).toBeUndefined();
});
