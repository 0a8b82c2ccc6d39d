/**
 * The pieces of an update document that agents are served ([MS-WUSP] 3.1.1.1, Metadata Table). Each is one or more
 * elements one after the other, so that it is no XML document by itself.
 */
import { attributeOf, childOf, missing, requiredAttribute } from './element-reading.ts';
import { writeElement } from './fragment-output.ts';
import { eulaElements, languageOf, localizedElements } from './localized-texts.ts';
import type { FragmentType, UpdateFragment, UpdateFragments } from './model.ts';
import { UPDATE } from './namespaces.ts';
import { readUpdateTree } from './parse.ts';
import { propertiesOf } from './properties.ts';
import type { XmlAttribute, XmlElement } from './xml-tree.ts';

/** What Core keeps of `Properties`, in the order that Windows servers write. */
const CORE_PROPERTIES = ['UpdateType', 'ExplicitlyDeployable', 'AutoSelectOnWebSites', 'EulaID', 'OSUpgrade'];

/** What Extended leaves out of `Properties`. */
const NOT_EXTENDED = new Set([
  'UpdateType',
  'ExplicitlyDeployable',
  'AutoSelectOnWebSites',
  'EulaID',
  'PublicationState',
  'PublisherID',
  'CreationDate',
  'IsPublic',
  'LegacyName',
  'DetectoidType',
  'OSUpgrade',
]);

/** Windows servers leave out what says no more than its absence would. */
const DEFAULTS: ReadonlyMap<string, string> = new Map([
  ['ExplicitlyDeployable', 'false'],
  ['AutoSelectOnWebSites', 'false'],
  ['PerUser', 'false'],
]);

/**
 * Derives what agents are served of a document.
 *
 * @throws UpdateDocumentError
 */
export const deriveFragments = (document: string): UpdateFragments =>
  deriveFragmentsOfTree(readUpdateTree(document));

export const deriveFragmentsOfTree = (update: XmlElement): UpdateFragments => ({
  core: deriveCore(update),
  others: [
    { type: 'Extended', locale: '', xml: deriveExtended(update) },
    ...oneOfEach('LocalizedProperties', localizedElements(update), languageOf),
    ...oneOfEach('Eula', eulaElements(update), eulaLocale),
  ],
});

function deriveCore(update: XmlElement): string {
  const identity = childOf(update, UPDATE, 'UpdateIdentity');
  if (identity === undefined) throw missing('UpdateIdentity');
  const properties = propertiesOf(update);
  const attributes = CORE_PROPERTIES.flatMap((name) =>
    properties.attributes.filter((attribute) => attribute.name === name && saysSomething(attribute)),
  );
  return (
    writeElement(identity) +
    writeElement({ ...properties, attributes, children: [] }) +
    writePart(update, 'Relationships') +
    writePart(update, 'ApplicabilityRules')
  );
}

function deriveExtended(update: XmlElement): string {
  const properties = propertiesOf(update);
  const attributes = properties.attributes.filter(
    (attribute) => !NOT_EXTENDED.has(attribute.name) && saysSomething(attribute),
  );
  return (
    writeElement({ ...properties, name: 'ExtendedProperties', attributes }) +
    writePart(update, 'Files') +
    writePart(update, 'HandlerSpecificData')
  );
}

const saysSomething = ({ name, value }: XmlAttribute): boolean => DEFAULTS.get(name) !== value;

function writePart(update: XmlElement, name: string): string {
  const part = childOf(update, UPDATE, name);
  return part === undefined ? '' : writeElement(part);
}

/** The first of each locale: a second could never be asked for. */
function oneOfEach(
  type: FragmentType,
  elements: readonly XmlElement[],
  localeOf: (element: XmlElement) => string,
): UpdateFragment[] {
  const byLocale = new Map<string, UpdateFragment>();
  for (const element of elements) {
    const locale = localeOf(element);
    if (!byLocale.has(locale)) byLocale.set(locale, { type, locale, xml: writeElement(element) });
  }
  return [...byLocale.values()];
}

/** Terms for one region only stand beside those for the rest of the world: `en`, `en/usa`. */
function eulaLocale(element: XmlElement): string {
  const language = requiredAttribute(element, 'Language');
  const geoId = attributeOf(element, 'GeoId') ?? '';
  return (geoId === '' ? language : `${language}/${geoId}`).toLowerCase();
}
