import fc from 'fast-check';
import { BlockEncoder, encodedBound } from './block-encoder.ts';
import { decompressBlock, decompressXpress } from './decoder.ts';
import { XpressError } from './error.ts';
import { BLOCK_BYTES, xpressBlocks } from './stream-encoder.ts';

const LIMIT = 1_000_000;
const encoder = new BlockEncoder();

const encode = (bytes: Buffer): Buffer => {
  const target = Buffer.alloc(encodedBound(bytes.length), 0xa5);
  return target.subarray(0, encoder.encode(bytes, bytes.length, target, 0));
};
const pack = (...pieces: Buffer[]): Buffer => Buffer.concat([...xpressBlocks(pieces)]);
const unpack = (stream: Buffer): Buffer => decompressXpress(stream, LIMIT);

const framed = (original: number, body: Buffer, compressed = body.length): Buffer => {
  const header = Buffer.alloc(8);
  header.writeInt32LE(original, 0);
  header.writeInt32LE(compressed, 4);
  return Buffer.concat([header, body]);
};
const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');

/** Bytes without a match of four, and hardly one of three. */
function noise(size: number, seed = 1): Buffer {
  const bytes = Buffer.alloc(size);
  let state = seed;
  for (let at = 0; at < size; at += 1) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    bytes[at] = state >>> 16;
  }
  return bytes;
}

/** Few letters, so that matches of all lengths and distances occur. */
const repetitive = fc
  .array(
    fc.oneof(
      fc.record({ byte: fc.constantFrom(97, 98, 99), times: fc.integer({ min: 1, max: 700 }) }),
      fc.record({ byte: fc.nat(255), times: fc.constant(1) }),
    ),
    { maxLength: 200 },
  )
  .map((runs) => Buffer.concat(runs.map(({ byte, times }) => Buffer.alloc(times, byte))));
const anyBytes = fc.oneof(
  fc.uint8Array({ maxLength: 3_000 }).map((bytes) => Buffer.from(bytes)),
  repetitive,
  fc
    .tuple(repetitive, fc.integer({ min: 1, max: 40 }))
    .map(([bytes, times]) => Buffer.concat(Array.from({ length: times }, () => bytes)).subarray(0, 60_000)),
);

/** The examples of [MS-XCA] 3.1. */
const ALPHABET = {
  plain: Buffer.from('abcdefghijklmnopqrstuvwxyz'),
  packed: hex('3f 00 00 00 61 62 63 64 65 66 67 68 69 6a 6b 6c 6d 6e 6f 70 71 72 73 74 75 76 77 78 79 7a'),
};
const ABC = { plain: Buffer.from('abc'.repeat(100)), packed: hex('ff ff ff 1f 61 62 63 17 00 0f ff 26 01') };

describe('The xpress encoding', () => {
  it.each([
    ['the alphabet', ALPHABET],
    ['a hundred times abc', ABC],
  ])("reads and writes the specification's example of %s", (_name, { plain, packed }) => {
    expect(decompressBlock(packed, plain.length)).toEqual(plain);
    expect(encode(plain)).toEqual(packed);
  });

  it('gives back any bytes that a block held, in no more room than it says', () => {
    fc.assert(
      fc.property(anyBytes, (bytes) => {
        const block = encode(bytes);
        expect(block.length).toBeLessThanOrEqual(encodedBound(bytes.length));
        expect(decompressBlock(block, bytes.length)).toEqual(bytes);
      }),
      { numRuns: 300 },
    );
  });

  it('gives back a match of every length, at both halves of a shared byte', () => {
    for (const length of [...Array(330).keys(), 1_000, 4_000, 16_000, 65_000].slice(1)) {
      const run = Buffer.alloc(length + 1, 'a');
      const twice = Buffer.concat([run, Buffer.from('zy'), run, noise(40), run]).subarray(0, 65_535);
      expect(decompressBlock(encode(twice), twice.length)).toEqual(twice);
    }
  });

  it.each([8_190, 8_191, 8_192, 8_193, 8_194, 20_000])(
    'refers back 8192 bytes and never farther, where a match is %d bytes away',
    (distance) => {
      const word = Buffer.from('a word of its own, long enough to be found again');
      const bytes = Buffer.concat([word, noise(distance - word.length), word]);
      const block = encode(bytes);
      // The reader resolves 13 bits at most; what lies farther away would come out as other bytes.
      expect(decompressBlock(block, bytes.length)).toEqual(bytes);
      const withoutMatch = encode(noise(bytes.length)).length;
      if (distance <= 8_192) expect(block.length).toBeLessThan(withoutMatch - 20);
      else expect(block.length).toBeGreaterThan(withoutMatch - 20);
    },
  );

  it('ends a block with another set of flags where the last one is full', () => {
    for (const size of [31, 32, 33, 63, 64, 65]) {
      const bytes = noise(size);
      const block = encode(bytes);
      expect(block.length).toBe(size + 4 * (Math.floor(size / 32) + 1));
      expect(decompressBlock(block, size)).toEqual(bytes);
    }
  });

  it('encodes a block the same whatever was encoded before it', () => {
    const bytes = Buffer.from('the same again '.repeat(300));
    const once = encode(bytes);
    encode(noise(60_000));
    encode(bytes.subarray(3));
    expect(encode(bytes)).toEqual(once);
  });

  it('reads a length of four bytes, which only blocks above 65,538 bytes would need', () => {
    const length = 70_000;
    const block = hex('ff ff ff 7f 61 07 00 0f ff 00 00 00 00 00 00');
    block.writeUInt32LE(length - 3, 11);
    expect(decompressBlock(block, length + 1)).toEqual(Buffer.alloc(length + 1, 'a'));
  });
});

describe('An xpress stream', () => {
  it('gives back any bytes in any pieces, in blocks that say their sizes', () => {
    fc.assert(
      fc.property(fc.array(anyBytes, { maxLength: 6 }), (pieces) => {
        expect(unpack(pack(...pieces))).toEqual(Buffer.concat(pieces));
      }),
      { numRuns: 100 },
    );
  });

  it('is empty for no bytes', () => {
    expect(pack()).toEqual(Buffer.alloc(0));
    expect(pack(Buffer.alloc(0))).toEqual(Buffer.alloc(0));
    expect(unpack(Buffer.alloc(0))).toEqual(Buffer.alloc(0));
  });

  it('begins a block after 16,352 bytes, at whichever size the bytes end', () => {
    const near = [BLOCK_BYTES, 2 * BLOCK_BYTES, 65_535, 65_536].flatMap((border) =>
      [-2, -1, 0, 1, 2].map((offset) => border + offset),
    );
    for (const size of near) {
      for (const bytes of [noise(size), Buffer.from('<a/> '.repeat(size)).subarray(0, size)]) {
        const blocks = [...xpressBlocks([bytes.subarray(0, 5), bytes.subarray(5)])];
        expect(blocks.map((block) => block.readInt32LE(0))).toEqual([
          ...Array<number>(Math.floor(size / BLOCK_BYTES)).fill(BLOCK_BYTES),
          ...(size % BLOCK_BYTES === 0 ? [] : [size % BLOCK_BYTES]),
        ]);
        for (const block of blocks) {
          expect(block.readInt32LE(4)).toBe(block.length - 8);
          expect(block.readInt32LE(4)).toBeLessThanOrEqual(block.readInt32LE(0));
        }
        expect(unpack(Buffer.concat(blocks))).toEqual(bytes);
      }
    }
  });

  it('holds as it is what does not become shorter', () => {
    for (const size of [1, 2, 3, 100, 40_000]) {
      const stream = pack(noise(size));
      expect(stream.length).toBe(size + 8 * Math.ceil(size / BLOCK_BYTES));
    }
    expect(pack(Buffer.from('raw'))).toEqual(hex('03000000 03000000 726177'));
  });

  it('is written whole while another one is written in between', () => {
    const first = noise(50_000);
    const second = Buffer.from('another '.repeat(6_000));
    const streams = [xpressBlocks([first]), xpressBlocks([second])];
    const written: Buffer[][] = [[], []];
    for (let turn = 0; turn < 10; turn += 1) {
      for (const [index, stream] of streams.entries()) {
        const { value } = stream.next();
        if (value !== undefined) written[index]?.push(value);
      }
    }
    expect(written.map((blocks) => unpack(Buffer.concat(blocks)))).toEqual([first, second]);
  });

  it('may hold blocks of 65,535 bytes, and lengths that the encoder would not choose', () => {
    const large = noise(65_535);
    expect(unpack(Buffer.concat([framed(65_535, large), framed(300, ABC.packed)]))).toEqual(
      Buffer.concat([large, ABC.plain]),
    );
  });
});

describe('A damaged xpress stream', () => {
  const codeOf = (read: () => unknown): string | undefined => {
    try {
      read();
    } catch (error) {
      if (error instanceof XpressError) return error.code;
      throw error;
    }
    return undefined;
  };

  it.each([
    ['ends inside a header', hex('03000000 030000')],
    ['ends inside a block', framed(3, Buffer.from('ra'), 3)],
    ['has an empty block', framed(0, Buffer.alloc(0))],
    ['has a block of less than nothing', framed(-1, Buffer.from('a'))],
    ['has a block without bytes', framed(1, Buffer.alloc(0))],
    ['has a block of less than no bytes', framed(1, Buffer.alloc(0), -5)],
    ['has a block above 65,535 bytes', framed(65_536, ABC.packed)],
    ['has a block in more than 65,535 bytes', framed(300, Buffer.alloc(65_536))],
    ['has a block that is shorter than it says', framed(301, ABC.packed)],
    ['has a block that is longer than it says', framed(299, ABC.packed)],
    ['has a literal too many', framed(25, ALPHABET.packed)],
    ['refers to before its beginning', framed(9, hex('ff ff ff 7f 61 0d 00'))],
    ['refers back from nothing', framed(9, hex('ff ff ff ff 00 00'))],
    ['ends inside a reference', framed(9, hex('ff ff ff 7f 61 00'))],
    ['ends before a length', framed(90, hex('ff ff ff 7f 61 07 00'))],
    ['ends inside a length', framed(900, hex('ff ff ff 7f 61 07 00 0f ff 26'))],
    ['has a short length in the long form', framed(18, hex('ff ff ff 7f 61 07 00 0f ff 0e 00'))],
    ['has a length beyond its block', framed(900, hex('ff ff ff 7f 61 07 00 0f ff 00 00 ff ff ff ff'))],
    ['has no end', framed(30, hex('00 00 00 00 61'))],
  ])('that %s is refused', (_what, stream) => {
    expect(codeOf(() => unpack(stream))).toBe('XPRESS_DAMAGED');
  });

  it('that holds more than is allowed is refused before it is unpacked', () => {
    const stream = pack(Buffer.alloc(LIMIT + 1));
    expect(codeOf(() => unpack(stream))).toBe('XPRESS_TOO_LARGE');
    expect(unpack(pack(Buffer.alloc(LIMIT))).length).toBe(LIMIT);
  });

  it('is refused or read, whatever its bytes are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.integer({ min: 1, max: 65_535 }), (body, size) => {
        const bytes = Buffer.from(body);
        expect([undefined, 'XPRESS_DAMAGED']).toContain(codeOf(() => unpack(framed(size, bytes))));
        expect([undefined, 'XPRESS_DAMAGED']).toContain(codeOf(() => decompressBlock(bytes, size)));
        expect([undefined, 'XPRESS_DAMAGED', 'XPRESS_TOO_LARGE']).toContain(codeOf(() => unpack(bytes)));
      }),
      { numRuns: 2_000 },
    );
  });

  it('is refused or read where one byte of a good one was changed, or its end cut off', () => {
    const good = pack(Buffer.from('<UpdateInfo><ID>17</ID><IsLeaf>true</IsLeaf></UpdateInfo>'.repeat(20)));
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.nat(255), (at, byte) => {
        const changed = Buffer.from(good);
        changed[at] = byte;
        expect([undefined, 'XPRESS_DAMAGED', 'XPRESS_TOO_LARGE']).toContain(codeOf(() => unpack(changed)));
        expect(codeOf(() => unpack(good.subarray(0, at)))).toBe(at === 0 ? undefined : 'XPRESS_DAMAGED');
      }),
      { numRuns: 1_000 },
    );
  });
});
