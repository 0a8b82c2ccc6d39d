/** What writers and readers of LZX share. Source: [MSDN-CAB], "Microsoft LZX Data Compression Format". */

/** Bytes that are compressed on their own feet: codes go on, the bit stream begins at a word. */
export const FRAME = 32_768;
export const CHARACTERS = 256;
/** Symbols of the tree for the rest of long matches. */
export const LENGTH_SYMBOLS = 249;
export const SHORTEST_MATCH = 2;
export const LONGEST_MATCH = 257;

/** The position slots that a window of 2^n bytes uses, n from 15 to 21. */
export const SLOTS: Readonly<Record<number, number>> = {
  15: 30,
  16: 32,
  17: 34,
  18: 36,
  19: 38,
  20: 42,
  21: 50,
};

export const VERBATIM = 1;
export const ALIGNED = 2;
export const UNCOMPRESSED = 3;

const MOST_SLOTS = 51;

/** Bits that follow a match of a slot. */
export const EXTRA_BITS = Uint8Array.from({ length: MOST_SLOTS }, (_, slot) =>
  slot < 4 ? 0 : Math.min(17, (slot >> 1) - 1),
);

/** The first formatted offset (offset + 2) of a slot. */
export const POSITION_BASE = new Uint32Array(MOST_SLOTS);
for (let slot = 1; slot < MOST_SLOTS; slot += 1)
  POSITION_BASE[slot] = (POSITION_BASE[slot - 1] ?? 0) + 2 ** (EXTRA_BITS[slot - 1] ?? 0);
