/** Signatures of Windows Installer packages and patches: MSI, MSP. What is signed are streams, not the file's bytes. */
import { createHash } from 'node:crypto';
import type { DigestName } from '../../protocol/authenticode/digests.ts';
import { CompoundFile } from './compound-file.ts';
import { checkSignatureLength, containerOfRanges } from './container.ts';
import type { Container } from './container.ts';
import type { FileBytes } from './file-bytes.ts';
import type { FileDigests } from './file-digests.ts';
import type { Storage, Stream } from './storage-tree.ts';

const nameOf = (name: string): Buffer => Buffer.from(`${name}\0`, 'utf16le');
/** The PKCS #7. */
const SIGNATURE = nameOf('\u0005DigitalSignature');
/** The digest of names, sizes and times, where those are signed too. */
const SIGNATURE_EX = nameOf('\u0005MsiDigitalSignatureEx');

/** @throws AuthenticodeError CONTAINER_DAMAGED, SIGNATURE_DAMAGED */
export async function readCompoundFile(bytes: FileBytes): Promise<Container> {
  const file = await CompoundFile.open(bytes);
  const { root } = file;
  const signature = streamNamed(root, SIGNATURE);
  if (signature === undefined) return containerOfRanges('msi', [], []);
  checkSignatureLength(signature.size);
  const ex = streamNamed(root, SIGNATURE_EX);
  const signedMetadata = ex && (await contentOf(file, ex, bytes));
  return {
    kind: 'msi',
    signatures: [await contentOf(file, signature, bytes)],
    async addTo(digests) {
      if (signedMetadata !== undefined)
        for (const name of digests.algorithms) digests.add(name, metadataDigest(root, name));
      await addStorage(file, root, digests);
    },
    // The stream itself is signed by nobody, but by what it must be equal to.
    isConsistent: (name) => signedMetadata === undefined || signedMetadata.equals(metadataDigest(root, name)),
  };
}

function streamNamed(root: Storage, name: Buffer): Stream | undefined {
  const found = root.children.find((child) => child.name.equals(name));
  return found?.type === 'stream' ? found : undefined;
}

async function contentOf(file: CompoundFile, stream: Stream, bytes: FileBytes): Promise<Buffer> {
  checkSignatureLength(stream.size);
  const parts: Buffer[] = [];
  for await (const { start, end } of file.rangesOf(stream)) parts.push(await bytes.read(start, end - start));
  return Buffer.concat(parts);
}

/** The streams in the order of their names, storages in their place, and behind each storage its class. */
async function addStorage(file: CompoundFile, storage: Storage, digests: FileDigests): Promise<void> {
  for (const child of signedChildren(storage, file.root)) {
    if (child.type === 'storage') await addStorage(file, child, digests);
    else await digests.addRanges(file.rangesOf(child));
  }
  digests.addToAll(storage.clsid);
}

function metadataDigest(root: Storage, name: DigestName): Buffer {
  const hash = createHash(name);
  const add = (storage: Storage): void => {
    const { clsid, stateBits } = storage;
    if (storage !== root) hash.update(withoutZero(storage.name));
    hash.update(clsid).update(stateBits);
    if (storage !== root) hash.update(storage.times);
    for (const child of signedChildren(storage, root)) {
      if (child.type === 'storage') add(child);
      else
        hash
          .update(withoutZero(child.name))
          .update(sizeBytes(child))
          .update(child.stateBits)
          .update(child.times);
    }
  };
  add(root);
  return hash.digest();
}

const withoutZero = (name: Buffer): Buffer => name.subarray(0, -2);

function sizeBytes({ size }: Stream): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(size % 2 ** 32);
  return bytes;
}

/** By the bytes of their names. */
function signedChildren(storage: Storage, root: Storage): (Stream | Storage)[] {
  return storage.children
    .filter(({ name }) => storage !== root || !(name.equals(SIGNATURE) || name.equals(SIGNATURE_EX)))
    .sort((one, other) => one.name.compare(other.name));
}
