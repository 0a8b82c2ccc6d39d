/** How much a message may hold before it is refused. */
import type { XmlLimits } from '../xml/limits.ts';

export interface ReadLimits extends XmlLimits {
  /** Items in one list. */
  readonly maxListItems: number;
}

/** For what anyone may send us. A Windows agent's largest request is a batch of reports, well under 4 MiB. */
export const DEFAULT_LIMITS: ReadLimits = {
  maxBytes: 8 * 1024 * 1024,
  maxDepth: 32,
  maxElements: 400_000,
  maxAttributes: 32,
  maxNameBytes: 256,
  maxListItems: 50_000,
};

/**
 * For answers of a server that we chose to ask: the list of all revisions comes in one piece, and Microsoft's has
 * hundreds of thousands.
 */
export const RESPONSE_LIMITS: ReadLimits = {
  ...DEFAULT_LIMITS,
  maxBytes: 256 * 1024 * 1024,
  maxElements: 8_000_000,
  maxListItems: 2_000_000,
};
