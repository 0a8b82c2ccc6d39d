import { readRequest } from '../../../protocol/soap/codec.ts';
import { clientService, GetConfig } from '../../../protocol/wusp/client.ts';
import { FRESH_ID, prepare } from './prepared-request.ts';

const HEAD_END = '\r\n\r\n';

describe('a prepared request', () => {
  const request = prepare(clientService, GetConfig, { protocolVersion: FRESH_ID }, '7.1');

  const versionIn = (bytes: Buffer): unknown => {
    const text = bytes.toString('utf8');
    return readRequest(clientService, Buffer.from(text.slice(text.indexOf(HEAD_END) + HEAD_END.length)))
      .request;
  };

  it('is a whole HTTP request that says how long its body is', () => {
    const text = request.bytes.toString('utf8');
    const [head = '', body = ''] = text.split(HEAD_END);
    expect(head).toContain('POST /ClientWebService/client.asmx HTTP/1.1\r\n');
    expect(head).toContain('\r\nX-Key: 7.1\r\n');
    expect(head).toContain(`\r\nContent-Length: ${Buffer.byteLength(body)}`);
  });

  it('carries a new id each time it is sent', () => {
    const ids = [1, 2, 3].map(() => JSON.stringify(versionIn(request.fresh())));
    expect(new Set(ids).size).toBe(3);
    expect(ids.join()).not.toContain(FRESH_ID);
  });
});
