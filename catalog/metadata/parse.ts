/** From an update document to what Sluice knows of the revision ([MS-WUSP] 3.1.1.1). */
import { parseDrivers } from './drivers.ts';
import { parseFiles } from './files.ts';
import { parseEulaFiles, parseLocalized } from './localized-texts.ts';
import type { ParsedUpdate } from './model.ts';
import { UPDATE } from './namespaces.ts';
import { parseCategoryType, parseIdentity, parseProperties } from './properties.ts';
import { parseBundledUpdates, parsePrerequisites, parseSupersededUpdates } from './relationships.ts';
import { UpdateDocumentError } from './update-document-error.ts';
import type { XmlElement } from './xml-tree.ts';
import { readTree } from './xml-tree.ts';

/**
 * Parses a document of the schema `http://schemas.microsoft.com/msus/2002/12/Update`. Prefixes do not matter; elements
 * and attributes of other vocabularies are left alone.
 *
 * @throws UpdateDocumentError naming the part that is missing or wrong
 */
export const parseUpdate = (document: string): ParsedUpdate => parseUpdateTree(readUpdateTree(document));

/** @throws UpdateDocumentError */
export function readUpdateTree(document: string): XmlElement {
  const root = readTree(document);
  if (root.name !== 'Update' || root.namespace !== UPDATE) {
    throw new UpdateDocumentError(
      'DOCUMENT_NOT_AN_UPDATE',
      `The document's root is ${quote(root.name)} of the namespace ${quote(root.namespace)}; Update of ${UPDATE} is accepted.`,
    );
  }
  return root;
}

/** What stands in the document, for a sentence. */
const quote = (text: string): string => JSON.stringify(text.slice(0, 100));

export function parseUpdateTree(update: XmlElement): ParsedUpdate {
  const categoryType = parseCategoryType(update);
  return {
    identity: parseIdentity(update),
    ...parseProperties(update),
    ...(categoryType === undefined ? {} : { categoryType }),
    localized: parseLocalized(update),
    eulaFiles: parseEulaFiles(update),
    prerequisites: parsePrerequisites(update),
    bundledUpdates: parseBundledUpdates(update),
    supersededUpdateIds: parseSupersededUpdates(update),
    files: parseFiles(update),
    drivers: parseDrivers(update),
  };
}
