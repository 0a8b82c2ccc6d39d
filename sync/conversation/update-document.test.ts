import { writeCabinet } from '../../scripts/fixtures/compressed-cabinet.ts';
import { errorOf } from '../../scripts/testing/refusal.ts';
import { readUpdateDocuments, unpackDocument } from './update-document.ts';

const identity = (index: number) => ({
  updateId: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
  revisionNumber: 1,
});
const packed = (index: number, text: string) => ({
  Id: { UpdateID: identity(index).updateId, RevisionNumber: 1 },
  XmlUpdateBlobCompressed: writeCabinet(Buffer.from(text, 'utf16le'), 'mszip'),
});

describe('The documents of one answer', () => {
  it('are unpacked together up to a bound, however little the cabinets are', () => {
    const bombs = [0, 1, 2].map((index) => packed(index, ' '.repeat(100_000)));
    const asked = [0, 1, 2].map(identity);
    expect(readUpdateDocuments(bombs, asked, 600_000)).toHaveLength(3);
    expect(errorOf(() => readUpdateDocuments(bombs, asked, 300_000))).toMatchObject({
      code: 'UPSTREAM_ANSWER_INVALID',
      check: 'size',
    });
  });

  it('are those that were asked for, each once', () => {
    const answer = [
      packed(0, '<a/>'),
      packed(0, '<again/>'),
      { ...packed(7, ''), XmlUpdateBlobCompressed: Buffer.from('not even a cabinet') },
      { XmlUpdateBlob: '<of-nobody/>' },
    ];
    const [only, ...others] = readUpdateDocuments(answer, [identity(0)]);
    expect(others).toEqual([]);
    expect(only).toEqual({ ...identity(0), document: { source: packed(0, '<a/>').XmlUpdateBlobCompressed } });
  });

  it.each([
    ['a cabinet', packed(0, '<a>ä日</a>').XmlUpdateBlobCompressed, { xml: '<a>ä日</a>' }],
    ['a cabinet with a byte order mark', packed(0, '\uFEFF<a/>').XmlUpdateBlobCompressed, { xml: '<a/>' }],
    ['plain text', '<a/>', { xml: '<a/>' }],
    ['what is no cabinet', Buffer.from('<a/>'), { problem: expect.stringContaining('cabinet') }],
    [
      'half a surrogate pair',
      packed(0, '<a>\ud800</a>').XmlUpdateBlobCompressed,
      { problem: expect.stringContaining('UTF-16') },
    ],
  ])('are had from %s, or it is said why not', (_, source, expected) => {
    expect(unpackDocument(source)).toEqual(expected);
  });
});
