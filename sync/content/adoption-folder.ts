/** A folder of content as Windows servers keep it: what in it may be a content file, by name alone. */
import type { Dirent } from 'node:fs';
import { opendir } from 'node:fs/promises';
import { join } from 'node:path';

const FOLDER = /^[0-9a-f]{2}$/i;
const NAME = /^([0-9a-f]{40})(?:\.[a-z0-9]{1,16})?$/i;

export interface NamedFile {
  readonly path: string;
  /** That it is named by; lower-case hex. Nobody has looked whether it is its digest. */
  readonly sha1: string;
}

/**
 * `XX/SHA1HEX.ext` in any case. Links are not followed, other folders not entered: a file that is reached over one could
 * be anything on this machine.
 *
 * @param onOther called for each file that is not named so
 */
export async function* namedFiles(folder: string, onOther: () => void): AsyncGenerator<NamedFile> {
  for await (const entry of await opendir(folder)) {
    if (!entry.isDirectory()) onOther();
    else if (FOLDER.test(entry.name)) yield* filesOf(join(folder, entry.name), onOther);
  }
}

async function* filesOf(folder: string, onOther: () => void): AsyncGenerator<NamedFile> {
  for await (const entry of await opendir(folder)) {
    const sha1 = digestIn(entry);
    if (sha1 === undefined) onOther();
    else yield { path: join(folder, entry.name), sha1 };
  }
}

function digestIn(entry: Dirent): string | undefined {
  return entry.isFile() ? NAME.exec(entry.name)?.[1]?.toLowerCase() : undefined;
}
