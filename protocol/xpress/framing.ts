/**
 * Xpress compression of HTTP answers ([MS-WUSP] 2.1.1): a sequence of blocks, each compressed by itself behind a header
 * of two little-endian 32-bit integers, its size before and after. A block whose two sizes are equal holds its bytes as
 * they are ([MS-DRSR] 4.1.10.6.19 reads it so, and so do update agents).
 */

/** Bytes of a block's header. */
export const HEADER_BYTES = 8;
/** What either size may be at most. */
export const LARGEST_BLOCK = 65_535;
/** How far back a match may lie: 13 bits ([MS-WUSP] 2.1.1.1.2). */
export const WINDOW_BYTES = 8192;
/** Shorter matches are not worth their encoding. */
export const SHORTEST_MATCH = 3;
