/** Sends SOAP requests with the headers that the Windows Update Agent sends. */
import { readResponse, writeRequest } from '../../protocol/soap/codec.ts';
import type { Operation, RequestToWrite, ResponseOf, Service } from '../../protocol/soap/table.ts';
import { AgentError } from './error.ts';
import type { HttpConnections } from './http.ts';

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
   * @throws AgentError where it answers something else than SOAP
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
    const encoding = answer.headers['content-encoding'];
    if (encoding !== undefined && encoding !== 'identity') {
      throw new AgentError(
        'CONTENT_ENCODING',
        `${operation.name} was answered in the encoding ${encoding}, which the simulated agent cannot read.`,
      );
    }
    if (answer.status !== 200 && answer.status !== 500) {
      throw new AgentError(
        'HTTP_STATUS',
        `${operation.name} was answered with HTTP status ${answer.status}.`,
      );
    }
    return readResponse(service, operation, answer.body);
  }
}
