/**
 * The index file: a line that names the format, one with the signer's public key, one with the signature (Ed25519,
 * RFC 8032), and the index in JSON. There is one spelling of each, so that no byte can be changed without being noticed.
 */
import { createHash, createPublicKey, sign, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { LARGEST_INDEX } from './archive-index.ts';
import type { ArchiveIndex } from './archive-index.ts';
import { ArchiveError } from './error.ts';

const NAME = 'sluice-archive';
const FORMAT_VERSION = 1;
const FIRST_LINE = `${NAME} ${FORMAT_VERSION}\n`;

/** Bytes of the three lines before the index; they have some 200. */
const LONGEST_HEAD = 1024;

/** `sha256/` and the base64 of the SHA-256 of a public key, as pins are written. */
export const fingerprintOf = (publicKey: KeyObject): string =>
  `sha256/${createHash('sha256').update(spkiOf(publicKey)).digest('base64')}`;

const spkiOf = (key: KeyObject): Buffer => key.export({ type: 'spki', format: 'der' });

/** What a signature is of: the format's name stands in it, so that it can be no signature of anything else. */
const signedBytes = (body: Buffer): Buffer => Buffer.concat([Buffer.from(FIRST_LINE), body]);

/**
 * @param key Ed25519, private
 * @returns the bytes of the index file
 * @throws ArchiveError where it would be larger than what is read
 */
export function signIndex(index: ArchiveIndex, key: KeyObject): Buffer {
  const body = Buffer.from(JSON.stringify(index));
  if (body.length > LARGEST_INDEX - LONGEST_HEAD)
    throw new ArchiveError(
      'ARCHIVE_INVALID',
      `The index of the archive would have ${body.length} bytes, and ${LARGEST_INDEX} are read. Export less at a time, with --since.`,
    );
  const head = headOf(spkiOf(createPublicKey(key)), sign(null, signedBytes(body), key));
  return Buffer.concat([head, body]);
}

const headOf = (spki: Buffer, signature: Buffer): Buffer =>
  Buffer.from(`${FIRST_LINE}${spki.toString('base64')}\n${signature.toString('base64')}\n`);

export interface SignedIndex {
  /** Fingerprint of whose signature it is. Whether that one is trusted nobody has asked yet. */
  readonly signer: string;
  /** The index, whose signature was found right. */
  readonly body: string;
  /** SHA-256 of the file, hex: names this archive and no other. */
  readonly digest: string;
}

/**
 * @param file the whole index file
 * @throws ArchiveError `ARCHIVE_UNREADABLE`, `ARCHIVE_VERSION`, `ARCHIVE_UNSIGNED`
 */
export function readSignedIndex(file: Buffer): SignedIndex {
  const lines = file.toString('latin1', 0, LONGEST_HEAD).split('\n', 3);
  const [first = '', key = '', signature = ''] = lines;
  refuseFirstLine(first);
  const spki = Buffer.from(key, 'base64');
  const signed = Buffer.from(signature, 'base64');
  const head = headOf(spki, signed);
  const publicKey = publicKeyOf(spki);
  const body = file.subarray(head.length);
  if (
    publicKey === undefined ||
    !head.equals(file.subarray(0, head.length)) ||
    !verify(null, signedBytes(body), publicKey, signed)
  ) {
    throw new ArchiveError(
      'ARCHIVE_UNSIGNED',
      'The index of the archive does not bear a signature that is its own: it was changed, cut short or never signed. Copy it again from where it was exported.',
    );
  }
  return {
    signer: fingerprintOf(publicKey),
    body: body.toString('utf8'),
    digest: createHash('sha256').update(file).digest('hex'),
  };
}

function refuseFirstLine(first: string): void {
  const version = /^sluice-archive (\d{1,9})$/.exec(first)?.[1];
  if (version === undefined)
    throw new ArchiveError(
      'ARCHIVE_UNREADABLE',
      'That is no index of an archive that `sluice export` made. Name the file that ends in .sluice.',
    );
  if (`${first}\n` !== FIRST_LINE)
    throw new ArchiveError(
      'ARCHIVE_VERSION',
      `The archive is of format ${version}, and this Sluice reads format ${FORMAT_VERSION} alone. Use the same version of Sluice on both sides.`,
    );
}

function publicKeyOf(spki: Buffer): KeyObject | undefined {
  try {
    const key = createPublicKey({ key: spki, format: 'der', type: 'spki' });
    // A key has spellings that are read alike; there is one that is meant.
    return key.asymmetricKeyType === 'ed25519' && spkiOf(key).equals(spki) ? key : undefined;
  } catch {
    return undefined;
  }
}
