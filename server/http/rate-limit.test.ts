import fc from 'fast-check';
import { RateLimit } from './rate-limit.ts';

/** A clock that is set by hand, in milliseconds. */
const handClock = () => {
  let now = 0;
  return { read: () => now, advance: (milliseconds: number) => void (now += milliseconds) };
};

const passed = (limit: RateLimit, address: string, count: number): number =>
  Array.from({ length: count }, () => limit.take(address)).filter((wait) => wait === 0).length;

describe('The limit of requests from one address', () => {
  it('lets five seconds of requests through at once, then what the rate allows', () => {
    const clock = handClock();
    const limit = new RateLimit(10, clock.read);
    expect(passed(limit, 'a', 100)).toBe(50);
    clock.advance(1000);
    expect(passed(limit, 'a', 100)).toBe(10);
    clock.advance(60_000);
    expect(passed(limit, 'a', 100)).toBe(50);
  });

  it('does not let one address use up what another may', () => {
    const limit = new RateLimit(1, handClock().read);
    expect(passed(limit, 'a', 100)).toBe(5);
    expect(passed(limit, 'b', 100)).toBe(5);
  });

  it('says after how long it is worth trying again', () => {
    const clock = handClock();
    const limit = new RateLimit(1, clock.read);
    passed(limit, 'a', 5);
    const wait = limit.take('a');
    expect(wait).toBeGreaterThanOrEqual(1);
    clock.advance(wait * 1000);
    expect(limit.take('a')).toBe(0);
  });

  it('is off at 0', () => {
    const limit = new RateLimit(0, handClock().read);
    expect(passed(limit, 'a', 10_000)).toBe(10_000);
    expect(limit.size).toBe(0);
  });

  it('remembers only so many addresses, and forgets the one that was quiet longest', () => {
    const limit = new RateLimit(1, handClock().read, 3);
    passed(limit, 'busy', 5);
    for (let index = 0; index < 1000; index += 1) {
      limit.take(`address ${index}`);
      limit.take('busy');
    }
    expect(limit.size).toBe(3);
    expect(limit.take('busy')).toBeGreaterThan(0);
  });

  it('never lets more through than burst and rate together, whatever the times between requests', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 50 }),
        fc.array(fc.integer({ min: 0, max: 2_000 }), { maxLength: 400 }),
        (perSecond, pauses) => {
          const clock = handClock();
          const limit = new RateLimit(perSecond, clock.read);
          let count = 0;
          for (const pause of pauses) {
            clock.advance(pause);
            if (limit.take('a') === 0) count += 1;
          }
          const seconds = clock.read() / 1000;
          expect(count).toBeLessThanOrEqual(perSecond * 5 + perSecond * seconds + 1);
        },
      ),
    );
  });
});
