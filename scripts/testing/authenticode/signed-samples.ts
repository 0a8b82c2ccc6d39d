/** A small signed file of each format, made by the signer of the tests. */
import { writeCabinet } from '../../../protocol/cabinet/write-cabinet.ts';
import type { DigestName } from '../../../protocol/authenticode/digests.ts';
import { makePackage, metadataOfPackage, signedBytesOfPackage, withPackageSignature } from './package.ts';
import type { PackageOptions, PackagePart } from './package.ts';
import { makeProgram, signedBytesOfProgram, withCertificateTable } from './program.ts';
import { authority, publisher } from './publishers.ts';
import { signedBytesOfCabinet, withReserve, withSignature } from './signed-cabinet.ts';
import { signFile } from './signer.ts';
import type { AuthenticodeOptions } from './signer.ts';

export type SampleOptions = Partial<AuthenticodeOptions>;

const byPublisher = { signer: publisher, others: [authority] } as const;

export function signedProgram(
  options: SampleOptions = {},
  format: 'PE32' | 'PE32+' = 'PE32+',
  program: Buffer = makeProgram({ format }),
): Buffer {
  const signature = signFile(signedBytesOfProgram(program, format), { ...byPublisher, ...options });
  return withCertificateTable(program, [signature], format);
}

export async function signedCabinet(options: SampleOptions = {}): Promise<Buffer> {
  const cabinet = withReserve(await writeCabinet(Buffer.from('what an update is made of, in a cabinet')));
  const bytes = signedBytesOfCabinet(cabinet);
  return withSignature(cabinet, signFile(bytes, { ...byPublisher, kind: 'cab', ...options }));
}

/** Small and large streams, one of them empty, and a storage in a storage. */
export const packageParts: PackagePart = {
  name: '',
  clsid: Buffer.from('84100c0000000000c000000000000046', 'hex'),
  children: [
    { name: '\u0005SummaryInformation', content: Buffer.alloc(300, 5) },
    { name: '\u4840\u3f7f', content: Buffer.alloc(4500, 1) },
    { name: 'aa', content: Buffer.from('a small stream') },
    { name: 'a', content: Buffer.alloc(0) },
    {
      name: 'Transforms',
      clsid: Buffer.alloc(16, 7),
      children: [
        { name: 'one', content: Buffer.alloc(5000, 2) },
        { name: 'deeper', children: [{ name: 'two', content: Buffer.alloc(70, 3) }] },
      ],
    },
  ],
};

export function signedPackage(
  options: SampleOptions = {},
  form: PackageOptions & { readonly hasMetadata?: boolean } = {},
  parts: PackagePart = packageParts,
): Buffer {
  const digest: DigestName = options.fileDigest ?? options.digest ?? 'sha256';
  const metadata = form.hasMetadata === true ? metadataOfPackage(parts, digest) : undefined;
  const bytes = Buffer.concat([metadata ?? Buffer.alloc(0), signedBytesOfPackage(parts)]);
  const signature = signFile(bytes, { ...byPublisher, kind: 'msi', ...options });
  return makePackage(withPackageSignature(parts, signature, metadata), form);
}
