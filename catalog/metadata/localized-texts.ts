/** `LocalizedPropertiesCollection`: the texts in each language, and the licence terms. */
import {
  attributeOf,
  childOf,
  childText,
  childTexts,
  childrenOf,
  missing,
  requiredAttribute,
} from './element-reading.ts';
import { parseFile } from './files.ts';
import type { EulaFile, LocalizedProperties } from './model.ts';
import { UPDATE } from './namespaces.ts';
import type { XmlElement } from './xml-tree.ts';

const collectionOf = (update: XmlElement): XmlElement | undefined =>
  childOf(update, UPDATE, 'LocalizedPropertiesCollection');

export const localizedElements = (update: XmlElement): XmlElement[] =>
  childrenOf(collectionOf(update), UPDATE, 'LocalizedProperties');

export const eulaElements = (update: XmlElement): XmlElement[] =>
  childrenOf(collectionOf(update), UPDATE, 'EulaFile');

/** In lower case. @throws UpdateDocumentError where there is none */
export function languageOf(localized: XmlElement): string {
  const language = childText(localized, UPDATE, 'Language')?.trim();
  if (language === undefined || language === '') throw missing('LocalizedProperties/Language');
  return language.toLowerCase();
}

export const parseLocalized = (update: XmlElement): LocalizedProperties[] =>
  localizedElements(update).map((element) => {
    const description = childText(element, UPDATE, 'Description');
    const uninstallNotes = childText(element, UPDATE, 'UninstallNotes');
    const supportUrl = childText(element, UPDATE, 'SupportUrl');
    return {
      language: languageOf(element),
      title: childText(element, UPDATE, 'Title') ?? '',
      moreInfoUrls: childTexts(element, UPDATE, 'MoreInfoUrl'),
      ...(description === undefined ? {} : { description }),
      ...(uninstallNotes === undefined ? {} : { uninstallNotes }),
      ...(supportUrl === undefined ? {} : { supportUrl }),
    };
  });

export const parseEulaFiles = (update: XmlElement): EulaFile[] =>
  eulaElements(update).map((element) => {
    const geoId = attributeOf(element, 'GeoId');
    return {
      ...parseFile(element),
      language: requiredAttribute(element, 'Language').toLowerCase(),
      ...(geoId === undefined || geoId === '' ? {} : { geoId }),
    };
  });
