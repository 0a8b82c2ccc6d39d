/** Huffman codes of bounded length, canonical: lengths alone say them. */

/**
 * The length of each symbol's code, 0 for those that do not occur. At least two symbols get one: a code of a single
 * symbol would be no complete one, which readers refuse.
 */
export function codeLengths(frequencies: Uint32Array, longest: number): Uint8Array {
  const weights = frequencies.slice();
  for (
    let symbol = 0, used = weights.reduce((sum, weight) => sum + Math.sign(weight), 0);
    used < 2;
    symbol += 1
  ) {
    if ((weights[symbol] ?? 1) !== 0) continue;
    weights[symbol] = 1;
    used += 1;
  }
  for (;;) {
    const lengths = treeDepths(weights);
    if (lengths.every((length) => length <= longest)) return lengths;
    // Rarer symbols come closer to the others, until no code is too long.
    weights.forEach((weight, symbol) => (weights[symbol] = weight === 0 ? 0 : (weight >>> 1) + 1));
  }
}

interface Node {
  readonly weight: number;
  readonly symbols: readonly number[];
}

/** Two sorted queues: of symbols, and of pairs, which are made in the order of their weights. */
function treeDepths(weights: Uint32Array): Uint8Array {
  const depths = new Uint8Array(weights.length);
  const leaves: Node[] = [];
  weights.forEach((weight, symbol) => {
    if (weight > 0) leaves.push({ weight, symbols: [symbol] });
  });
  leaves.sort((a, b) => a.weight - b.weight);
  const pairs: Node[] = [];
  let leaf = 0;
  let pair = 0;
  const take = (): Node | undefined => {
    const [first, second] = [leaves[leaf], pairs[pair]];
    if (second === undefined || (first !== undefined && first.weight <= second.weight)) {
      leaf += 1;
      return first;
    }
    pair += 1;
    return second;
  };
  for (let merges = leaves.length - 1; merges > 0; merges -= 1) {
    const [first, second] = [take(), take()];
    if (first === undefined || second === undefined) break;
    const symbols = [...first.symbols, ...second.symbols];
    for (const symbol of symbols) depths[symbol] = (depths[symbol] ?? 0) + 1;
    pairs.push({ weight: first.weight + second.weight, symbols });
  }
  return depths;
}

/** Codes in the order of their lengths, then of the symbols. */
export function canonicalCodes(lengths: Uint8Array): Uint32Array {
  const counts = new Uint32Array(33);
  for (const length of lengths) counts[length] = (counts[length] ?? 0) + 1;
  counts[0] = 0;
  const next = new Uint32Array(34);
  for (let length = 1; length <= 32; length += 1)
    next[length + 1] = ((next[length] ?? 0) + (counts[length] ?? 0)) * 2;
  const codes = new Uint32Array(lengths.length);
  lengths.forEach((length, symbol) => {
    if (length === 0) return;
    codes[symbol] = next[length] ?? 0;
    next[length] = (next[length] ?? 0) + 1;
  });
  return codes;
}
