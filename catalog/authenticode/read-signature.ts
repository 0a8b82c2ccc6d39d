/** Reads the Authenticode signature of a content file and whether the file is the one that was signed. */
import type { FileHandle } from 'node:fs/promises';
import type { DigestName } from '../../protocol/authenticode/digests.ts';
import { AuthenticodeError } from '../../protocol/authenticode/error.ts';
import type {
  CheckedSignature,
  FileKind,
  FileSignature,
} from '../../protocol/authenticode/file-signature.ts';
import { readSignatures } from '../../protocol/authenticode/signature.ts';
import type { Signature } from '../../protocol/authenticode/signature.ts';
import { readCabinet } from './cabinet.ts';
import { readCompoundFile } from './compound-file-digest.ts';
import type { Container } from './container.ts';
import { FileBytes } from './file-bytes.ts';
import { FileDigests } from './file-digests.ts';
import { readPortableExecutable } from './portable-executable.ts';

interface Kind {
  readonly kind: FileKind;
  /** What such a file begins with. */
  readonly magic: Buffer;
  /** The signature's place, or why there can be none that we read. */
  readonly read: (bytes: FileBytes) => Promise<Container | { readonly reason: string }>;
}

const without = (reason: string): Kind['read'] => {
  return () => Promise.resolve({ reason });
};

const KINDS: readonly Kind[] = [
  { kind: 'pe', magic: Buffer.from('MZ', 'latin1'), read: readPortableExecutable },
  { kind: 'cab', magic: Buffer.from('MSCF', 'latin1'), read: readCabinet },
  { kind: 'msi', magic: Buffer.from('d0cf11e0a1b11ae1', 'hex'), read: readCompoundFile },
  {
    kind: 'wim',
    magic: Buffer.from('MSWIM\0\0\0', 'latin1'),
    read: without('a Windows image (WIM), as newer MSU and ESD files are, has no Authenticode signature'),
  },
  {
    kind: 'psf',
    magic: Buffer.from('PSTREAM\0', 'latin1'),
    read: without(
      'a patch storage file (PSF) has no signature of its own; the cabinet that goes with it has',
    ),
  },
];

const LONGEST_MAGIC = 8;

/**
 * The file is read once from end to end where it is signed, in chunks; what is kept of it in memory does not grow with it.
 *
 * @param file open for reading; it is not closed
 * @throws AuthenticodeError where the file or its signature is damaged; the signal's reason when aborted
 * @example
 * const file = await open(path);
 * const verdict = judgeSignature(await readSignature(file), roots, new Date());
 */
export async function readSignature(
  file: FileHandle,
  options: { readonly signal?: AbortSignal } = {},
): Promise<FileSignature> {
  const bytes = await FileBytes.of(file);
  const beginning = await bytes.read(0, Math.min(LONGEST_MAGIC, bytes.size));
  const known = KINDS.find(({ magic }) => beginning.subarray(0, magic.length).equals(magic));
  if (known === undefined)
    return { signed: 'unsupported', kind: 'other', reason: 'it is no EXE, CAB, MSI or MSU' };
  const container = await known.read(bytes);
  if ('reason' in container) return { signed: 'unsupported', kind: known.kind, reason: container.reason };
  const { kind } = container;
  const [first, ...nested] = container.signatures.flatMap(readSignatures);
  if (first === undefined) return { signed: 'no', kind };
  const digests = await digestsOf(container, [first, ...nested], bytes, options.signal);
  const check = (signature: Signature): CheckedSignature => checkDigest(signature, digests, container);
  return { signed: 'yes', kind, signature: check(first), nested: nested.map(check) };
}

async function digestsOf(
  container: Container,
  signatures: readonly Signature[],
  bytes: FileBytes,
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<DigestName, Buffer>> {
  const algorithms = new Set(signatures.map(({ digestAlgorithm }) => digestAlgorithm));
  const digests = new FileDigests(bytes, algorithms, signal);
  await container.addTo(digests);
  return digests.results();
}

function checkDigest(
  signature: Signature,
  digests: ReadonlyMap<DigestName, Buffer>,
  container: Container,
): CheckedSignature {
  const { digestAlgorithm, signedDigest } = signature;
  const computedDigest = digests.get(digestAlgorithm);
  if (computedDigest === undefined)
    throw new AuthenticodeError('DIGEST_UNKNOWN', `no digest by ${digestAlgorithm} was made.`);
  const isConsistent = container.isConsistent?.(digestAlgorithm) ?? true;
  return { ...signature, computedDigest, matches: isConsistent && computedDigest.equals(signedDigest) };
}
