import fc from 'fast-check';
import { LANGUAGES } from '../language/languages.ts';
import { countOf, formatBytes, formatCount, formatHresult } from './amounts.ts';

describe('amounts', () => {
  it('are counted in the singular and the plural', () => {
    expect([0, 1, 1234].map((count) => countOf(count, 'update'))).toEqual([
      '0 updates',
      '1 update',
      '1,234 updates',
    ]);
  });

  it('of bytes have three digits and the unit that Windows shows', () => {
    expect([0, 999, 1024, 734_003_200, 88e9].map(formatBytes)).toEqual([
      '0 B',
      '999 B',
      '1.00 KB',
      '700 MB',
      '82.0 GB',
    ]);
  });

  it('are written in the same digits in every language', () => {
    fc.assert(
      fc.property(fc.nat(), fc.constantFrom(...LANGUAGES), (count, language) => {
        expect(formatCount(count)).toBe(new Intl.NumberFormat(language).format(count));
        expect(new Intl.NumberFormat(language).format(count / 100)).toBe(
          new Intl.NumberFormat('en').format(count / 100),
        );
      }),
    );
  });

  it('of failures are written as they are searched for', () => {
    expect(formatHresult(-2_145_124_318)).toBe('0x80240022');
    expect(formatHresult(0)).toBe('0x00000000');
  });
});
