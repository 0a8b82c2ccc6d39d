import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { syntheticCatalogue } from '../../scripts/fixtures/synthetic-catalogue.ts';
import { readFirstFile } from './cabinet.ts';
import { writeCabinet } from './write-cabinet.ts';

const MOST = 10_000_000;
const BLOCK = 32_768;

const text = fc
  .array(fc.constantFrom('<upd:Update ', 'Id="7"', ' />', 'é', '更新', '𝛼'), {
    minLength: 1,
    maxLength: 20_000,
  })
  .map((words) => Buffer.from(words.join(''), 'utf16le'));

const LENGTHS = [1, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK, 3 * BLOCK + 5];
const contentOf = (length: number): Buffer => Buffer.alloc(length, 'a document that repeats itself; ');

const hasCabextract = spawnSync('cabextract', ['--version']).status === 0;
const itWithCabextract = hasCabextract ? it : it.skip;

describe('a cabinet that is written', () => {
  it('gives back the file it was made of', async () => {
    await fc.assert(
      fc.asyncProperty(text, async (content) =>
        readFirstFile(await writeCabinet(content), MOST).equals(content),
      ),
      { numRuns: 20 },
    );
  });

  it.each(LENGTHS)('gives back %i bytes', async (length) => {
    expect(readFirstFile(await writeCabinet(contentOf(length)), MOST)).toEqual(contentOf(length));
  });

  it('gives back bytes that nothing can be saved of, and hardly grows by them', async () => {
    const content = randomBytes(3 * BLOCK);
    const cabinet = await writeCabinet(content);
    expect(readFirstFile(cabinet, MOST)).toEqual(content);
    expect(cabinet.length).toBeLessThan(content.length * 1.05);
  });

  it('is a small part of an update document', async () => {
    const documents = [...syntheticCatalogue(7, 200)].map(({ document }) => Buffer.from(document, 'utf16le'));
    const cabinets = await Promise.all(documents.map((document) => writeCabinet(document)));
    expect(cabinets.map((cabinet) => readFirstFile(cabinet, MOST))).toEqual(documents);
    expect(Buffer.concat(cabinets).length).toBeLessThan(Buffer.concat(documents).length / 4);
  });

  it('is the same for the same file', async () => {
    const content = contentOf(100_000);
    expect(await writeCabinet(content)).toEqual(await writeCabinet(content));
  });

  it('carries a checksum for each block, so that a changed byte is noticed', async () => {
    const cabinet = await writeCabinet(contentOf(2 * BLOCK));
    cabinet.writeUInt8(cabinet.readUInt8(cabinet.length - 3) ^ 1, cabinet.length - 3);
    expect(() => readFirstFile(cabinet, MOST)).toThrow(/checksum/);
  });

  itWithCabextract(
    `is tested and unpacked by cabextract, which is not ours${hasCabextract ? '' : ' (skipped: cabextract is not installed)'}`,
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'sluice-cabinet-'));
      for (const length of LENGTHS) {
        const file = join(folder, 'blob.cab');
        writeFileSync(file, await writeCabinet(contentOf(length)));
        expect(spawnSync('cabextract', ['--test', '--quiet', file])).toMatchObject({ status: 0 });
        expect(spawnSync('cabextract', ['--quiet', '--directory', folder, file])).toMatchObject({
          status: 0,
        });
        expect(readFileSync(join(folder, 'blob'))).toEqual(contentOf(length));
      }
      rmSync(folder, { recursive: true });
    },
  );
});
