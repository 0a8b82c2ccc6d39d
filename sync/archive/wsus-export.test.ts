import { createHash } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { listRuns } from '../../catalog/store/upstream/synchronization.ts';
import { writeCabinetOf } from '../../scripts/fixtures/compressed-cabinet.ts';
import { ArchiveRelay } from '../../scripts/testing/archive-scene.ts';
import { DOCUMENTS, documentOf } from '../../scripts/testing/replica-scene.ts';
import { guidOf } from '../../scripts/testing/update-documents.ts';
import { documentsIn, formatOf, importWsusExport } from './wsus-export.ts';

let relay: ArchiveRelay;
let path: string;
beforeEach(() => {
  relay = new ArchiveRelay();
  path = join(mkdtempSync(join(tmpdir(), 'sluice-wsus-')), 'export.cab');
});
afterEach(() => relay.close());

const hex = (value: number): string => value.toString(16).padStart(8, '0');

/** As Microsoft's tool writes it. */
const lineOf = (number: number, document: string, length = document.length): string =>
  `${guidOf(number)},${hex(1)},${hex(length)},${document}\r\n`;

const METADATA = DOCUMENTS.map((document, at) => lineOf(at + 1, document)).join('');

function put(metadata: string, name = 'metadata.txt'): string {
  const cabinet = writeCabinetOf(
    [
      { name: 'package.xml', content: Buffer.from('<ExportPackage FormatVersion="1.0"/>') },
      { name, content: Buffer.from(metadata) },
    ],
    'mszip',
  );
  writeFileSync(path, cabinet);
  return createHash('sha256').update(cabinet).digest('hex');
}

const take = (sha256: string) =>
  importWsusExport({
    db: relay.db,
    dataDirectory: relay.dataDirectory,
    path,
    sha256,
    now: () => new Date(),
    storesContent: true,
  });

describe('An export.cab of WSUS', () => {
  it('brings its documents as a synchronization would, and stands in the history', async () => {
    const sha256 = put(METADATA);
    expect(await formatOf(path)).toBe('wsus-cabinet');
    expect(await take(sha256)).toMatchObject({ revisions: 4, refused: [] });
    const other = new ArchiveRelay();
    other.bring(DOCUMENTS);
    expect(relay.state()).toEqual(other.state());
    other.close();
    expect(listRuns(relay.db, 1)).toMatchObject([
      { state: 'succeeded', newCount: 4, notes: [{ kind: 'imported', archive: 'export.cab' }] },
    ]);
    expect(await take(sha256)).toMatchObject({ revisions: 0 });
  });

  it('is counted in UTF-16, as its writer counts, whatever the text', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'binary' }), { maxLength: 8 }),
        fc.constantFrom('', '\u{feff}'),
        (documents, mark) => {
          const metadata = Buffer.from(mark + documents.map((document, at) => lineOf(at, document)).join(''));
          expect([...documentsIn(metadata)].map(({ document }) => document)).toEqual(documents);
        },
      ),
    );
  });

  it('sets aside a document that is of another update, and brings the rest', async () => {
    const sha256 = put(METADATA + lineOf(9, documentOf(8)));
    expect(await take(sha256)).toMatchObject({
      revisions: 4,
      refused: [{ updateId: guidOf(9), revisionNumber: 1 }],
    });
  });

  it.each([
    ['is cut within a document', METADATA.slice(0, -40), /Line 4 .* cut short/],
    ['has a document that is longer than it says', lineOf(1, 'abc', 2), /Line 1 .* longer than it says/],
    ['has a line that begins otherwise', `${METADATA}something else`, /Line 5 .* does not begin/],
    ['is in another character set', Buffer.from(METADATA, 'utf16le').toString('latin1'), /Line 1/],
  ])('that %s is refused whole', async (_, metadata, message) => {
    const sha256 = put(metadata);
    await expect(take(sha256)).rejects.toMatchObject({
      code: 'ARCHIVE_INVALID',
      message: expect.stringMatching(message),
    });
    expect(listRuns(relay.db, 1)).toEqual([]);
  });

  it('is refused where it is another file than the one that was exported', async () => {
    put(METADATA);
    await expect(take('0'.repeat(64))).rejects.toMatchObject({ code: 'ARCHIVE_ALTERED' });
  });

  it('is refused where it holds something else', async () => {
    const sha256 = put(METADATA, 'other.txt');
    await expect(take(sha256)).rejects.toMatchObject({
      code: 'ARCHIVE_UNREADABLE',
      message: expect.stringMatching(/holds no file metadata\.txt/),
    });
  });
});
