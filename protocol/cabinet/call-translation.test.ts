import fc from 'fast-check';
import { LzxBitWriter } from './lzx-bit-writer.ts';
import { UNCOMPRESSED } from './lzx-format.ts';
import { decompressLzx } from './lzx.ts';

const FRAME = 32_768;

/**
 * What an encoder makes of a program, as the description of LZX has it ([MS-PATCH] 2.8.1): in each frame of 32 KB, but in
 * its last ten bytes, the four bytes behind an E8 are made from a displacement into a place in the file.
 */
function translate(
  program: Buffer,
  fileSize: number,
): { readonly translated: Buffer; readonly calls: number } {
  const translated = Buffer.from(program);
  let calls = 0;
  for (let frame = 0; frame < program.length; frame += FRAME) {
    const length = Math.min(FRAME, program.length - frame);
    let index = 0;
    while (index < length - 10) {
      const place = frame + index;
      if (translated.readUInt8(place) !== 0xe8) {
        index += 1;
        continue;
      }
      const displacement = translated.readInt32LE(place + 1);
      if (displacement >= -place && displacement < fileSize) {
        const absolute = displacement + place < fileSize ? displacement + place : displacement - fileSize;
        translated.writeInt32LE(absolute, place + 1);
        calls += 1;
      }
      index += 5;
    }
  }
  return { translated, calls };
}

/** One uncompressed block of it, with the size of the file that calls were translated for. */
function streamOf(content: Buffer, fileSize: number): Buffer {
  const bits = new LzxBitWriter();
  bits.put(1, 1);
  bits.put(fileSize >>> 16, 16);
  bits.put(fileSize & 0xffff, 16);
  bits.put(UNCOMPRESSED, 3);
  bits.put(content.length, 24);
  const offsets = Buffer.from('010000000100000001000000', 'hex');
  return Buffer.concat([bits.end(), offsets, content, Buffer.alloc(content.length % 2)]);
}

/** Bytes in which calls are frequent, near and far, forwards and backwards, into each other and over ends of frames. */
const program = fc
  .array(
    fc.oneof(
      fc
        .oneof(fc.integer({ min: -4_000, max: 4_000 }), fc.integer({ min: -200_000, max: 200_000 }))
        .map((target) => {
          const call = Buffer.from([0xe8, 0, 0, 0, 0]);
          call.writeInt32LE(target, 1);
          return call;
        }),
      fc.uint8Array({ minLength: 1, maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
      fc.integer({ min: 1, max: 12 }).map((count) => Buffer.alloc(count, 0xe8)),
      fc.integer({ min: 1, max: 9000 }).map((count) => Buffer.alloc(count, 0x90)),
    ),
    { minLength: 20, maxLength: 60, size: 'max' },
  )
  .map((parts) => Buffer.concat(parts));

describe('calls of x86 programs that an LZX encoder made absolute', () => {
  it('are what they were, in every frame, whatever the program and the size that it was translated for', () => {
    let calls = 0;
    fc.assert(
      fc.property(program, fc.constantFrom(5_000, 100_000, 12_000_000, 0x7fffffff), (original, fileSize) => {
        const made = translate(original, fileSize);
        calls += made.calls;
        const restored = decompressLzx(streamOf(made.translated, fileSize), original.length, 21);
        expect(restored.equals(original)).toBe(true);
      }),
      { numRuns: 200 },
    );
    expect(calls).toBeGreaterThan(300);
  });

  it('are left alone in the last ten bytes of a frame, and where no size says that any was translated', () => {
    const original = Buffer.alloc(2 * FRAME, 0x90);
    for (const at of [100, FRAME - 11, FRAME - 10, FRAME + 100, 2 * FRAME - 10]) {
      original.writeUInt8(0xe8, at);
      original.writeInt32LE(1_000, at + 1);
    }
    const { translated } = translate(original, 100_000);
    const moved = (at: number): boolean => translated.readInt32LE(at + 1) !== 1_000;
    expect([100, FRAME - 11, FRAME - 10, FRAME + 100, 2 * FRAME - 10].map(moved)).toEqual([
      true,
      true,
      false,
      true,
      false,
    ]);
    expect(decompressLzx(streamOf(translated, 100_000), original.length, 21).equals(original)).toBe(true);
    expect(decompressLzx(streamOf(translated, 0), original.length, 21).equals(translated)).toBe(true);
  });
});
