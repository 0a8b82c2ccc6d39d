/**
 * What is made of an update document before anything is written: parsed, its fragments derived, both packed. It takes
 * most of the time of an import and needs no database, so that nobody who writes has to wait for it.
 */
import { deriveFragmentsOfTree } from '../../metadata/fragments.ts';
import type { ParsedUpdate } from '../../metadata/model.ts';
import { parseUpdateTree, readUpdateTree } from '../../metadata/parse.ts';
import { storeText } from '../database/deflated-text.ts';
import type { StoredText } from '../database/deflated-text.ts';

export interface PreparedRevision {
  readonly update: ParsedUpdate;
  readonly core: string;
  /** The other fragments, as `FragmentWriter` stores them. */
  readonly fragments: StoredText;
  readonly document: StoredText;
}

/** @throws UpdateDocumentError */
export function prepareRevision(document: string): PreparedRevision {
  const tree = readUpdateTree(document);
  const update = parseUpdateTree(tree);
  const { core, others } = deriveFragmentsOfTree(tree);
  return { update, core, fragments: storeText(JSON.stringify(others)), document: storeText(document) };
}
