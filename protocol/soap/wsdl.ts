/** Describes a service in WSDL 1.1, with bindings for SOAP 1.1 and 1.2, as WSUS answers to `?wsdl`. */
import { escapeAttribute } from '../xml/escape-text.ts';
import { XML_SCHEMA } from './names.ts';
import type { ComplexType, EnumType, Field, Operation, Service, Type } from './table.ts';

const GUID_NAMESPACE = 'http://microsoft.com/wsdl/types/';
const HTTP_TRANSPORT = 'http://schemas.xmlsoap.org/soap/http';

const GUID_SCHEMA =
  `<s:schema elementFormDefault="qualified" targetNamespace="${GUID_NAMESPACE}"><s:simpleType name="guid">` +
  '<s:restriction base="s:string"><s:pattern value="[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}" />' +
  '</s:restriction></s:simpleType></s:schema>';

/** The XML Schema name of a type: `s:` for XML Schema's own, `g:` for guid, `tns:` for the service's. */
const typeName = (type: Type): string => {
  if (type.kind !== 'scalar') return `tns:${type.name}`;
  return type.scalar === 'guid' ? 'g:guid' : `s:${type.scalar}`;
};

const occurrence = (minimum: string, maximum: string): string =>
  `minOccurs="${minimum}" maxOccurs="${maximum}"`;

const nillable = (isNillable: boolean): string => (isNillable ? ' nillable="true"' : '');

const elementOf = ([name, field]: readonly [string, Field]): string =>
  `<s:element ${occurrence(field.required ? '1' : '0', '1')} name="${name}"${nillable(field.nillable)} type="${typeName(field.type)}" />`;

const attributeOf = ([name, field]: readonly [string, Field]): string =>
  `<s:attribute name="${name}" type="${typeName(field.type)}"${field.required ? ' use="required"' : ''} />`;

const contentOf = (type: ComplexType): string => {
  const fields = Object.entries(type.fields);
  const elements = fields.filter(([, field]) => !field.attribute).map(elementOf);
  const attributes = fields.filter(([, field]) => field.attribute).map(attributeOf);
  const sequence = elements.length === 0 ? '' : `<s:sequence>${elements.join('')}</s:sequence>`;
  return `${sequence}${attributes.join('')}`;
};

const enumDefinition = (type: EnumType): string => {
  const values = type.values.map((value) => `<s:enumeration value="${value}" />`).join('');
  return `<s:simpleType name="${type.name}"><s:restriction base="s:string">${values}</s:restriction></s:simpleType>`;
};

/** Collects the definitions of the types that are reached from a message, each once, in the order of their first use. */
class Definitions {
  usesGuid = false;
  readonly #byName = new Map<string, string>();

  addFieldsOf(type: ComplexType): void {
    for (const field of Object.values(type.fields)) this.#add(field.type);
  }

  toString(): string {
    return [...this.#byName.values()].join('');
  }

  #add(type: Type): void {
    if (type.kind === 'scalar') {
      this.usesGuid ||= type.scalar === 'guid';
      return;
    }
    if (this.#byName.has(type.name)) return;
    switch (type.kind) {
      case 'enum':
        this.#byName.set(type.name, enumDefinition(type));
        break;
      case 'array': {
        const item = `<s:element ${occurrence('0', 'unbounded')} name="${type.itemName}"${nillable(type.nillableItems)} type="${typeName(type.item)}" />`;
        this.#byName.set(
          type.name,
          `<s:complexType name="${type.name}"><s:sequence>${item}</s:sequence></s:complexType>`,
        );
        this.#add(type.item);
        break;
      }
      case 'complex':
        this.#byName.set(type.name, `<s:complexType name="${type.name}">${contentOf(type)}</s:complexType>`);
        this.addFieldsOf(type);
        break;
    }
  }
}

const messageElement = (type: ComplexType): string =>
  `<s:element name="${type.name}"><s:complexType>${contentOf(type)}</s:complexType></s:element>`;

const schemas = (service: Service): string => {
  const definitions = new Definitions();
  const elements: string[] = [];
  for (const { request, response } of service.operations) {
    for (const message of [request, response]) {
      elements.push(messageElement(message));
      definitions.addFieldsOf(message);
    }
  }
  const content = `${elements.join('')}${definitions.toString()}`;
  const own = (imports: string): string =>
    `<s:schema elementFormDefault="qualified" targetNamespace="${service.namespace}">${imports}${content}</s:schema>`;
  return definitions.usesGuid
    ? `${own(`<s:import namespace="${GUID_NAMESPACE}" />`)}${GUID_SCHEMA}`
    : own('');
};

const messages = ({ name, request, response }: Operation): string =>
  `<wsdl:message name="${name}SoapIn"><wsdl:part name="parameters" element="tns:${request.name}" /></wsdl:message>` +
  `<wsdl:message name="${name}SoapOut"><wsdl:part name="parameters" element="tns:${response.name}" /></wsdl:message>`;

const portOperation = ({ name }: Operation): string =>
  `<wsdl:operation name="${name}"><wsdl:input message="tns:${name}SoapIn" />` +
  `<wsdl:output message="tns:${name}SoapOut" /></wsdl:operation>`;

const binding = (service: Service, prefix: string, suffix: string): string => {
  const body = `<${prefix}:body use="literal" />`;
  const operations = service.operations.map(
    ({ name, soapAction }) =>
      `<wsdl:operation name="${name}"><${prefix}:operation soapAction="${soapAction}" style="document" />` +
      `<wsdl:input>${body}</wsdl:input><wsdl:output>${body}</wsdl:output></wsdl:operation>`,
  );
  return (
    `<wsdl:binding name="${service.name}${suffix}" type="tns:${service.name}Soap">` +
    `<${prefix}:binding transport="${HTTP_TRANSPORT}" />${operations.join('')}</wsdl:binding>`
  );
};

const port = (service: Service, prefix: string, suffix: string, location: string): string =>
  `<wsdl:port name="${service.name}${suffix}" binding="tns:${service.name}${suffix}">` +
  `<${prefix}:address location="${location}" /></wsdl:port>`;

/** @param address where the service is served, as the one who asks reaches it */
export const writeWsdl = (service: Service, address: string): string => {
  const location = escapeAttribute(address);
  return (
    '<?xml version="1.0" encoding="utf-8"?>' +
    '<wsdl:definitions xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/"' +
    ` xmlns:soap12="http://schemas.xmlsoap.org/wsdl/soap12/" xmlns:s="${XML_SCHEMA}" xmlns:g="${GUID_NAMESPACE}"` +
    ` xmlns:tns="${service.namespace}" targetNamespace="${service.namespace}">` +
    `<wsdl:types>${schemas(service)}</wsdl:types>${service.operations.map(messages).join('')}` +
    `<wsdl:portType name="${service.name}Soap">${service.operations.map(portOperation).join('')}</wsdl:portType>` +
    `${binding(service, 'soap', 'Soap')}${binding(service, 'soap12', 'Soap12')}` +
    `<wsdl:service name="${service.name}">${port(service, 'soap', 'Soap', location)}` +
    `${port(service, 'soap12', 'Soap12', location)}</wsdl:service></wsdl:definitions>`
  );
};
