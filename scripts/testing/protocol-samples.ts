/** Recorded and specified messages, which conformance tests read where they are. They are no part of the project. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const FOLDER = fileURLToPath(new URL('../../../shared/protocol/samples/', import.meta.url));
const PRESENT = existsSync(FOLDER);

/** @param path from the samples' folder */
export const readSample = (path: string): Buffer => readFileSync(`${FOLDER}${path}`);

/** A test that reads samples. Where they are missing it fails in CI, and otherwise says on screen that it did not run. */
export const itWithSamples = (name: string, test: () => void | Promise<void>): void => {
  const run = async (): Promise<void> => {
    await test();
  };
  if (PRESENT) it(name, run);
  else if (process.env.CI === undefined) it.skip(`${name} (not run: the protocol samples are not here)`, run);
  else it(name, () => expect(`the protocol samples in ${FOLDER}`).toBe('there in CI'));
};
