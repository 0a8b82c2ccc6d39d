import { buildTree } from '../tree/tree.ts';
import { matchingTree, sameChoice, spreadChoice, toggleCategory } from './category-choice.ts';

const tree = buildTree(
  [
    { id: 'microsoft' },
    { id: 'windows', parentId: 'microsoft' },
    { id: 'windows-10', parentId: 'windows' },
    { id: 'windows-11', parentId: 'windows' },
    { id: 'office', parentId: 'microsoft' },
  ],
  ({ id }) => id,
);
const sorted = (chosen: ReadonlySet<string>): string[] => [...chosen].toSorted();

describe('choosing products', () => {
  it('chooses all of a family with the family', () => {
    expect(sorted(toggleCategory(tree, new Set(), 'windows'))).toEqual([
      'windows',
      'windows-10',
      'windows-11',
    ]);
  });

  it('chooses the family with the last of its products', () => {
    const one = toggleCategory(tree, new Set(), 'windows-10');
    expect(sorted(one)).toEqual(['windows-10']);
    expect(sorted(toggleCategory(tree, one, 'windows-11'))).toEqual(['windows', 'windows-10', 'windows-11']);
  });

  it('leaves the other products chosen when one is taken away from a family', () => {
    const family = toggleCategory(tree, new Set(), 'microsoft');
    expect(sorted(toggleCategory(tree, family, 'windows-10'))).toEqual(['office', 'windows-11']);
  });

  it('takes all of a family away with the family', () => {
    const family = toggleCategory(tree, new Set(['office']), 'windows');
    expect(sorted(toggleCategory(tree, family, 'windows'))).toEqual(['office']);
  });

  it('takes a family that was chosen alone for all below it', () => {
    expect(sorted(spreadChoice(tree, new Set(['windows'])))).toEqual(['windows', 'windows-10', 'windows-11']);
  });

  it('knows an unchanged choice from a changed one', () => {
    expect(sameChoice(new Set(['a', 'b']), new Set(['b', 'a']))).toBe(true);
    expect(sameChoice(new Set(['a']), new Set(['a', 'b']))).toBe(false);
  });

  it('finds products by their words and keeps the families above them', () => {
    const found = matchingTree(tree, ' WINDOWS-11 ', ({ id }) => id);
    expect(found.map(({ id }) => id)).toEqual(['microsoft']);
    expect(found[0]!.children.map(({ id }) => id)).toEqual(['windows']);
    expect(found[0]!.children[0]!.children.map(({ id }) => id)).toEqual(['windows-11']);
  });
});
