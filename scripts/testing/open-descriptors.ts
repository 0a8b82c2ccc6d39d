/** What this process has open, by the system's own account (Linux): for tests of what must be closed again. */
import { readdirSync, readlinkSync } from 'node:fs';

const DESCRIPTORS = '/proc/self/fd';

/** The paths of this process's descriptors that begin so, sorted; one that was removed ends in ` (deleted)`. */
export function openDescriptors(prefix: string): string[] {
  return readdirSync(DESCRIPTORS)
    .flatMap((descriptor) => {
      try {
        return [readlinkSync(`${DESCRIPTORS}/${descriptor}`)];
      } catch {
        // That of the listing itself is closed by now.
        return [];
      }
    })
    .filter((path) => path.startsWith(prefix))
    .sort();
}
