/** Text that no compression makes smaller. */
import { SeededRandom } from '../fixtures/seeded-random.ts';

/** CJK ideographs, one unit of UTF-16 each. */
const FIRST = 0x4e00;
const LAST = 0x9fa5;

/** @param length characters */
export function noiseOf(seed: number, length: number): string {
  const random = new SeededRandom(seed);
  return Array.from({ length }, () => String.fromCodePoint(random.int(FIRST, LAST))).join('');
}
