import { allChecked, toggled, withRange } from './selection.ts';

const ids = ['a', 'b', 'c', 'd'];

describe('ticking rows', () => {
  it('ticks and unticks one, in a copy', () => {
    const before = new Set(['a']);
    expect(toggled(before, 'b')).toEqual(new Set(['a', 'b']));
    expect(toggled(before, 'a')).toEqual(new Set());
    expect(before).toEqual(new Set(['a']));
  });

  it('ticks everything between two rows, in either direction', () => {
    expect(withRange(new Set(), ids, 'b', 'd')).toEqual(new Set(['b', 'c', 'd']));
    expect(withRange(new Set(['d']), ids, 'c', 'a')).toEqual(new Set(['a', 'b', 'c', 'd']));
  });

  it('ticks the one row where the other is no longer shown', () => {
    expect(withRange(new Set(), ids, 'gone', 'b')).toEqual(new Set(['b']));
  });

  it('shows all, some or none as ticked', () => {
    expect(allChecked(new Set(), ids)).toBe(false);
    expect(allChecked(new Set(['a', 'elsewhere']), ids)).toBe('mixed');
    expect(allChecked(new Set(ids), ids)).toBe(true);
    expect(allChecked(new Set(ids), [])).toBe(false);
  });
});
