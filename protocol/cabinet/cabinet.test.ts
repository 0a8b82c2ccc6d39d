import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { writeCabinet, writeCabinetOf } from '../../scripts/fixtures/compressed-cabinet.ts';
import type { Method } from '../../scripts/fixtures/compressed-cabinet.ts';
import { readFirstFile, readNamedFile } from './cabinet.ts';
import { CabinetError } from './error.ts';
import { LzxBitWriter } from './lzx-bit-writer.ts';
import { UNCOMPRESSED } from './lzx-format.ts';
import { decompressLzx } from './lzx.ts';

const METHODS: readonly Method[] = ['stored', 'mszip', 'lzx-verbatim', 'lzx-aligned', 'lzx-uncompressed'];
const MOST = 1_000_000;

/** Text that repeats itself as update documents do, so that matches of many offsets and lengths occur. */
const repetitive = fc
  .array(fc.tuple(fc.constantFrom('<upd:Update ', 'Id="', '>', '\0x\0y', 'é'), fc.nat({ max: 60 })), {
    maxLength: 3000,
  })
  .map((words) => Buffer.from(words.map(([word, times]) => word.repeat(times)).join('')).subarray(0, 80_000));

describe('a cabinet', () => {
  it.each(METHODS)('%s: gives back the file it was made of, whatever that is', (method) => {
    fc.assert(
      fc.property(
        fc.oneof(
          repetitive,
          fc.uint8Array({ minLength: 1, maxLength: 500 }).map((bytes) => Buffer.from(bytes)),
        ),
        (content) => {
          fc.pre(content.length > 0);
          return readFirstFile(writeCabinet(content, method), MOST).equals(content);
        },
      ),
      { numRuns: 15 },
    );
  });

  it('of LZX blocks of a byte each, every one with trees of its own, is refused after 32 of them', () => {
    const bytesIn = (count: number): Buffer =>
      Buffer.concat(
        Array.from({ length: count }, (_, index) => {
          const bits = new LzxBitWriter();
          // No translation of calls, said once; then type and size of an uncompressed block.
          if (index === 0) bits.put(0, 1);
          bits.put(UNCOMPRESSED, 3);
          bits.put(1, 24);
          const offsets = Buffer.from('010000000100000001000000', 'hex');
          return Buffer.concat([bits.end(), offsets, Buffer.from([index, 0])]);
        }),
      );
    expect([...decompressLzx(bytesIn(32), 32, 21)]).toEqual(Array.from({ length: 32 }, (_, index) => index));
    expect(() => decompressLzx(bytesIn(33), 33, 21)).toThrow(/more blocks than any encoder makes/);
  });

  it.each(METHODS)('%s: gives each file by its name, in any case of letters', (method) => {
    const files = ['a.txt', 'B.txt', 'c'].map((name, at) => ({
      name,
      content: Buffer.from(`${name} `.repeat(20_000 * at + 1)),
    }));
    const cabinet = writeCabinetOf(files, method);
    for (const { name, content } of files)
      expect(readNamedFile(cabinet, name.toUpperCase(), MOST).equals(content)).toBe(true);
    expect(() => readNamedFile(cabinet, 'd', MOST)).toThrow('it holds no file d.');
    for (let end = 36; end < 100; end += 1)
      expect(() => readNamedFile(cabinet.subarray(0, end), 'd', MOST)).toThrow(CabinetError);
  });

  it('of a byte in each of thousands of blocks is refused before it is unpacked', () => {
    const count = 20_000;
    const data = Buffer.concat([Buffer.from('CK'), deflateRawSync(Buffer.from('a'))]);
    const block = Buffer.alloc(8);
    block.writeUInt16LE(data.length, 4);
    block.writeUInt16LE(1, 6);
    const head = Buffer.alloc(36 + 8 + 16 + 1);
    head.write('MSCF', 0, 'latin1');
    for (const [value, at] of [
      [44, 16],
      [head.length, 36],
      [count, 44],
    ] as const)
      head.writeUInt32LE(value, at);
    for (const [value, at] of [
      [1, 26],
      [1, 28],
      [count, 40],
      [1, 42],
    ] as const)
      head.writeUInt16LE(value, at);
    const blocks = Buffer.concat([block, data]);
    const cabinet = Buffer.concat([head, ...Array<Buffer>(count).fill(blocks)]);
    expect(() => readFirstFile(cabinet, MOST)).toThrow(/20000 bytes in 20000 data blocks/);
  });

  it.each(METHODS)('%s: of more than one frame is read across frames', (method) => {
    const content = Buffer.from(
      Array.from({ length: 9000 }, (_, index) => `<Update id="${(index * 7919) % 1000}"/>`).join(''),
    );
    expect(content.length).toBeGreaterThan(4 * 32_768);
    expect(readFirstFile(writeCabinet(content, method), MOST).equals(content)).toBe(true);
  });

  it.each(METHODS)('%s: that holds more than allowed is refused before it is unpacked', (method) => {
    expect(() => readFirstFile(writeCabinet(Buffer.alloc(50_000, 'a'), method), 49_999)).toThrow(
      /holds 50000 bytes; 49999 are allowed/,
    );
  });

  it.each(METHODS)(
    '%s: cut short anywhere, or with any byte changed, ends in its own error or in data, never in another way',
    (method) => {
      const whole = writeCabinet(
        Buffer.from('<upd:Update>text text text text</upd:Update>'.repeat(20)),
        method,
      );
      for (let length = 0; length < whole.length; length += 1) {
        expect(() => readFirstFile(whole.subarray(0, length), MOST)).toThrow(CabinetError);
      }
      fc.assert(
        fc.property(fc.nat({ max: whole.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, change) => {
          const changed = Buffer.from(whole);
          changed[at] = (changed[at] ?? 0) ^ change;
          try {
            return readFirstFile(changed, MOST).length <= MOST;
          } catch (error) {
            return error instanceof CabinetError;
          }
        }),
        { numRuns: 400 },
      );
    },
  );

  it('with a wrong checksum is refused', () => {
    const cabinet = writeCabinet(Buffer.from('content'), 'stored');
    cabinet.writeUInt32LE(0x12345678, cabinet.indexOf('content') - 8);
    expect(() => readFirstFile(cabinet, MOST)).toThrow(/checksum of a data block differs/);
  });

  it('of an unknown compression is refused by name', () => {
    const cabinet = writeCabinet(Buffer.from('content'), 'stored');
    cabinet.writeUInt16LE(2, 42);
    expect(() => readFirstFile(cabinet, MOST)).toThrow(/compression method 2 is not known/);
  });
});
