/** Describes a service in WSDL 1.1, with bindings for SOAP 1.1 and 1.2, as WSUS answers to `?wsdl`: one whole document. */
import { escapeAttribute } from '../xml/escape-text.ts';
import { namespacesOf } from './compiled-service.ts';
import type { Operation, Service } from './table.ts';
import { SCHEMA_PREFIXES, writeSchemas, type MessageNamespace } from './wsdl-schema.ts';

const HTTP_TRANSPORT = 'http://schemas.xmlsoap.org/soap/http';

/** `tns` is the service's own; the interfaces it shares with others are `i1` and on. */
const messageNamespaces = (service: Service): MessageNamespace[] =>
  namespacesOf(service).map((namespace, index) => ({
    namespace,
    prefix: index === 0 ? 'tns' : `i${index}`,
    operations: service.operations.filter((operation) => operation.namespace === namespace),
  }));

const messages = ({ prefix, operations }: MessageNamespace): string =>
  operations
    .map(
      ({ name, request, response }) =>
        `<wsdl:message name="${name}SoapIn"><wsdl:part name="parameters" element="${prefix}:${request.name}" /></wsdl:message>` +
        `<wsdl:message name="${name}SoapOut"><wsdl:part name="parameters" element="${prefix}:${response.name}" /></wsdl:message>`,
    )
    .join('');

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
  const namespaces = messageNamespaces(service);
  const prefixes = namespaces.map(({ namespace, prefix }) => ` xmlns:${prefix}="${namespace}"`);
  return (
    '<?xml version="1.0" encoding="utf-8"?>' +
    '<wsdl:definitions xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/"' +
    ` xmlns:soap12="http://schemas.xmlsoap.org/wsdl/soap12/"${SCHEMA_PREFIXES}${prefixes.join('')}` +
    ` targetNamespace="${service.namespace}">` +
    `<wsdl:types>${writeSchemas(namespaces)}</wsdl:types>${namespaces.map(messages).join('')}` +
    `<wsdl:portType name="${service.name}Soap">${service.operations.map(portOperation).join('')}</wsdl:portType>` +
    `${binding(service, 'soap', 'Soap')}${binding(service, 'soap12', 'Soap12')}` +
    `<wsdl:service name="${service.name}">${port(service, 'soap', 'Soap', location)}` +
    `${port(service, 'soap12', 'Soap12', location)}</wsdl:service></wsdl:definitions>`
  );
};
