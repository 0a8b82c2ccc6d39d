/**
 * Which products are chosen. A family stands for what is below it; the choice names both, so that it means the same to
 * whoever reads it without the tree.
 */
import { flatten, idsBelow, type TreeNode } from '../tree/tree.ts';

/** The choice with everything that is below what is chosen. */
export function spreadChoice<T>(
  roots: readonly TreeNode<T>[],
  chosen: ReadonlySet<string>,
): ReadonlySet<string> {
  const next = new Set(chosen);
  for (const node of flatten(roots))
    if (next.has(node.id)) for (const child of node.children) next.add(child.id);
  return next;
}

/** Chooses a node with all below it, and those above whose last missing part it was; or takes all of that away. */
export function toggleCategory<T>(
  roots: readonly TreeNode<T>[],
  chosen: ReadonlySet<string>,
  id: string,
): ReadonlySet<string> {
  const path = pathTo(roots, id);
  const node = path.at(-1);
  if (node === undefined) return chosen;
  const next = new Set(chosen);
  const isOn = idsBelow(node).every((one) => next.has(one));
  if (isOn) {
    for (const one of [...path.map((above) => above.id), ...idsBelow(node)]) next.delete(one);
    return next;
  }
  for (const one of idsBelow(node)) next.add(one);
  for (const above of path.toReversed())
    if (above.children.every((child) => next.has(child.id))) next.add(above.id);
  return next;
}

function pathTo<T>(roots: readonly TreeNode<T>[], id: string): TreeNode<T>[] {
  for (const root of roots) {
    if (root.id === id) return [root];
    const below = pathTo(root.children, id);
    if (below.length > 0) return [root, ...below];
  }
  return [];
}

/** Nodes whose title has the words, with those above them. */
export function matchingTree<T>(
  roots: readonly TreeNode<T>[],
  words: string,
  titleOf: (item: T) => string,
): TreeNode<T>[] {
  const wanted = words.trim().toLowerCase();
  if (wanted === '') return [...roots];
  return roots.flatMap((node) => {
    if (titleOf(node.item).toLowerCase().includes(wanted)) return [node];
    const children = matchingTree(node.children, words, titleOf);
    return children.length === 0 ? [] : [{ ...node, children }];
  });
}

/** Sets with the same members. */
export const sameChoice = (a: ReadonlySet<string>, b: ReadonlySet<string>): boolean =>
  a.size === b.size && a.isSubsetOf(b);
