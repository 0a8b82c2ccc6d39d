/** Finding parts of a document's tree and reading their values; what does not fit is refused by name. */
import { UpdateDocumentError } from './update-document-error.ts';
import type { XmlElement } from './xml-tree.ts';

const isElement = (child: XmlElement | string): child is XmlElement => typeof child !== 'string';

export function childrenOf(parent: XmlElement | undefined, namespace: string, name: string): XmlElement[] {
  if (parent === undefined) return [];
  return parent.children.filter(
    (child): child is XmlElement => isElement(child) && child.name === name && child.namespace === namespace,
  );
}

export function childOf(
  parent: XmlElement | undefined,
  namespace: string,
  name: string,
): XmlElement | undefined {
  if (parent === undefined) return undefined;
  for (const child of parent.children) {
    if (isElement(child) && child.name === name && child.namespace === namespace) return child;
  }
  return undefined;
}

/** All text of the element itself. */
export function textOf(element: XmlElement): string {
  return element.children.filter((child) => typeof child === 'string').join('');
}

/** Text of the child; undefined where there is no such child or it has none. */
export function childText(
  parent: XmlElement | undefined,
  namespace: string,
  name: string,
): string | undefined {
  const child = childOf(parent, namespace, name);
  return child === undefined ? undefined : textOf(child) || undefined;
}

/** Text of every child of that name that has any. */
export const childTexts = (parent: XmlElement | undefined, namespace: string, name: string): string[] =>
  childrenOf(parent, namespace, name)
    .map((child) => textOf(child).trim())
    .filter((text) => text !== '');

export function attributeOf(element: XmlElement | undefined, name: string): string | undefined {
  if (element === undefined) return undefined;
  for (const attribute of element.attributes) {
    if (attribute.name === name && attribute.namespace === '') return attribute.value;
  }
  return undefined;
}

/** @throws UpdateDocumentError where the attribute is missing */
export function requiredAttribute(element: XmlElement, name: string): string {
  const value = attributeOf(element, name);
  if (value === undefined) throw missing(`${element.name}/@${name}`);
  return value;
}

export const missing = (part: string): UpdateDocumentError =>
  new UpdateDocumentError('PART_MISSING', `The update document has no ${part}.`);

/** @param accepted what would have been right, in words */
export const invalid = (part: string, value: string, accepted: string): UpdateDocumentError =>
  new UpdateDocumentError(
    'VALUE_INVALID',
    `${part} is ${JSON.stringify(value.slice(0, 100))} in the update document; ${accepted} is accepted.`,
  );
