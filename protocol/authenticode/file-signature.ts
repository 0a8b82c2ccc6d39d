/** What is known of a file's signature once its bytes were read. */
import type { Signature } from './signature.ts';

export type FileKind =
  /** A program, library or driver: EXE, DLL, SYS. */
  | 'pe'
  /** A cabinet, which an MSU is too. */
  | 'cab'
  /** A Windows Installer package or patch: MSI, MSP. */
  | 'msi'
  /** A Windows image, which newer MSU and ESD are. */
  | 'wim'
  /** A patch storage file. */
  | 'psf'
  | 'other';

export interface CheckedSignature extends Signature {
  /** The file's digest as it is. */
  readonly computedDigest: Buffer;
  /** Whether the file is the one that was signed. */
  readonly matches: boolean;
}

export type FileSignature =
  | {
      readonly signed: 'yes';
      readonly kind: FileKind;
      readonly signature: CheckedSignature;
      /** Further signatures by others, or by the same signer with another digest. */
      readonly nested: readonly CheckedSignature[];
    }
  | { readonly signed: 'no'; readonly kind: FileKind }
  | {
      readonly signed: 'unsupported';
      readonly kind: FileKind;
      /** A clause: why no signature can be read from such a file. */
      readonly reason: string;
    };
