/** How a content file is known again: by what the file system says of it when its digests were found right. */
import type { BigIntStats } from 'node:fs';

/** `ino:size:mtimeNs`: while it is what was verified, so is the content. Kept with the file in the store. */
export const statKey = ({ ino, size, mtimeNs }: BigIntStats): string => `${ino}:${size}:${mtimeNs}`;
