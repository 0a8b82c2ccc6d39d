import { decompressXpress } from '../../protocol/xpress/decoder.ts';
import { SharedBlocks } from './shared-blocks.ts';

const piece = (name: string, size: number): Buffer =>
  Buffer.from(`<${name}/>`.repeat(size)).subarray(0, size);
const unpack = (blocks: readonly Buffer[]): Buffer => decompressXpress(Buffer.concat(blocks), 10_000_000);

describe('Blocks of bytes that many answers share', () => {
  const pieces = ['a', 'b', 'c', 'd', 'e'].map((name, index) => piece(name, 7_000 + index));

  it('hold the bytes of the pieces, in their order', () => {
    const shared = new SharedBlocks();
    for (const list of [
      pieces,
      pieces.toReversed(),
      [],
      pieces.slice(0, 1),
      [piece('large', 200_000), ...pieces],
    ]) {
      for (const _again of [1, 2]) {
        expect(unpack([...shared.blocksOf(list)])).toEqual(Buffer.concat(list));
      }
    }
  });

  it('are made once for the same pieces', () => {
    const shared = new SharedBlocks();
    const once = [...shared.blocksOf(pieces)];
    const again = [...shared.blocksOf(pieces)];
    expect(once.length).toBe(3);
    for (const [index, block] of once.entries()) expect(again[index]).toBe(block);
  });

  it('are made once where two answers only begin alike', () => {
    const shared = new SharedBlocks();
    const [first] = [...shared.blocksOf(pieces)];
    const other = [...shared.blocksOf([...pieces.slice(0, 2), piece('other', 9_000)])];
    expect(other[0]).toBe(first);
  });

  it('are never those of other pieces, be they as long and in the same place', () => {
    const shared = new SharedBlocks();
    const one = [piece('one', 500), piece('two', 500)];
    const other = [piece('one', 500), piece('six', 500)];
    expect(unpack([...shared.blocksOf(one)])).toEqual(Buffer.concat(one));
    expect(unpack([...shared.blocksOf(other)])).toEqual(Buffer.concat(other));
  });

  it('are forgotten where there are too many', () => {
    const shared = new SharedBlocks(1_000);
    const once = [...shared.blocksOf([pieces[0]!])];
    for (let index = 0; index < 20; index += 1) void [...shared.blocksOf([piece(`p${index}`, 5_000)])];
    const again = [...shared.blocksOf([pieces[0]!])];
    expect(again[0]).not.toBe(once[0]);
    expect(again).toEqual(once);
  });
});
