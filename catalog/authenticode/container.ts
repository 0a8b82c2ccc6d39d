/** What a file of any kind says of its signatures. */
import type { DigestName } from '../../protocol/authenticode/digests.ts';
import { AuthenticodeError } from '../../protocol/authenticode/error.ts';
import type { FileKind } from '../../protocol/authenticode/file-signature.ts';
import type { ByteRange, FileBytes } from './file-bytes.ts';
import type { FileDigests } from './file-digests.ts';

export interface Container {
  readonly kind: FileKind;
  /** PKCS #7, the one that Windows looks at first; empty where the file is not signed. */
  readonly signatures: readonly Buffer[];
  /** Adds what a signature is over. */
  addTo(digests: FileDigests): Promise<void>;
  /** What else must be right for a signature by this digest; left out where there is nothing else. */
  isConsistent?(algorithm: DigestName): boolean;
}

/** A file in which some of the bytes are not signed, all the others are, in their order. */
export function containerOfRanges(
  kind: FileKind,
  signatures: readonly Buffer[],
  ranges: readonly ByteRange[],
): Container {
  return {
    kind,
    signatures,
    async addTo(digests) {
      for (const range of ranges) await digests.addRange(range);
    },
  };
}

/** Large ones have a digest for each page of a program. */
const LONGEST_SIGNATURE = 32 * 1024 * 1024;

/** @throws AuthenticodeError SIGNATURE_DAMAGED where it is larger than any, CONTAINER_DAMAGED */
export async function readSignatureBytes(bytes: FileBytes, { start, end }: ByteRange): Promise<Buffer> {
  checkSignatureLength(end - start);
  return await bytes.read(start, end - start);
}

/** @throws AuthenticodeError SIGNATURE_DAMAGED */
export function checkSignatureLength(length: number): void {
  if (length > LONGEST_SIGNATURE)
    throw new AuthenticodeError(
      'SIGNATURE_DAMAGED',
      `the signature is said to have ${length} bytes; ${LONGEST_SIGNATURE} are the most.`,
    );
}

export const damaged = (message: string): AuthenticodeError =>
  new AuthenticodeError('CONTAINER_DAMAGED', message);
