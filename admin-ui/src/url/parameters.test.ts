import fc from 'fast-check';
import {
  knownValue,
  knownValues,
  readSelection,
  textValue,
  withChange,
  writeSelection,
} from './parameters.ts';

describe('the address bar', () => {
  it('drops values that are not known, and keeps each known one once', () => {
    const params = new URLSearchParams('status=Failed&status=Nonsense&status=Failed&status=Installed');
    expect(knownValues(params, 'status', ['Installed', 'Failed'])).toEqual(['Installed', 'Failed']);
  });

  it('falls back where a value is missing or unknown', () => {
    expect(knownValue(new URLSearchParams('tab=files'), 'tab', ['details', 'files'], 'details')).toBe(
      'files',
    );
    expect(knownValue(new URLSearchParams('tab=x'), 'tab', ['details', 'files'], 'details')).toBe('details');
    expect(textValue(new URLSearchParams('search='), 'search')).toBeUndefined();
  });

  it('changes the keys named and leaves the others, in a copy', () => {
    const before = new URLSearchParams('search=x&product=a&product=b&sort=title');
    const after = withChange(before, { product: ['c', 'd'], search: undefined, open: 'u1', kb: '' });
    expect(after.toString()).toBe('sort=title&product=c&product=d&open=u1');
    expect(before.toString()).toBe('search=x&product=a&product=b&sort=title');
  });

  it('carries the ticked rows behind the #, and gives them back', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.uuid(), { maxLength: 50 }), (ids) => {
        expect([...readSelection(writeSelection(new Set(ids)))]).toEqual(ids);
      }),
    );
  });

  it('has nothing ticked where the # says something else', () => {
    expect(readSelection('')).toEqual(new Set());
    expect(readSelection('#main')).toEqual(new Set());
    expect(writeSelection(new Set())).toBe('');
  });
});
