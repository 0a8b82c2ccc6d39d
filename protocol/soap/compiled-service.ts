/** A service's tables, made into readers and writers once. */
import { Vocabulary } from '../xml/vocabulary.ts';
import { SOAP_11, SOAP_12, XML_SCHEMA, XML_SCHEMA_INSTANCE } from './names.ts';
import type { Operation, Service, Type } from './table.ts';
import { typeReader, type ElementReader } from './type-reader.ts';
import { typeWriter, type ElementWriter } from './type-writer.ts';

export interface CompiledMessage {
  readonly read: ElementReader;
  readonly write: ElementWriter;
}

export interface CompiledOperation {
  readonly operation: Operation;
  readonly request: CompiledMessage;
  readonly response: CompiledMessage;
}

export interface CompiledService {
  readonly vocabulary: Vocabulary;
  /** By the name of the request's element. */
  readonly operations: ReadonlyMap<string, CompiledOperation>;
}

const elementNames = (type: Type): string[] => {
  if (type.kind === 'array') return [type.itemName, ...elementNames(type.item)];
  if (type.kind !== 'complex') return [];
  return Object.entries(type.fields).flatMap(([name, field]) => [name, ...elementNames(field.type)]);
};

const compileMessage = (type: Operation['request'], namespace: string): CompiledMessage => ({
  read: typeReader(type, namespace, type.name),
  write: typeWriter(`${type.name} xmlns="${namespace}"`, type, type.name),
});

/** The service's own, then those of the interfaces that it shares. */
export const namespacesOf = ({ namespace, operations }: Service): string[] => [
  ...new Set([namespace, ...operations.map((operation) => operation.namespace)]),
];

const compile = (service: Service): CompiledService => {
  const messages = service.operations.flatMap(({ request, response }) => [request, response]);
  const names = messages.flatMap((type) => [type.name, ...elementNames(type)]);
  return {
    vocabulary: new Vocabulary(
      [...names, 'Envelope', 'Header', 'Body', 'Fault'],
      [...namespacesOf(service), SOAP_11, SOAP_12, XML_SCHEMA, XML_SCHEMA_INSTANCE],
    ),
    operations: new Map(
      service.operations.map((operation) => [
        operation.name,
        {
          operation,
          request: compileMessage(operation.request, operation.namespace),
          response: compileMessage(operation.response, operation.namespace),
        },
      ]),
    ),
  };
};

const compiled = new WeakMap<Service, CompiledService>();

export const compiledService = (service: Service): CompiledService => {
  let result = compiled.get(service);
  if (result === undefined) {
    result = compile(service);
    compiled.set(service, result);
  }
  return result;
};

/** @throws RangeError for an operation that is not the service's own: a mistake of the caller */
export const compiledOperation = (service: Service, operation: Operation): CompiledOperation => {
  const found = compiledService(service).operations.get(operation.name);
  if (found === undefined) throw new RangeError(`${service.name} has no operation ${operation.name}`);
  return found;
};
