/** Trees from rows that name their parent. */

export interface TreeNode<T> {
  readonly item: T;
  readonly id: string;
  readonly depth: number;
  readonly children: readonly TreeNode<T>[];
}

interface Parented {
  readonly parentId?: string | undefined;
}

/** Rows in the order given; a row whose parent is absent, or that is in a circle, stands at the root. */
export function buildTree<T extends Parented>(rows: readonly T[], idOf: (row: T) => string): TreeNode<T>[] {
  const byId = new Map(rows.map((row) => [idOf(row), row]));
  const childrenOf = new Map<string, T[]>();
  const roots: T[] = [];
  for (const row of rows) {
    const parent = parentInTree(row, byId, idOf);
    if (parent === undefined) roots.push(row);
    else childrenOf.set(parent, [...(childrenOf.get(parent) ?? []), row]);
  }
  const grow = (row: T, depth: number): TreeNode<T> => {
    const id = idOf(row);
    return {
      item: row,
      id,
      depth,
      children: (childrenOf.get(id) ?? []).map((child) => grow(child, depth + 1)),
    };
  };
  return roots.map((row) => grow(row, 0));
}

function parentInTree<T extends Parented>(
  row: T,
  byId: ReadonlyMap<string, T>,
  idOf: (row: T) => string,
): string | undefined {
  if (row.parentId === undefined || !byId.has(row.parentId)) return undefined;
  const seen = new Set([idOf(row)]);
  for (let above: string | undefined = row.parentId; above !== undefined; above = byId.get(above)?.parentId) {
    if (seen.has(above)) return undefined;
    seen.add(above);
  }
  return row.parentId;
}

/** Every node, parents before their children. */
export function flatten<T>(nodes: readonly TreeNode<T>[]): TreeNode<T>[] {
  return nodes.flatMap((node) => [node, ...flatten(node.children)]);
}

/** The node's own id and those of everything below it. */
export const idsBelow = <T>(node: TreeNode<T>): string[] => flatten([node]).map((one) => one.id);

/** How a parent's checkbox shows, from those of its leaves. */
export function checkedState<T>(node: TreeNode<T>, selected: ReadonlySet<string>): boolean | 'mixed' {
  if (selected.has(node.id)) return true;
  const below = flatten(node.children);
  if (below.length === 0) return false;
  const leaves = below.filter((one) => one.children.length === 0);
  if (leaves.every((leaf) => selected.has(leaf.id))) return true;
  return below.some((one) => selected.has(one.id)) ? 'mixed' : false;
}
