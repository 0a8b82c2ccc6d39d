/** How far a long command is, a line now and then. */

/** Milliseconds. */
export const EVERY = 5000;

const MEGABYTE = 1_000_000;

export const inMegabytes = (bytes: number): string => `${(bytes / MEGABYTE).toFixed(1)} MB`;

export interface Progress {
  readonly files: number;
  readonly ofFiles: number;
  readonly bytes: number;
  readonly ofBytes: number;
}

/** @param print one line at a time */
export function progressLines(print: (line: string) => void): (progress: Progress) => void {
  let last = performance.now();
  return ({ files, ofFiles, bytes, ofBytes }) => {
    const now = performance.now();
    if (now - last < EVERY) return;
    last = now;
    print(`${files} of ${ofFiles} files, ${inMegabytes(bytes)} of ${inMegabytes(ofBytes)}`);
  };
}
