import { cutValueOf, differencesBetween } from './entry-differences.ts';

describe('What an entry of the audit log changed', () => {
  it('is shown field by field, each as added, removed, changed or the same', () => {
    const before = { name: 'Pilot', parent: null, times: [3, 15], old: true };
    const after = { name: 'Pilot ring', parent: null, times: [3], rules: { added: 'x' } };
    expect(differencesBetween(before, after)).toEqual([
      { path: 'name', kind: 'changed', before: 'Pilot', after: 'Pilot ring' },
      { path: 'parent', kind: 'same', before: 'null', after: 'null' },
      { path: 'times[0]', kind: 'same', before: '3', after: '3' },
      { path: 'times[1]', kind: 'removed', before: '15', after: undefined },
      { path: 'old', kind: 'removed', before: 'true', after: undefined },
      { path: 'rules.added', kind: 'added', before: undefined, after: 'x' },
    ]);
  });

  it('is one line for a value that has no fields, and none where there is no value', () => {
    expect(differencesBetween(undefined, [])).toEqual([
      { path: '', kind: 'added', before: undefined, after: '[]' },
    ]);
    expect(differencesBetween('x', 'y')).toEqual([{ path: '', kind: 'changed', before: 'x', after: 'y' }]);
    expect(differencesBetween(undefined, undefined)).toEqual([]);
  });

  it('leaves out that a list was empty where its members say it', () => {
    expect(differencesBetween({ hours: [], rest: {} }, { hours: [3], rest: {} })).toEqual([
      { path: 'rest', kind: 'same', before: '{}', after: '{}' },
      { path: 'hours[0]', kind: 'added', before: undefined, after: '3' },
    ]);
    expect(differencesBetween({ name: 'x' }, {})).toEqual([
      { path: 'name', kind: 'removed', before: 'x', after: undefined },
    ]);
  });

  it('says that only the beginning of a value was kept', () => {
    const truncated = { beginning: '"x', bytes: 70_000, sha256: 'ab' };
    expect(cutValueOf({ truncated })).toEqual(truncated);
    expect(cutValueOf({ truncated, more: 1 })).toBeUndefined();
    expect(cutValueOf({ truncated: 'yes' })).toBeUndefined();
  });
});
