/** Whole HTTP requests made beforehand, so that sending one costs the load generator a copy and a write. */
import { randomUUID } from 'node:crypto';
import { writeRequest } from '../../../protocol/soap/codec.ts';
import type { Operation, RequestToWrite, Service } from '../../../protocol/soap/table.ts';

/** Stands where each sending puts an id of its own. */
export const FRESH_ID = '00000000-1111-4222-8333-444444444444';

/** What agents say. */
const ACCEPTS_XPRESS = 'Accept-Encoding: xpress';

export class PreparedRequest {
  readonly operation: string;
  /** Head and body. */
  readonly bytes: Buffer;
  readonly #freshIds: readonly number[];

  constructor(operation: string, bytes: Buffer) {
    this.operation = operation;
    this.bytes = bytes;
    this.#freshIds = positionsOf(bytes, FRESH_ID);
  }

  /** The same of a peer that wants the answer as it is, to look into it. */
  uncompressed(): PreparedRequest {
    const text = this.bytes.toString('latin1').replace(`${ACCEPTS_XPRESS}\r\n`, '');
    return new PreparedRequest(this.operation, Buffer.from(text, 'latin1'));
  }

  /** The bytes to send; event ids are new in each. */
  fresh(): Buffer {
    for (const at of this.#freshIds) this.bytes.write(randomUUID(), at, 'latin1');
    return this.bytes;
  }
}

/** @param key chooses the floor's answer; our server does not know the header */
export function prepare<O extends Operation>(
  service: Service,
  operation: O,
  request: RequestToWrite<O>,
  key: string,
): PreparedRequest {
  const body = writeRequest(service, operation, request);
  const head = [
    `POST ${service.path} HTTP/1.1`,
    'Host: 127.0.0.1',
    'Connection: Keep-Alive',
    'Content-Type: text/xml; charset=utf-8',
    ACCEPTS_XPRESS,
    'User-Agent: Windows-Update-Agent/10.0.26100.1 Client-Protocol/2.90',
    `SOAPAction: "${operation.soapAction}"`,
    `X-Key: ${key}`,
    `Content-Length: ${body.length}`,
  ].join('\r\n');
  return new PreparedRequest(operation.name, Buffer.concat([Buffer.from(`${head}\r\n\r\n`, 'latin1'), body]));
}

function positionsOf(bytes: Buffer, text: string): readonly number[] {
  const positions: number[] = [];
  for (let at = bytes.indexOf(text); at >= 0; at = bytes.indexOf(text, at + 1)) positions.push(at);
  return positions;
}
