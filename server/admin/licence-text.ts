/** The text of licence terms, from the content file that holds it. */
import { closeSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { contentPath } from '../../catalog/content-path.ts';
import type { LicenceTerms } from '../../catalog/store/decisions/licence-terms.ts';

/** Bytes that are shown; the longest terms known are a tenth of it. */
const MOST_BYTES = 1_000_000;

/** Undefined where the file has not been fetched, or is gone. */
export function readLicenceText(dataDirectory: string, { file }: LicenceTerms): string | undefined {
  if (file?.isPresent !== true) return undefined;
  const bytes = readBytes(join(dataDirectory, 'content', contentPath(file.sha1, file.extension)));
  return bytes === undefined ? undefined : decode(bytes);
}

/** The beginning of it: how large the file is was for the upstream server to say. */
function readBytes(path: string): Buffer | undefined {
  try {
    const file = openSync(path, 'r');
    try {
      const bytes = Buffer.alloc(MOST_BYTES);
      return bytes.subarray(0, readSync(file, bytes, 0, MOST_BYTES, 0));
    } finally {
      closeSync(file);
    }
  } catch {
    // Deleted since it was checked; the content service finds that out and fetches it again.
    return undefined;
  }
}

/** UTF-16 by its mark, UTF-8 where it is that, else the code page of Western Windows. */
function decode(bytes: Buffer): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}
