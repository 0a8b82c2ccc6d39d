import fc from 'fast-check';
import { canonicalCodes, codeLengths } from './huffman.ts';

const LONGEST = 16;

const frequencies = fc.oneof(
  fc.array(fc.nat(40_000), { minLength: 2, maxLength: 300 }),
  // As uneven as can be: without a bound the codes would be as long as there are symbols.
  fc.integer({ min: 2, max: 40 }).map((count) => {
    const fibonacci = [1, 1];
    while (fibonacci.length < count) fibonacci.push((fibonacci.at(-1) ?? 0) + (fibonacci.at(-2) ?? 0));
    return fibonacci;
  }),
);

describe('a Huffman code', () => {
  it('is complete, of bounded length, and has a code for every symbol that occurs', () => {
    fc.assert(
      fc.property(frequencies, (counts) => {
        const lengths = codeLengths(Uint32Array.from(counts), LONGEST);
        const used = [...lengths].filter((length) => length > 0);
        expect(Math.max(...used)).toBeLessThanOrEqual(LONGEST);
        expect(used.reduce((sum, length) => sum + 2 ** -length, 0)).toBe(1);
        expect(counts.every((count, symbol) => count === 0 || (lengths[symbol] ?? 0) > 0)).toBe(true);
      }),
    );
  });

  it('has no code that begins another', () => {
    fc.assert(
      fc.property(frequencies, (counts) => {
        const lengths = codeLengths(Uint32Array.from(counts), LONGEST);
        const codes = canonicalCodes(lengths);
        const spelled = [...lengths].flatMap((length, symbol) =>
          length === 0 ? [] : [(codes[symbol] ?? 0).toString(2).padStart(length, '0')],
        );
        spelled.sort();
        expect(spelled.some((code, index) => spelled[index + 1]?.startsWith(code))).toBe(false);
      }),
    );
  });
});
