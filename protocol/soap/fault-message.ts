/** Faults on the wire: [MS-WUSP] 2.2.2.4, [MS-WSUSSS] 2.2.9; SOAP 1.1, 4.4; SOAP 1.2 part 1, 5.4. */
import { writeEnvelope } from './envelope.ts';
import type { Tokenizer } from '../xml/tokenizer.ts';
import { nextChild, readText, skipElement } from './element-content.ts';
import { ERROR_CODES, SoapFault, type ErrorCode, type FaultCode } from './fault.ts';
import { MessageOutput, writable } from './message-output.ts';
import type { SoapVersion } from './names.ts';
import type { Service } from './table.ts';

const FAULT_STRING = 'Fault occurred';

const SOAP_12_CODES: Readonly<Record<FaultCode, string>> = { Client: 'Sender', Server: 'Receiver' };

const writeDetail = (output: MessageOutput, fault: SoapFault): void => {
  output.raw(`<ErrorCode>${fault.errorCode}</ErrorCode><Message>`);
  // It may quote a request that could not be read, with whatever that held.
  output.text(writable(fault.message), 'Message');
  output.raw('</Message><ID>');
  output.text(fault.id, 'ID');
  output.raw('</ID>');
  if (fault.method === undefined) return;
  output.raw('<Method>');
  output.text(`"${fault.method}"`, 'Method');
  output.raw('</Method>');
};

const writeActor = (output: MessageOutput, name: string, actor: string | undefined): void => {
  if (actor === undefined) return;
  output.raw(`<${name}>`);
  output.text(actor, name);
  output.raw(`</${name}>`);
};

/**
 * A whole envelope with the fault.
 *
 * @param faultActor address of the service
 */
export const writeFault = (
  service: Service,
  fault: SoapFault,
  soapVersion: SoapVersion = '1.1',
  faultActor?: string,
): Buffer => {
  const output = new MessageOutput();
  const prefix = service.envelopeStyle;
  writeEnvelope(output, prefix, soapVersion, 'fault', () => {
    output.raw(`<${prefix}:Fault>`);
    if (soapVersion === '1.1') {
      output.raw(
        `<faultcode>${prefix}:${fault.faultCode}</faultcode><faultstring>${FAULT_STRING}</faultstring>`,
      );
      writeActor(output, 'faultactor', faultActor);
      output.raw('<detail>');
      writeDetail(output, fault);
      output.raw('</detail>');
    } else {
      output.raw(
        `<${prefix}:Code><${prefix}:Value>${prefix}:${SOAP_12_CODES[fault.faultCode]}</${prefix}:Value></${prefix}:Code>` +
          `<${prefix}:Reason><${prefix}:Text xml:lang="en">${FAULT_STRING}</${prefix}:Text></${prefix}:Reason>`,
      );
      writeActor(output, `${prefix}:Role`, faultActor);
      // Without a namespace, unlike the Detail of SOAP 1.2: [MS-WSUSSS] 2.2.9.2.
      output.raw('<Detail>');
      writeDetail(output, fault);
      output.raw('</Detail>');
    }
    output.raw(`</${prefix}:Fault>`);
  });
  return output.finish();
};

/** The text of each child, by local name: peers differ in the namespaces of these. */
const readTexts = (tokens: Tokenizer, names: ReadonlySet<string>): Map<string, string> => {
  const texts = new Map<string, string>();
  while (nextChild(tokens)) {
    const name = tokens.localName;
    if (names.has(name)) texts.set(name, readText(tokens, name));
    else skipElement(tokens);
  }
  return texts;
};

const DETAIL_NAMES: ReadonlySet<string> = new Set(['ErrorCode', 'Message', 'ID', 'Method']);
const REASON_NAMES: ReadonlySet<string> = new Set(['Text']);

const isErrorCode = (text: string): text is ErrorCode => ERROR_CODES.some((code) => code === text);

const faultOf = (detail: ReadonlyMap<string, string>, reason: string): SoapFault => {
  const errorCode = detail.get('ErrorCode')?.trim() ?? '';
  const method = detail.get('Method')?.trim().replaceAll('"', '');
  const options = { id: detail.get('ID')?.trim(), method };
  if (isErrorCode(errorCode)) return new SoapFault(errorCode, detail.get('Message') ?? '', options);
  // A fault that the protocol does not name tells its receiver to stop ([MS-WSUSSS] 3.2.4).
  const what = [errorCode, detail.get('Message'), reason].filter((text) => text !== undefined && text !== '');
  return new SoapFault('InternalServerError', what.join(': '), options);
};

/** Reads a `Fault` whose start tag was read last; what the protocol does not name becomes InternalServerError. */
export const readFault = (tokens: Tokenizer): SoapFault => {
  let detail: ReadonlyMap<string, string> = new Map();
  let reason = '';
  while (nextChild(tokens)) {
    switch (tokens.localName) {
      case 'detail':
      case 'Detail':
        detail = readTexts(tokens, DETAIL_NAMES);
        break;
      case 'faultstring':
        reason = readText(tokens, 'faultstring');
        break;
      case 'Reason':
        reason = readTexts(tokens, REASON_NAMES).get('Text') ?? '';
        break;
      default:
        skipElement(tokens);
    }
  }
  return faultOf(detail, reason);
};
