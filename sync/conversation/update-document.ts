/** Update documents as GetUpdateData delivers them: plain, or in a cabinet ([MS-WSUSSS] 3.1.4.6). */
import type { UpdateIdentity } from '../../catalog/metadata/model.ts';
import { readFirstFile } from '../../protocol/cabinet/cabinet.ts';
import { CabinetError } from '../../protocol/cabinet/error.ts';
import type { Read } from '../../protocol/soap/table.ts';
import type { ServerSyncUpdateData } from '../../protocol/wsusss/server-sync.ts';
import { codeOf } from '../../config/error-facts.ts';
import { UpstreamError } from './upstream-error.ts';

/** Bytes of one unpacked document; the largest that Microsoft publishes have some megabytes. */
const MOST_BYTES = 64 * 1024 * 1024;

/** Bytes of all that one answer unpacks to: a hundred documents of more than a megabyte each. */
const MOST_BYTES_TOGETHER = 128 * 1024 * 1024;

export interface DeliveredDocument extends UpdateIdentity {
  /** The XML, or why there is none. */
  readonly document: { readonly xml: string } | { readonly problem: string };
}

type WireDocument = Read<typeof ServerSyncUpdateData>;

/**
 * The documents of one answer that were asked for, each once. What was not asked for is not unpacked, and all that is
 * together stays within a bound: a few kilobytes in a cabinet can stand for megabytes, and the server decides how many
 * of them it sends.
 *
 * @param mostBytes of all unpacked documents together
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
    const document = unpack(data, (bytes) => (left -= bytes));
    return [{ ...identity, document }];
  });
}

const nameOf = ({ updateId, revisionNumber }: UpdateIdentity): string => `${updateId}/${revisionNumber}`;

function unpack(data: WireDocument, unpacked: (bytes: number) => void): DeliveredDocument['document'] {
  const { XmlUpdateBlob: plain, XmlUpdateBlobCompressed: packed } = data;
  if (plain !== undefined && plain !== '') return { xml: plain };
  if (packed === undefined) return { problem: 'The upstream server delivered no document.' };
  try {
    const bytes = readFirstFile(packed, MOST_BYTES);
    unpacked(bytes.length);
    return { xml: new TextDecoder('utf-16le', { fatal: true }).decode(bytes) };
  } catch (error) {
    if (error instanceof CabinetError) return { problem: error.message };
    if (codeOf(error) === 'ERR_ENCODING_INVALID_ENCODED_DATA')
      return { problem: 'The unpacked document is not UTF-16.' };
    throw error;
  }
}
