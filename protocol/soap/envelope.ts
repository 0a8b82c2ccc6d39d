/** The envelope around a message: SOAP 1.1, 4; SOAP 1.2 part 1, 5. */
import { DOCUMENT_END, type Tokenizer } from '../xml/tokenizer.ts';
import { nextChild, skipElement } from './element-content.ts';
import { MessageError, quote } from './message-error.ts';
import type { MessageOutput } from './message-output.ts';
import {
  ENVELOPE_NAMESPACES,
  SOAP_11,
  SOAP_12,
  XML_SCHEMA,
  XML_SCHEMA_INSTANCE,
  type SoapVersion,
} from './names.ts';
import type { EnvelopeStyle } from './table.ts';

const versionOf = (tokens: Tokenizer): SoapVersion => {
  if (tokens.localName === 'Envelope') {
    if (tokens.namespace === SOAP_11) return '1.1';
    if (tokens.namespace === SOAP_12) return '1.2';
  }
  throw new MessageError(
    'MESSAGE_ENVELOPE',
    `the root is ${quote(tokens.localName)} of the namespace ${quote(tokens.namespace)}, not a SOAP envelope`,
  );
};

/**
 * Moves to the start tag of the message in the body. Headers are ignored, also those that must be understood: the public
 * update service's clients send addressing and security headers that mean nothing here.
 *
 * @throws MessageError MESSAGE_ENVELOPE
 */
export const openEnvelope = (tokens: Tokenizer): SoapVersion => {
  tokens.next();
  const version = versionOf(tokens);
  while (nextChild(tokens)) {
    if (tokens.localName === 'Body' && tokens.namespace === ENVELOPE_NAMESPACES[version]) {
      if (nextChild(tokens)) return version;
      throw new MessageError('MESSAGE_ENVELOPE', 'the body of the SOAP envelope is empty');
    }
    skipElement(tokens);
  }
  throw new MessageError('MESSAGE_ENVELOPE', 'the SOAP envelope has no body');
};

/**
 * Reads what follows the message, so that a document that breaks off or goes wrong after it is refused too.
 *
 * @throws MessageError MESSAGE_ENVELOPE when the body holds a second message
 */
export const closeEnvelope = (tokens: Tokenizer): void => {
  if (nextChild(tokens)) {
    throw new MessageError('MESSAGE_ENVELOPE', 'the body of the SOAP envelope holds more than one message');
  }
  while (tokens.next() !== DOCUMENT_END);
};

const SCHEMA_PREFIXES = ` xmlns:xsi="${XML_SCHEMA_INSTANCE}" xmlns:xsd="${XML_SCHEMA}"`;

/** What an envelope is for: the schema prefixes stand where WSUS declares them, and only there. */
export type EnvelopeUse = 'request' | 'response' | 'fault';

/** Writes an envelope in the service's style around what `body` writes. */
export const writeEnvelope = (
  output: MessageOutput,
  style: EnvelopeStyle,
  version: SoapVersion,
  use: EnvelopeUse,
  body: () => void,
): void => {
  const namespace = ENVELOPE_NAMESPACES[version];
  if (style === 's') {
    const prefixes = use === 'response' ? SCHEMA_PREFIXES : '';
    output.raw(`<s:Envelope xmlns:s="${namespace}"><s:Body${prefixes}>`);
  } else {
    const prefixes = use === 'request' ? '' : SCHEMA_PREFIXES;
    output.raw(
      `<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="${namespace}"${prefixes}><soap:Body>`,
    );
  }
  body();
  output.raw(`</${style}:Body></${style}:Envelope>`);
};
