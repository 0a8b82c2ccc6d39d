import fc from 'fast-check';
import { BoundedCache } from './bounded-cache.ts';

const cacheOf = (most: number): BoundedCache<string> => new BoundedCache(most, ({ length }) => length);

describe('a bounded cache', () => {
  it('forgets first what was not asked for longest', () => {
    const cache = cacheOf(3);
    for (const key of ['a', 'b', 'c']) cache.set(key, key);
    cache.get('a');
    cache.set('d', 'd');
    expect(['a', 'b', 'c', 'd'].map((key) => cache.get(key))).toEqual(['a', undefined, 'c', 'd']);
  });

  it('does not keep what is heavier than all it may hold, and forgets nothing else for it', () => {
    const cache = cacheOf(3);
    cache.set('b', 'b');
    cache.set('a', 'long value');
    expect(cache.get('a')).toBeUndefined();
    expect(cache.weight).toBe(1);
    cache.set('b', 'long value');
    expect(cache.get('b')).toBeUndefined();
    expect(cache.weight).toBe(0);
  });

  it('weighs what it is asked by, where that is long', () => {
    const cache = new BoundedCache<string>(10, ({ length }, key) => length + key.length);
    cache.set('12345', '1234');
    cache.set('abc', 'abc');
    expect([cache.get('12345'), cache.get('abc'), cache.weight]).toEqual([undefined, 'abc', 6]);
    cache.set('abc', '');
    expect(cache.weight).toBe(3);
  });

  it('never outweighs its bound, and answers nothing but what was set last', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ key: fc.constantFrom('a', 'b', 'c', 'd'), value: fc.string({ maxLength: 9 }) })),
        (steps) => {
          const cache = cacheOf(15);
          const last = new Map<string, string>();
          for (const { key, value } of steps) {
            cache.set(key, value);
            last.set(key, value);
            expect(cache.weight).toBeLessThanOrEqual(15);
            const kept = [...last.keys()].map((each) => [each, cache.get(each)] as const);
            for (const [each, found] of kept) expect([undefined, last.get(each)]).toContain(found);
            const weight = kept.reduce((sum, [, found]) => sum + (found?.length ?? 0), 0);
            expect(cache.weight).toBe(weight);
          }
        },
      ),
    );
  });

  it('forgets in just that order, however it is asked', () => {
    const step = fc.record({
      does: fc.constantFrom('get', 'set', 'forget'),
      key: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), fc.integer({ min: 1, max: 5 }), (steps, most) => {
        const cache = new BoundedCache<string>(most);
        /** Keys from the one that was not asked for longest. */
        let kept: string[] = [];
        for (const { does, key } of steps) {
          const others = kept.filter((other) => other !== key);
          const isKept = kept.includes(key);
          if (does === 'get') expect(cache.get(key)).toBe(isKept ? key : undefined);
          else if (does === 'set') cache.set(key, key);
          else cache.forget(key);
          if (does === 'forget') kept = others;
          else if (does === 'set' || isKept) kept = [...others, key].slice(-most);
          expect(cache.weight).toBe(kept.length);
        }
        for (const key of ['a', 'b', 'c', 'd', 'e', 'f'])
          expect(cache.get(key)).toBe(kept.includes(key) ? key : undefined);
      }),
    );
  });
});
