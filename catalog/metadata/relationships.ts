/** `Relationships`: what must be there first, what comes along, and what is replaced. */
import { attributeOf, childOf, childrenOf, missing, requiredAttribute } from './element-reading.ts';
import type { BundleClause, PrerequisiteClause } from './model.ts';
import { UPDATE } from './namespaces.ts';
import { parseExactIdentity } from './properties.ts';
import { readBoolean, readGuid } from './values.ts';
import type { XmlElement } from './xml-tree.ts';

const relationships = (update: XmlElement, name: string): XmlElement | undefined =>
  childOf(childOf(update, UPDATE, 'Relationships'), UPDATE, name);

const identities = (parent: XmlElement | undefined): XmlElement[] =>
  childrenOf(parent, UPDATE, 'UpdateIdentity');

const updateIdOf = (identity: XmlElement): string =>
  readGuid('UpdateIdentity/@UpdateID', requiredAttribute(identity, 'UpdateID'));

/** An AND of clauses ([MS-WUSP] 3.1.1, Prerequisite Table), in the document's order. */
export const parsePrerequisites = (update: XmlElement): PrerequisiteClause[] =>
  clausesOf(relationships(update, 'Prerequisites')).map(({ isCategory, members }) => ({
    isCategory,
    updateIds: [...new Set(members.map(updateIdOf))],
  }));

export const parseBundledUpdates = (update: XmlElement): BundleClause[] =>
  clausesOf(relationships(update, 'BundledUpdates')).map(({ members }) => ({
    members: members.map(parseExactIdentity),
  }));

export const parseSupersededUpdates = (update: XmlElement): string[] => [
  ...new Set(identities(relationships(update, 'SupersededUpdates')).map(updateIdOf)),
];

interface Clause {
  readonly isCategory: boolean;
  readonly members: readonly XmlElement[];
}

/** `AtLeastOne` is a clause of its members, a bare `UpdateIdentity` a clause of one. */
function clausesOf(parent: XmlElement | undefined): Clause[] {
  const clauses: Clause[] = [];
  for (const child of parent?.children ?? []) {
    if (typeof child === 'string' || child.namespace !== UPDATE) continue;
    if (child.name === 'UpdateIdentity') clauses.push({ isCategory: false, members: [child] });
    if (child.name === 'AtLeastOne') clauses.push(readAtLeastOne(child));
  }
  return clauses;
}

function readAtLeastOne(element: XmlElement): Clause {
  const members = identities(element);
  // A clause of none could never be satisfied; dropping it would offer the update to computers that must not have it.
  if (members.length === 0) throw missing('UpdateIdentity in one of its AtLeastOne');
  return {
    isCategory: readBoolean('AtLeastOne/@IsCategory', attributeOf(element, 'IsCategory') ?? 'false'),
    members,
  };
}
