/** Update documents as GetUpdateData delivers them: plain, or in a cabinet ([MS-WSUSSS] 3.1.4.6). */
import type { UpdateIdentity } from '../../catalog/metadata/model.ts';
import { readFirstFile, sizeOfFirstFile } from '../../protocol/cabinet/cabinet.ts';
import { CabinetError } from '../../protocol/cabinet/error.ts';
import type { Read } from '../../protocol/soap/table.ts';
import type { ServerSyncUpdateData } from '../../protocol/wsusss/server-sync.ts';
import { codeOf } from '../../config/error-facts.ts';
import { UpstreamError } from './upstream-error.ts';

/** Bytes of one unpacked document; the largest that Microsoft publishes have some megabytes. */
const MOST_BYTES = 64 * 1024 * 1024;

/** Bytes of all that one answer unpacks to: a hundred documents of more than a megabyte each. */
const MOST_BYTES_TOGETHER = 128 * 1024 * 1024;

/** The XML, or the cabinet that holds it in UTF-16. */
export type DocumentSource = string | Uint8Array;

export interface DeliveredDocument extends UpdateIdentity {
  /** As it came, or why there is none. */
  readonly document: { readonly source: DocumentSource } | { readonly problem: string };
}

type WireDocument = Read<typeof ServerSyncUpdateData>;

/**
 * The documents of one answer that were asked for, each once, as they came. All that would be unpacked together stays
 * within a bound: a few kilobytes in a cabinet can stand for megabytes, and the server decides how many of them it sends.
 *
 * @param mostBytes of all documents together when they are unpacked
 * @throws UpstreamError where they are more
 */
export function readUpdateDocuments(
  delivered: readonly WireDocument[],
  asked: readonly UpdateIdentity[],
  mostBytes = MOST_BYTES_TOGETHER,
): DeliveredDocument[] {
  const wanted = new Set(asked.map(nameOf));
  let left = mostBytes;
  return delivered.flatMap((data) => {
    // Without an identity the server did not say of which update it is.
    if (data.Id === undefined) return [];
    const identity = { updateId: data.Id.UpdateID, revisionNumber: data.Id.RevisionNumber };
    if (!wanted.delete(nameOf(identity))) return [];
    if (left <= 0) {
      const message = `The upstream server packed more than ${mostBytes} bytes of update documents into one answer.`;
      throw new UpstreamError('size', message);
    }
    const document = sourceOf(data);
    if ('source' in document) left -= unpackedBytes(document.source);
    return [{ ...identity, document }];
  });
}

const nameOf = ({ updateId, revisionNumber }: UpdateIdentity): string => `${updateId}/${revisionNumber}`;

function sourceOf(data: WireDocument): DeliveredDocument['document'] {
  const { XmlUpdateBlob: plain, XmlUpdateBlobCompressed: packed } = data;
  if (plain !== undefined && plain !== '') return { source: plain };
  return packed === undefined
    ? { problem: 'The upstream server delivered no document.' }
    : { source: packed };
}

/** Of what is packed; the bytes of what is plain were counted when the answer came. */
function unpackedBytes(source: DocumentSource): number {
  if (typeof source === 'string') return 0;
  try {
    return sizeOfFirstFile(source);
  } catch (error) {
    // Nothing comes out of it.
    if (error instanceof CabinetError) return 0;
    throw error;
  }
}

/** For one document after the other. */
const utf16 = new TextDecoder('utf-16le', { fatal: true });

/** The XML of a document, or why it cannot be had. */
export function unpackDocument(
  source: DocumentSource,
): { readonly xml: string } | { readonly problem: string } {
  if (typeof source === 'string') return { xml: source };
  try {
    return { xml: utf16.decode(readFirstFile(source, MOST_BYTES)) };
  } catch (error) {
    if (error instanceof CabinetError) return { problem: error.message };
    if (codeOf(error) === 'ERR_ENCODING_INVALID_ENCODED_DATA')
      return { problem: 'The unpacked document is not UTF-16.' };
    throw error;
  }
}
