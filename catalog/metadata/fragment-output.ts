/** Writes elements of an update document as agents read them: without namespaces, some names marked instead. */
import { escapeAttribute, escapeText } from '../../protocol/xml/escape-text.ts';
import { XMLNS_NAMESPACE } from '../../protocol/xml/namespaces.ts';
import { BASE_RULES, MSI_RULES, WINDOWS_DRIVER, isUpdateMetadata } from './namespaces.ts';
import type { XmlAttribute, XmlElement } from './xml-tree.ts';

/** [MS-WUSP] 3.1.1.1 names these three; all other elements keep their bare name. */
const MARKS: ReadonlyMap<string, string> = new Map([
  [BASE_RULES, 'b.'],
  [MSI_RULES, 'm.'],
  [WINDOWS_DRIVER, 'd.'],
]);

export function writeElement(element: XmlElement): string {
  const name = (MARKS.get(element.namespace) ?? '') + element.name;
  let start = `<${name}`;
  for (const attribute of element.attributes) {
    if (isKept(attribute)) start += ` ${attribute.name}="${escapeAttribute(attribute.value)}"`;
  }
  if (element.children.length === 0) return `${start} />`;
  let content = '';
  for (const child of element.children) {
    content += typeof child === 'string' ? escapeText(child) : writeElement(child);
  }
  return `${start}>${content}</${name}>`;
}

/**
 * Windows servers leave the default namespace of what is not update metadata where it is declared: the manifests of
 * packages (`urn:schemas-microsoft-com:asm.v3`) and of Installer patches are handed on to others, who need it.
 */
const isKept = ({ namespace, value }: XmlAttribute): boolean =>
  namespace !== XMLNS_NAMESPACE || (value !== '' && !isUpdateMetadata(value));
