/** Sends SOAP requests with the headers that the Windows Update Agent sends. */
import { readResponse, writeRequest } from '../../protocol/soap/codec.ts';
import type { Operation, RequestToWrite, ResponseOf, Service } from '../../protocol/soap/table.ts';
import { decompressXpress } from '../../protocol/xpress/decoder.ts';
import { XpressError } from '../../protocol/xpress/error.ts';
import { AgentError } from './error.ts';
import { LARGEST_ANSWER } from './http.ts';
import type { HttpAnswer, HttpConnections } from './http.ts';

const USER_AGENT = 'Windows-Update-Agent/10.0.26100.1 Client-Protocol/2.90';

export class SoapClient {
  readonly #connections: HttpConnections;
  readonly #base: URL;
  /** Requests sent so far. */
  requests = 0;

  constructor(connections: HttpConnections, base: URL) {
    this.#connections = connections;
    this.#base = base;
  }

  /**
   * @param path where the service is, when not at its usual place; relative to the server's root
   * @throws SoapFault where the server answers with one
   * @throws AgentError where it answers something else than SOAP, or in a coding that was not asked for
   */
  async call<O extends Operation>(
    service: Service,
    operation: O,
    request: RequestToWrite<O>,
    path: string = service.path,
  ): Promise<ResponseOf<O>> {
    const body = writeRequest(service, operation, request);
    this.requests += 1;
    const answer = await this.#connections.send(
      'POST',
      new URL(path, this.#base),
      {
        'Cache-Control': 'no-cache',
        Pragma: 'no-cache',
        'Content-Type': 'text/xml; charset=utf-8',
        'Accept-Encoding': 'xpress',
        'User-Agent': USER_AGENT,
        SOAPAction: `"${operation.soapAction}"`,
        'Content-Length': body.length,
      },
      body,
    );
    if (answer.status !== 200 && answer.status !== 500) {
      throw new AgentError(
        'HTTP_STATUS',
        `${operation.name} was answered with HTTP status ${answer.status}.`,
      );
    }
    return readResponse(service, operation, decode(answer, operation.name));
  }
}

/** The answer's own bytes: the agent asks for xpress, and takes what is not compressed as well. */
function decode({ headers, body }: HttpAnswer, operation: string): Buffer {
  const coding = headers['content-encoding'] ?? 'identity';
  if (coding === 'identity') return body;
  if (coding !== 'xpress') {
    throw new AgentError(
      'CONTENT_ENCODING',
      `${operation} was answered in the encoding ${coding}, which the agent did not ask for.`,
    );
  }
  try {
    return decompressXpress(body, LARGEST_ANSWER);
  } catch (error) {
    if (!(error instanceof XpressError)) throw error;
    throw new AgentError('CONTENT_ENCODING', `${operation} was answered badly: ${error.message}`, {
      cause: error,
    });
  }
}
