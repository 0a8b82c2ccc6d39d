/** Serves a declared service over HTTP: read by its table, answered by its handlers, written by its table. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from '../../config/logging.ts';
import { DEFAULT_LIMITS, MessageError, readRequest, writeFault } from '../../protocol/soap/codec.ts';
import type { SoapVersion } from '../../protocol/soap/codec.ts';
import { SoapFault } from '../../protocol/soap/fault.ts';
import type { Operation } from '../../protocol/soap/table.ts';
import { writeWsdl } from '../../protocol/soap/wsdl.ts';
import { XmlError } from '../../protocol/xml/error.ts';
import { addressOf, answerBare, hostOf } from '../http/answer.ts';
import type { Handler } from '../http/dispatcher.ts';
import { BodyBudget } from '../http/body-budget.ts';
import type { Holding } from '../http/body-budget.ts';
import { BodiesTooMany, BodyCutShort, BodyTooLarge, readBody } from '../http/request-body.ts';
import { answerEnvelope } from './answer-envelope.ts';
import type { EnvelopeExchange } from './answer-envelope.ts';
import { CallerLeft } from './caller-left.ts';
import { PreparedEnvelope } from './implementation.ts';
import type { Call, ImplementedService } from './implementation.ts';

export interface EndpointOptions {
  readonly log: Logger;
  /** Bytes of a request. */
  readonly requestBytes: number;
  /** What unfinished exchanges may hold, of all endpoints of the process. Default: one for this endpoint alone. */
  readonly bodies?: BodyBudget;
}

/** What is known of a request when it is answered. */
interface Exchange extends EnvelopeExchange {
  readonly call: Call;
  readonly address: string;
}

/**
 * A handler for the service's path. POST is a message, GET with `?wsdl` the description; anything else is no update
 * client and gets a bare 405.
 *
 * The body alone decides which operation is meant ([MS-WSUSSS] 3.1.4), not the SOAPAction header.
 */
export function createSoapEndpoint(implemented: ImplementedService, options: EndpointOptions): Handler {
  const { service } = implemented;
  const operations = new Map(implemented.operations.map((own) => [own.operation.name, own]));
  const limits = { ...DEFAULT_LIMITS, maxBytes: options.requestBytes };
  const bodies = options.bodies ?? new BodyBudget(options.requestBytes);

  const answerMessage = async (exchange: Exchange): Promise<void> => {
    let soapVersion = declaredVersion(exchange.request);
    let operation: Operation | undefined;
    try {
      const { request, holding } = exchange;
      const bytes = await readBody(request, { limit: options.requestBytes, holding });
      const message = readRequest(service, bytes, limits);
      soapVersion = message.soapVersion;
      operation = message.operation;
      const own = operations.get(message.operation.name);
      if (own === undefined) throw new SoapFault('InvalidParameters', message.operation.name);
      const response = await own.answer(message.request, { ...exchange.call, soapVersion });
      const envelope =
        response instanceof PreparedEnvelope
          ? response
          : new PreparedEnvelope([own.write(service, response, soapVersion)]);
      await answerEnvelope(exchange, 200, envelope, soapVersion);
    } catch (error) {
      if (error instanceof BodyCutShort || error instanceof CallerLeft) {
        exchange.response.destroy();
        return;
      }
      if (error instanceof BodiesTooMany) {
        answerNoRoom(exchange.response);
        return;
      }
      const fault = asFault(error, operation);
      report(options.log, fault, error, exchange, service.name, operation);
      if (error instanceof BodyTooLarge && !error.drained) exchange.response.setHeader('Connection', 'close');
      await answerEnvelope(
        exchange,
        500,
        new PreparedEnvelope([writeFault(service, fault, soapVersion, exchange.address)]),
        soapVersion,
      );
    }
  };

  return async (request, response, path) => {
    const host = hostOf(request);
    if (host === undefined) {
      answerBare(response, 400);
      return;
    }
    const isHttps = 'encrypted' in request.socket;
    const soapVersion = declaredVersion(request);
    const { authorization } = request.headers;
    const hasLeft = (): boolean => response.closed;
    const call = { remoteAddress: addressOf(request), host, isHttps, soapVersion, authorization, hasLeft };
    const holding = bodies.open(call.remoteAddress);
    const address = `${isHttps ? 'https' : 'http'}://${host}${service.path}`;
    try {
      if (request.method === 'POST') {
        if ((request.headers['content-encoding'] ?? 'identity') === 'identity') {
          await answerMessage({ request, response, call, address, holding });
        } else answerBare(response, 415, { 'Accept-Encoding': 'identity' });
      } else if (request.method === 'GET' && asksForWsdl(request.url ?? path)) {
        const wsdl = Buffer.from(writeWsdl(service, address));
        if (holding.add(wsdl.length))
          await answerEnvelope({ request, response, holding }, 200, new PreparedEnvelope([wsdl]), '1.1');
        else answerNoRoom(response);
      } else answerBare(response, 405, { Allow: 'POST' });
    } finally {
      endWhenGone(response, holding);
    }
  };
}

/** Once it is made and sent: an answer is also made for a peer who has left, and holds until then what it holds. */
function endWhenGone(response: ServerResponse, holding: Holding): void {
  if (response.closed) holding.end();
  else response.on('close', () => holding.end());
}

/** What others hold will be gone soon. */
const answerNoRoom = (response: ServerResponse): void =>
  answerBare(response, 503, { 'Retry-After': '1', Connection: 'close' });

const asksForWsdl = (url: string): boolean => /\?(?:single)?wsdl$/i.test(url);

/** For a fault to a message that could not be read. */
function declaredVersion(request: IncomingMessage): SoapVersion {
  return (request.headers['content-type'] ?? '').toLowerCase().startsWith('application/soap+xml')
    ? '1.2'
    : '1.1';
}

function asFault(error: unknown, operation: Operation | undefined): SoapFault {
  const method = operation?.soapAction;
  if (error instanceof SoapFault) {
    return error.method === undefined
      ? new SoapFault(error.errorCode, error.message, { method, id: error.id, cause: error.cause })
      : error;
  }
  if (operation === undefined && isUnreadable(error)) {
    return new SoapFault('InvalidParameters', error.message, { method, cause: error });
  }
  return new SoapFault('InternalServerError', '', { method, cause: error });
}

const isUnreadable = (error: unknown): error is Error =>
  error instanceof MessageError || error instanceof XmlError || error instanceof BodyTooLarge;

function report(
  log: Logger,
  fault: SoapFault,
  error: unknown,
  { call }: Exchange,
  service: string,
  operation: Operation | undefined,
): void {
  const facts = {
    service,
    operation: operation?.name,
    faultId: fault.id,
    errorCode: fault.errorCode,
    remoteAddress: call.remoteAddress,
  };
  if (fault.errorCode === 'InternalServerError') log.error('A request failed', { ...facts, error });
  else log.debug('A request was refused', { ...facts, reason: fault.message });
}
