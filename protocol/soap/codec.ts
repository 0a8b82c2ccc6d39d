/**
 * Reads and writes whole messages by their tables. Reading is tolerant where peers were seen to differ: unknown elements
 * are skipped in any position, order does not matter, SOAP headers and `soapenc:arrayType` are ignored, `xsi:nil` reads
 * as absent. It is strict in everything else.
 */
import { Tokenizer } from '../xml/tokenizer.ts';
import { compiledOperation, compiledService } from './compiled-service.ts';
import { closeEnvelope, openEnvelope, writeEnvelope } from './envelope.ts';
import { readFault } from './fault-message.ts';
import { DEFAULT_LIMITS, RESPONSE_LIMITS, type ReadLimits } from './limits.ts';
import { MessageError, quote } from './message-error.ts';
import { MessageOutput } from './message-output.ts';
import { ENVELOPE_NAMESPACES, type SoapVersion } from './names.ts';
import type {
  ArrayType,
  Operation,
  RequestToWrite,
  ResponseOf,
  ResponseToWrite,
  Service,
  Type,
  Write,
} from './table.ts';
import { typeWriter } from './type-writer.ts';

export { writeFault } from './fault-message.ts';
export { DEFAULT_LIMITS, MessageError, RESPONSE_LIMITS };
export type { ReadLimits, SoapVersion };

const unexpected = (tokens: Tokenizer, service: Service, expected: string): MessageError =>
  new MessageError(
    'MESSAGE_UNKNOWN',
    `the body holds ${quote(tokens.localName)} of the namespace ${quote(tokens.namespace)}, not ${expected} of ${service.name}`,
  );

/**
 * Reads a request to any of the service's operations; the element in the body tells which, as WSUS has it.
 *
 * @param bytes the whole document
 * @throws XmlError when it is not well-formed or exceeds a limit
 * @throws MessageError when it is not a message of the service
 */
export const readRequest = (
  service: Service,
  bytes: Buffer,
  limits: ReadLimits = DEFAULT_LIMITS,
): { operation: Operation; soapVersion: SoapVersion; request: unknown } => {
  const { vocabulary, operations } = compiledService(service);
  const tokens = new Tokenizer(bytes, limits, vocabulary);
  const soapVersion = openEnvelope(tokens);
  const found = operations.get(tokens.localName);
  if (found === undefined || found.operation.namespace !== tokens.namespace)
    throw unexpected(tokens, service, 'an operation');
  const request = found.request.read({ tokens, maxListItems: limits.maxListItems });
  closeEnvelope(tokens);
  return { operation: found.operation, soapVersion, request };
};

/**
 * Reads the response to an operation.
 *
 * @throws SoapFault when the server answered a fault
 * @throws XmlError when it is not well-formed or exceeds a limit
 * @throws MessageError when it is not the operation's response
 */
export const readResponse = <O extends Operation>(
  service: Service,
  operation: O,
  bytes: Buffer,
  limits: ReadLimits = RESPONSE_LIMITS,
): ResponseOf<O> => {
  const { response } = compiledOperation(service, operation);
  const tokens = new Tokenizer(bytes, limits, compiledService(service).vocabulary);
  const soapVersion = openEnvelope(tokens);
  if (tokens.localName === 'Fault' && tokens.namespace === ENVELOPE_NAMESPACES[soapVersion]) {
    const fault = readFault(tokens);
    closeEnvelope(tokens);
    throw fault;
  }
  if (tokens.localName !== operation.response.name || tokens.namespace !== operation.namespace) {
    throw unexpected(tokens, service, operation.response.name);
  }
  const value = response.read({ tokens, maxListItems: limits.maxListItems });
  closeEnvelope(tokens);
  // The reader was made of the very table that the type was inferred from, and checks every value against it.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return value as ResponseOf<O>;
};

/** @throws MessageError when a value is missing or cannot be written as its type */
export const writeRequest = <O extends Operation>(
  service: Service,
  operation: O,
  request: RequestToWrite<O>,
  soapVersion: SoapVersion = '1.1',
): Buffer => {
  const output = new MessageOutput();
  writeEnvelope(output, service.envelopeStyle, soapVersion, 'request', () => {
    compiledOperation(service, operation).request.write(request, output);
  });
  return output.finish();
};

/** @throws MessageError when a value is missing or cannot be written as its type */
export const writeResponse = <O extends Operation>(
  service: Service,
  operation: O,
  response: ResponseToWrite<O>,
  soapVersion: SoapVersion = '1.1',
): Buffer => outputOf(service, operation, response, soapVersion).finish();

/**
 * The same in pieces, of which those that were written beforehand (PreparedItems, EscapedText) are the very objects that
 * were given: who sends them again and again can know them.
 *
 * @throws MessageError when a value is missing or cannot be written as its type
 */
export const writeResponsePieces = <O extends Operation>(
  service: Service,
  operation: O,
  response: ResponseToWrite<O>,
  soapVersion: SoapVersion,
): readonly Buffer[] => outputOf(service, operation, response, soapVersion).pieces();

const outputOf = <O extends Operation>(
  service: Service,
  operation: O,
  response: ResponseToWrite<O>,
  soapVersion: SoapVersion,
): MessageOutput => {
  const output = new MessageOutput();
  writeEnvelope(output, service.envelopeStyle, soapVersion, 'response', () => {
    compiledOperation(service, operation).response.write(response, output);
  });
  return output;
};

/**
 * Writes single items of a list beforehand, for PreparedItems.
 *
 * @throws MessageError when a value is missing or cannot be written as its type
 */
export const itemWriter = <T extends Type>({
  itemName,
  item,
}: ArrayType<T>): ((value: Write<T>) => Buffer) => {
  const write = typeWriter(itemName, item, itemName);
  return (value) => {
    const output = new MessageOutput();
    write(value, output);
    return output.finish();
  };
};
