import fc from 'fast-check';
import { buildTree, checkedState, flatten, idsBelow } from './tree.ts';

interface Row {
  readonly id: string;
  readonly parentId?: string;
}

const idOf = (row: Row): string => row.id;
const rows: Row[] = [
  { id: 'all' },
  { id: 'berlin', parentId: 'workstations' },
  { id: 'servers', parentId: 'all' },
  { id: 'workstations', parentId: 'all' },
];

describe('a tree of groups', () => {
  it('puts rows under their parents, in the order they came in', () => {
    const tree = flatten(buildTree(rows, idOf));
    expect(tree.map(({ id, depth }) => `${depth} ${id}`)).toEqual([
      '0 all',
      '1 servers',
      '1 workstations',
      '2 berlin',
    ]);
  });

  it('stands a row at the root whose parent is not there', () => {
    expect(buildTree([{ id: 'a', parentId: 'gone' }], idOf).map(({ id }) => id)).toEqual(['a']);
  });

  it('loses no row and repeats none, not even where parents go in a circle', () => {
    const ids = ['a', 'b', 'c', 'd', 'e', 'f'];
    const anyRows = fc.array(fc.option(fc.constantFrom(...ids, 'gone'), { nil: undefined }), {
      minLength: 6,
      maxLength: 6,
    });
    fc.assert(
      fc.property(anyRows, (parents) => {
        const given = ids.map((id, index) => {
          const parentId = parents[index];
          return parentId === undefined ? { id } : { id, parentId };
        });
        const shown = flatten(buildTree(given, idOf)).map(({ id }) => id);
        expect(shown.toSorted()).toEqual(ids);
      }),
    );
  });

  it('shows a parent as ticked, partly or not, by what is below it', () => {
    const all = buildTree(rows, idOf)[0]!;
    expect(checkedState(all, new Set())).toBe(false);
    expect(checkedState(all, new Set(['berlin']))).toBe('mixed');
    expect(checkedState(all, new Set(['berlin', 'servers']))).toBe(true);
    expect(idsBelow(all.children[1]!)).toEqual(['workstations', 'berlin']);
  });
});
