/** The XML Schema of one namespace of a service: its messages' elements and every type that is reached from them. */
import { XML_SCHEMA } from './names.ts';
import type { ComplexType, EnumType, Field, Operation, Type } from './table.ts';

export const GUID_NAMESPACE = 'http://microsoft.com/wsdl/types/';

const GUID_SCHEMA =
  `<s:schema elementFormDefault="qualified" targetNamespace="${GUID_NAMESPACE}"><s:simpleType name="guid">` +
  '<s:restriction base="s:string"><s:pattern value="[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}" />' +
  '</s:restriction></s:simpleType></s:schema>';

/** The prefixes that a schema is written with: `s` for XML Schema's own names, `g` for guid. */
export const SCHEMA_PREFIXES = ` xmlns:s="${XML_SCHEMA}" xmlns:g="${GUID_NAMESPACE}"`;

/** A namespace of a service, with the prefix that its document declares for it. */
export interface MessageNamespace {
  readonly namespace: string;
  readonly prefix: string;
  readonly operations: readonly Operation[];
}

/** The schemas of the namespaces, and that of guid where one of them uses it. */
export function writeSchemas(namespaces: readonly MessageNamespace[]): string {
  const schemas = namespaces.map((namespace) => new Schema(namespace));
  const usesGuid = schemas.some((schema) => schema.usesGuid);
  return `${schemas.map((schema) => schema.write()).join('')}${usesGuid ? GUID_SCHEMA : ''}`;
}

const occurrence = (minimum: string, maximum: string): string =>
  `minOccurs="${minimum}" maxOccurs="${maximum}"`;

const nillable = (isNillable: boolean): string => (isNillable ? ' nillable="true"' : '');

const enumDefinition = (type: EnumType): string => {
  const values = type.values.map((value) => `<s:enumeration value="${value}" />`).join('');
  return `<s:simpleType name="${type.name}"><s:restriction base="s:string">${values}</s:restriction></s:simpleType>`;
};

class Schema {
  usesGuid = false;
  readonly #namespace: string;
  readonly #prefix: string;
  readonly #elements: string[] = [];
  /** Each once, in the order of their first use. */
  readonly #types = new Map<string, string>();

  constructor({ namespace, prefix, operations }: MessageNamespace) {
    this.#namespace = namespace;
    this.#prefix = prefix;
    for (const { request, response } of operations) {
      for (const message of [request, response]) {
        this.#elements.push(
          `<s:element name="${message.name}"><s:complexType>${this.#contentOf(message)}</s:complexType></s:element>`,
        );
        this.#addTypesOf(message);
      }
    }
  }

  write(): string {
    const imports = this.usesGuid ? `<s:import namespace="${GUID_NAMESPACE}" />` : '';
    return (
      `<s:schema elementFormDefault="qualified" targetNamespace="${this.#namespace}">${imports}` +
      `${this.#elements.join('')}${[...this.#types.values()].join('')}</s:schema>`
    );
  }

  #addTypesOf(type: ComplexType): void {
    for (const field of Object.values(type.fields)) this.#add(field.type);
  }

  #add(type: Type): void {
    if (type.kind === 'scalar') {
      this.usesGuid ||= type.scalar === 'guid';
      return;
    }
    if (this.#types.has(type.name)) return;
    switch (type.kind) {
      case 'enum':
        this.#types.set(type.name, enumDefinition(type));
        break;
      case 'array': {
        const item = `<s:element ${occurrence('0', 'unbounded')} name="${type.itemName}"${nillable(type.nillableItems)} type="${this.#nameOf(type.item)}" />`;
        this.#types.set(
          type.name,
          `<s:complexType name="${type.name}"><s:sequence>${item}</s:sequence></s:complexType>`,
        );
        this.#add(type.item);
        break;
      }
      case 'complex':
        this.#types.set(
          type.name,
          `<s:complexType name="${type.name}">${this.#contentOf(type)}</s:complexType>`,
        );
        this.#addTypesOf(type);
        break;
    }
  }

  #contentOf(type: ComplexType): string {
    const fields = Object.entries(type.fields);
    const elements = fields
      .filter(([, field]) => !field.attribute)
      .map(([name, field]) => this.#elementOf(name, field));
    const attributes = fields
      .filter(([, field]) => field.attribute)
      .map(([name, field]) => this.#attributeOf(name, field));
    const sequence = elements.length === 0 ? '' : `<s:sequence>${elements.join('')}</s:sequence>`;
    return `${sequence}${attributes.join('')}`;
  }

  #elementOf(name: string, field: Field): string {
    const occurs = occurrence(field.required ? '1' : '0', '1');
    return `<s:element ${occurs} name="${name}"${nillable(field.nillable)} type="${this.#nameOf(field.type)}" />`;
  }

  #attributeOf(name: string, field: Field): string {
    return `<s:attribute name="${name}" type="${this.#nameOf(field.type)}"${field.required ? ' use="required"' : ''} />`;
  }

  #nameOf(type: Type): string {
    if (type.kind !== 'scalar') return `${this.#prefix}:${type.name}`;
    return type.scalar === 'guid' ? 'g:guid' : `s:${type.scalar}`;
  }
}
