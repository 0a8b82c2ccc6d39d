import fc from 'fast-check';
import { IdentityList } from './identity-list.ts';

const identity = fc.record({
  updateId: fc.uuid(),
  revisionNumber: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
});

describe('a list of identities', () => {
  it('gives back what was added, in the same order, as often as it is asked', () => {
    fc.assert(
      fc.property(fc.array(identity, { maxLength: 3_000, size: 'max' }), (identities) => {
        const list = new IdentityList();
        for (const each of identities) list.add(each);
        expect(list.length).toBe(identities.length);
        expect([...list]).toEqual(identities);
        expect([...list]).toEqual(identities);
      }),
      { numRuns: 20 },
    );
  });
});
