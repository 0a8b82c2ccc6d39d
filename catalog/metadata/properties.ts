/** `UpdateIdentity` and `Properties`: which revision this is and what is said of it as a whole. */
import {
  attributeOf,
  childOf,
  childTexts,
  childrenOf,
  missing,
  requiredAttribute,
  textOf,
} from './element-reading.ts';
import type { CategoryType, ParsedUpdate, UpdateIdentity } from './model.ts';
import { CATEGORY, UPDATE } from './namespaces.ts';
import {
  LARGEST_INT,
  LARGEST_SIZE,
  readBoolean,
  readGuid,
  readInteger,
  readOneOf,
  readTime,
} from './values.ts';
import type { XmlElement } from './xml-tree.ts';

const UPDATE_TYPES = ['Software', 'Driver', 'Category', 'Detectoid'] as const;
const CATEGORY_TYPES = ['Company', 'ProductFamily', 'Product', 'UpdateClassification'] as const;

export function parseIdentity(update: XmlElement): UpdateIdentity {
  const identity = childOf(update, UPDATE, 'UpdateIdentity');
  if (identity === undefined) throw missing('UpdateIdentity');
  return parseExactIdentity(identity);
}

/** `@UpdateID` and `@RevisionNumber`, both there. */
export const parseExactIdentity = (identity: XmlElement): UpdateIdentity => ({
  updateId: readGuid('UpdateIdentity/@UpdateID', requiredAttribute(identity, 'UpdateID')),
  revisionNumber: readInteger(
    'UpdateIdentity/@RevisionNumber',
    requiredAttribute(identity, 'RevisionNumber'),
    LARGEST_INT,
  ),
});

type Properties = Pick<
  ParsedUpdate,
  | 'updateType'
  | 'publicationState'
  | 'creationDate'
  | 'defaultLanguage'
  | 'explicitlyDeployable'
  | 'handler'
  | 'eulaId'
  | 'msrcSeverity'
  | 'kbArticleIds'
  | 'securityBulletinIds'
  | 'cveIds'
  | 'maxDownloadSize'
  | 'rebootBehavior'
  | 'impact'
  | 'canUninstall'
  | 'canRequestUserInput'
  | 'languages'
  | 'hasDecryptionData'
>;

export function propertiesOf(update: XmlElement): XmlElement {
  const properties = childOf(update, UPDATE, 'Properties');
  if (properties === undefined) throw missing('Properties');
  return properties;
}

export function parseProperties(update: XmlElement): Properties {
  const properties = propertiesOf(update);
  const attribute = (name: string): string | undefined => attributeOf(properties, name);
  return {
    updateType: readOneOf(
      'Properties/@UpdateType',
      UPDATE_TYPES,
      requiredAttribute(properties, 'UpdateType'),
    ),
    publicationState: readOneOf(
      'Properties/@PublicationState',
      ['Published', 'Expired'],
      attribute('PublicationState') ?? 'Published',
    ),
    creationDate: readTime('Properties/@CreationDate', requiredAttribute(properties, 'CreationDate')),
    defaultLanguage: (attribute('DefaultPropertiesLanguage') ?? 'en').toLowerCase(),
    explicitlyDeployable: readBoolean(
      'Properties/@ExplicitlyDeployable',
      attribute('ExplicitlyDeployable') ?? 'false',
    ),
    // Published as `KB5030219` at times; the number is what people search for.
    kbArticleIds: distinct(childTexts(properties, UPDATE, 'KBArticleID').map((id) => id.replace(/\D/g, ''))),
    securityBulletinIds: distinct(childTexts(properties, UPDATE, 'SecurityBulletinID')),
    cveIds: distinct(childTexts(properties, UPDATE, 'CveID')),
    languages: parseLanguages(properties),
    hasDecryptionData: hasDecryptionData(properties),
    canUninstall: childOf(properties, UPDATE, 'UninstallationBehavior') !== undefined,
    ...optionalAttributes(properties),
    ...parseInstallationBehavior(childOf(properties, UPDATE, 'InstallationBehavior')),
  };
}

const distinct = (values: readonly string[]): string[] =>
  [...new Set(values)].filter((value) => value !== '');

/** `all` says the same as none: [MS-WSUSSS] 2.2.5.2. */
function parseLanguages(properties: XmlElement): string[] {
  const languages = distinct(childTexts(properties, UPDATE, 'Language').map((text) => text.toLowerCase()));
  return languages.includes('all') ? [] : languages;
}

/** The type is named in the element's text or in an attribute of it, as documents have it. */
const hasDecryptionData = (properties: XmlElement): boolean =>
  childrenOf(properties, UPDATE, 'SecuredFragment').some((fragment) =>
    [textOf(fragment), ...fragment.attributes.map(({ value }) => value)].some(
      (text) => text.trim().toLowerCase() === 'filedecryption',
    ),
  );

function optionalAttributes(
  properties: XmlElement,
): Pick<ParsedUpdate, 'handler' | 'eulaId' | 'msrcSeverity' | 'maxDownloadSize'> {
  const handler = attributeOf(properties, 'Handler');
  const eulaId = attributeOf(properties, 'EulaID');
  const msrcSeverity = attributeOf(properties, 'MsrcSeverity');
  const maxDownloadSize = attributeOf(properties, 'MaxDownloadSize');
  return {
    ...(handler === undefined ? {} : { handler }),
    ...(eulaId === undefined ? {} : { eulaId: readGuid('Properties/@EulaID', eulaId) }),
    ...(msrcSeverity === undefined ? {} : { msrcSeverity }),
    ...(maxDownloadSize === undefined
      ? {}
      : { maxDownloadSize: readInteger('Properties/@MaxDownloadSize', maxDownloadSize, LARGEST_SIZE) }),
  };
}

function parseInstallationBehavior(
  behavior: XmlElement | undefined,
): Pick<ParsedUpdate, 'rebootBehavior' | 'impact' | 'canRequestUserInput'> {
  const rebootBehavior = attributeOf(behavior, 'RebootBehavior');
  const impact = attributeOf(behavior, 'Impact');
  const userInput = attributeOf(behavior, 'CanRequestUserInput');
  return {
    ...(rebootBehavior === undefined ? {} : { rebootBehavior }),
    ...(impact === undefined ? {} : { impact }),
    ...(userInput === undefined
      ? {}
      : { canRequestUserInput: readBoolean('InstallationBehavior/@CanRequestUserInput', userInput) }),
  };
}

/** Undefined for what is no category, and for those that name no kind, or none that is known: roots and subcategories. */
export function parseCategoryType(update: XmlElement): CategoryType | undefined {
  const data = childOf(update, UPDATE, 'HandlerSpecificData');
  const value = attributeOf(childOf(data, CATEGORY, 'CategoryInformation'), 'CategoryType');
  return CATEGORY_TYPES.find((type) => type === value);
}
