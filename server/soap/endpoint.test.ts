import http from 'node:http';
import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';
import net from 'node:net';
import { once } from 'node:events';
import { gunzipSync } from 'node:zlib';
import { Endpoint } from '../../config/schema.ts';
import { loggedLines } from '../../scripts/testing/logged-lines.ts';
import { memoryInUse } from '../../scripts/testing/memory-in-use.ts';
import { readResponse, writeRequest } from '../../protocol/soap/codec.ts';
import { SoapFault } from '../../protocol/soap/fault.ts';
import { GetAuthorizationCookie, dssAuthService } from '../../protocol/wsusss/dss-auth.ts';
import { decompressXpress } from '../../protocol/xpress/decoder.ts';
import { BodyBudget } from '../http/body-budget.ts';
import { createDispatcher } from '../http/dispatcher.ts';
import { listen } from '../http/listener.ts';
import type { Listener } from '../http/listener.ts';
import { RateLimit } from '../http/rate-limit.ts';
import { createSoapEndpoint } from './endpoint.ts';
import { PreparedEnvelope, implement } from './implementation.ts';
import type { Call } from './implementation.ts';

const PATH = dssAuthService.path;
const REQUEST_BYTES = 20_000;
const { log, lines: logged } = loggedLines('error');

/** Bytes that are the same objects in several answers, one of them larger than a block. */
const SHARED = ['<a/>', '<bb/>'.repeat(5_000), '<c/>'].map((text) => Buffer.from(text));

/** Every value that a byte may have, in two pieces. */
const anyBytes = (size: number): Buffer[] => {
  const bytes = Buffer.from(Array.from({ length: size }, (_, at) => (at * 7) % 256));
  return [bytes.subarray(0, size >> 1), bytes.subarray(size >> 1)];
};

let listener: Listener;
/** Room for one request of the largest. */
let bodies: BodyBudget;
let agent: http.Agent;
let calls: Call[];
/** What the handler does with the account's name. */
let behaviour: (accountName: string) => string;

beforeAll(async () => {
  const service = {
    service: dssAuthService,
    operations: [
      implement(GetAuthorizationCookie, ({ accountName = '' }, call) => {
        calls.push(call);
        if (accountName === 'prepared')
          return new PreparedEnvelope([Buffer.from('<pre'), Buffer.from('pared/>')]);
        if (accountName.startsWith('bytes '))
          return new PreparedEnvelope(anyBytes(Number(accountName.slice('bytes '.length))));
        if (accountName === 'shared')
          return new PreparedEnvelope([...SHARED, Buffer.from('<own/>'.repeat(300))], SHARED.length);
        return { GetAuthorizationCookieResult: { PlugInId: behaviour(accountName) } };
      }),
    ],
  };
  bodies = new BodyBudget(REQUEST_BYTES, 0, 0);
  const handler = createSoapEndpoint(service, { log, requestBytes: REQUEST_BYTES, bodies });
  listener = await listen({
    endpoint: Endpoint.parse({ address: '127.0.0.1', port: 0, protocol: 'http' }),
    key: 'listeners.downstream.0',
    handler: createDispatcher(
      { exact: new Map([[PATH.toLowerCase(), handler]]), prefixes: [] },
      new RateLimit(0),
      log,
    ),
  });
});
afterAll(async () => await listener.close(0));

beforeEach(() => {
  calls = [];
  behaviour = (name) => name;
  // One connection: whatever one request does, the next one has to go through on it.
  agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
});
afterEach(() => agent.destroy());

interface Answer {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly localPort: number | undefined;
}

const ask = async (
  body: Buffer | string | undefined,
  options: { method?: string; path?: string; headers?: OutgoingHttpHeaders } = {},
): Promise<Answer> =>
  await new Promise((resolve, reject) => {
    const request = http.request(
      {
        port: listener.port,
        host: '127.0.0.1',
        agent,
        method: options.method ?? 'POST',
        path: options.path ?? PATH,
        headers: { 'Content-Type': 'text/xml; charset=utf-8', ...options.headers },
      },
      (response) => {
        const chunks: Buffer[] = [];
        const localPort = response.socket.localPort;
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({
            status: response.statusCode,
            headers: response.headers,
            body: Buffer.concat(chunks),
            localPort,
          }),
        );
      },
    );
    request.on('error', reject);
    request.end(body);
  });

const message = (accountName: string, version: '1.1' | '1.2' = '1.1'): Buffer =>
  writeRequest(dssAuthService, GetAuthorizationCookie, { accountName }, version);

const faultOf = ({ body }: Answer): SoapFault => {
  try {
    readResponse(dssAuthService, GetAuthorizationCookie, body);
  } catch (error) {
    if (error instanceof SoapFault) return error;
    throw error;
  }
  throw new Error(`no fault: ${body.toString()}`);
};

const unpacked = ({ headers, body }: Answer): Buffer => {
  if (headers['content-encoding'] === 'xpress') return decompressXpress(body, 100_000_000);
  return headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
};

const resultOf = ({ body }: Answer): string | undefined =>
  readResponse(dssAuthService, GetAuthorizationCookie, body).GetAuthorizationCookieResult?.PlugInId;

describe('A web service', () => {
  it('answers a message, whatever the case of its path', async () => {
    for (const path of [PATH, PATH.toLowerCase(), PATH.toUpperCase(), `${PATH}?x=1`]) {
      const answer = await ask(message('relay'), { path });
      expect(answer.status).toBe(200);
      expect(resultOf(answer)).toBe('relay');
      expect(answer.headers).toMatchObject({
        'content-type': 'text/xml; charset=utf-8',
        'cache-control': 'private',
        'content-length': String(answer.body.length),
      });
    }
  });

  it('answers SOAP 1.2 in SOAP 1.2', async () => {
    const answer = await ask(message('relay', '1.2'), {
      headers: { 'Content-Type': 'application/soap+xml' },
    });
    expect(answer.headers['content-type']).toBe('application/soap+xml; charset=utf-8');
    expect(answer.body.toString()).toContain('http://www.w3.org/2003/05/soap-envelope');
    expect(resultOf(answer)).toBe('relay');
  });

  it('goes by the body, not by the SOAPAction header', async () => {
    const answer = await ask(message('relay'), { headers: { SOAPAction: '"urn:something:Else"' } });
    expect(resultOf(answer)).toBe('relay');
  });

  it('sends an envelope that was prepared as it is', async () => {
    const answer = await ask(message('prepared'));
    expect(answer.body.toString()).toBe('<prepared/>');
    expect(answer.headers['content-length']).toBe('11');
  });

  it.each([300, 32 * 1024 - 1, 32 * 1024, 200_000])(
    'sends %i bytes as they are, whatever they are',
    async (size) => {
      const answer = await ask(message(`bytes ${String(size)}`));
      expect(answer.headers['content-length']).toBe(String(size));
      expect(answer.body.equals(Buffer.concat(anyBytes(size)))).toBe(true);
    },
  );

  it('tells its handler who called and by which name', async () => {
    await ask(message('relay'), { headers: { Host: 'Relay.example.org:8530' } });
    expect(calls).toMatchObject([
      { remoteAddress: '127.0.0.1', host: 'Relay.example.org:8530', isHttps: false },
    ]);
  });

  it.each(['a b', 'a/b', 'a"b', '-a', 'a:b', 'a:123456', '[::1'])(
    'does not take %j for a host, on which URLs would be built',
    async (host) => {
      const answer = await ask(message('relay'), { headers: { Host: host } });
      expect(answer).toMatchObject({ status: 400, body: Buffer.alloc(0) });
      expect(calls).toEqual([]);
    },
  );

  it.each([
    ['xpress', 'xpress'],
    ['xpress, gzip;q=0.5', 'xpress'],
    ['gzip, xpress', 'xpress'],
    ['gzip', 'gzip'],
    ['gzip, deflate, br', 'gzip'],
    [undefined, undefined],
    ['deflate', undefined],
    ['xpress;q=0', undefined],
  ])('answers more than a kilobyte to who accepts %s in the coding %s', async (accepted, coding) => {
    const long = 'long enough '.repeat(50_000 / 12);
    behaviour = () => long;
    const answer = await ask(message('x'), {
      headers: accepted === undefined ? {} : { 'Accept-Encoding': accepted },
    });
    expect(answer.headers['content-encoding']).toBe(coding);
    expect(answer.headers).toMatchObject({
      vary: 'Accept-Encoding',
      'content-length': String(answer.body.length),
    });
    if (coding !== undefined) expect(answer.body.length).toBeLessThan(long.length / 10);
    expect(resultOf({ ...answer, body: unpacked(answer) })).toBe(long);
  });

  it('answers up to a kilobyte as it is, whatever is accepted', async () => {
    for (const accepted of ['xpress', 'gzip']) {
      const short = await ask(message('short'), { headers: { 'Accept-Encoding': accepted } });
      expect(short.headers['content-encoding']).toBeUndefined();
      expect(resultOf(short)).toBe('short');
    }
  });

  it('compresses a fault as it does an answer', async () => {
    behaviour = () => {
      throw new SoapFault('InvalidParameters', 'no such thing '.repeat(100));
    };
    for (const coding of ['xpress', 'gzip']) {
      const bad = await ask(message('x'), { headers: { 'Accept-Encoding': coding } });
      expect(bad.status).toBe(500);
      expect(bad.headers['content-encoding']).toBe(coding);
      expect(faultOf({ ...bad, body: unpacked(bad) }).errorCode).toBe('InvalidParameters');
    }
  });

  it('sends the same bytes of a prepared envelope whether or not others had the shared part before', async () => {
    const expected = `${SHARED.join('')}${'<own/>'.repeat(300)}`;
    for (const accepted of ['xpress', 'xpress', 'gzip', 'identity']) {
      const answer = await ask(message('shared'), { headers: { 'Accept-Encoding': accepted } });
      expect(unpacked(answer).toString()).toBe(expected);
    }
  });

  it('describes itself to who asks for its WSDL', async () => {
    const answer = await ask(undefined, {
      method: 'GET',
      path: `${PATH}?WSDL`,
      headers: { Host: 'relay.test' },
    });
    expect(answer.status).toBe(200);
    expect(answer.body.toString()).toContain('http://relay.test/DssAuthWebService/DssAuthWebService.asmx');
  });

  it.each(['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS'])('shows nothing to a %s', async (method) => {
    const answer = await ask(undefined, { method });
    expect(answer).toMatchObject({ status: 405, body: Buffer.alloc(0), headers: { allow: 'POST' } });
    expect(answer.headers['content-type']).toBeUndefined();
    expect(answer.headers['server']).toBeUndefined();
  });

  it('does not unpack what it did not ask to be packed', async () => {
    await expect(ask(message('x'), { headers: { 'Content-Encoding': 'gzip' } })).resolves.toMatchObject({
      status: 415,
    });
  });
});

const ENVELOPE = 'http://schemas.xmlsoap.org/soap/envelope/';
const wrap = (inner: string): string =>
  `<s:Envelope xmlns:s="${ENVELOPE}"><s:Body>${inner}</s:Body></s:Envelope>`;

describe('A web service that is sent something bad', () => {
  it.each([
    ['nothing', ''],
    ['no XML', 'hello'],
    ['XML that ends too early', message('x').toString().slice(0, -20)],
    ['a message it does not have', wrap('<Nope xmlns="urn:x"/>')],
    ['an entity', `<!DOCTYPE a [<!ENTITY b "c">]>${wrap('&b;')}`],
    ['a billion laughs', `<!DOCTYPE a [<!ENTITY b "c"><!ENTITY d "&b;&b;&b;&b;">]>${wrap('&d;')}`],
    ['an external entity', `<!DOCTYPE a SYSTEM "file:///etc/passwd">${wrap('<a/>')}`],
    ['an unknown entity', wrap('&nbsp;')],
    ['elements nested too deeply', wrap(`${'<a>'.repeat(2_000)}${'</a>'.repeat(2_000)}`)],
    ['more bytes than allowed', Buffer.alloc(REQUEST_BYTES + 1, ' ')],
    ['many more bytes than allowed', Buffer.alloc(5_000_000, ' ')],
    [
      'bytes that are no UTF-8',
      Buffer.concat([Buffer.from('<a>'), Buffer.from([0xff, 0xfe, 0x80]), Buffer.from('</a>')]),
    ],
  ])('answers %s with a fault, and the next request on the same connection', async (_what, body) => {
    const bad = await ask(body);
    expect(bad.status).toBe(500);
    const fault = faultOf(bad);
    expect(fault.errorCode).toBe('InvalidParameters');
    expect(fault.faultCode).toBe('Client');
    expect(fault.id).toMatch(/^[0-9a-f-]{36}$/);
    const good = await ask(message('relay'));
    expect(resultOf(good)).toBe('relay');
    expect(good.localPort).toBe(bad.localPort);
  });

  it('answers too many bytes of unknown length with a fault, and the next request on the same connection', async () => {
    const bad = await ask(Buffer.alloc(1_000_000, ' '), { headers: { 'Transfer-Encoding': 'chunked' } });
    expect(faultOf(bad).errorCode).toBe('InvalidParameters');
    const good = await ask(message('relay'));
    expect(good.localPort).toBe(bad.localPort);
  });

  it('does not wait for a body that is declared beyond all measure', async () => {
    const socket = net.connect(listener.port, '127.0.0.1');
    await once(socket, 'connect');
    socket.write(`POST ${PATH} HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999\r\n\r\n<a>`);
    const chunks: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    await once(socket, 'end');
    expect(Buffer.concat(chunks).toString()).toMatch(
      /^HTTP\/1\.1 500 [\s\S]*Connection: close[\s\S]*InvalidParameters/,
    );
    socket.destroy();
  });

  it('keeps no more of a body than is allowed while it is being read', async () => {
    const held = (): number => memoryInUse().arrayBuffers;
    const before = held();
    let most = 0;
    const socket = net.connect(listener.port, '127.0.0.1');
    await once(socket, 'connect');
    const size = 40_000_000;
    socket.write(`POST ${PATH} HTTP/1.1\r\nHost: a\r\nContent-Length: ${size}\r\nConnection: close\r\n\r\n`);
    const chunk = Buffer.alloc(8_000_000, ' ');
    for (let sent = 0; sent < size; sent += chunk.length) {
      if (!socket.write(chunk)) await once(socket, 'drain');
      most = Math.max(most, held() - before);
    }
    socket.resume();
    await once(socket, 'end');
    expect(most).toBeLessThan(20_000_000);
  });

  it('is refused with a bare 503 while unfinished ones hold all the room, and is not when they are gone', async () => {
    const socket = net.connect(listener.port, '127.0.0.1');
    await once(socket, 'connect');
    socket.write(`POST ${PATH} HTTP/1.1\r\nHost: a\r\nContent-Length: ${REQUEST_BYTES}\r\n\r\n`);
    socket.write(' '.repeat(REQUEST_BYTES - 1));
    while (bodies.held < REQUEST_BYTES) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(await ask(message('relay'))).toMatchObject({ status: 503, headers: { 'retry-after': '1' } });
    socket.destroy();
    while (bodies.held > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(resultOf(await ask(message('relay')))).toBe('relay');
  });

  it('counts what an answer holds that nobody reads', async () => {
    behaviour = () => 'x'.repeat(20_000_000);
    const socket = net.connect(listener.port, '127.0.0.1');
    await once(socket, 'connect');
    socket.pause();
    const body = message('much');
    socket.write(`POST ${PATH} HTTP/1.1\r\nHost: a\r\nContent-Length: ${body.length}\r\n\r\n`);
    socket.write(body);
    while (bodies.held < 20_000_000) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(await ask(message('relay'))).toMatchObject({ status: 503 });
    socket.destroy();
    while (bodies.held > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  });

  it('counts what an answer holds while it is packed, also for who has left, and refuses even its description then', async () => {
    behaviour = () => 'x'.repeat(8_000_000);
    const socket = net.connect(listener.port, '127.0.0.1');
    await once(socket, 'connect');
    const body = message('much');
    socket.write(
      `POST ${PATH} HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip\r\nContent-Length: ${body.length}\r\n\r\n`,
    );
    socket.write(body);
    while (bodies.held < 8_000_000) await new Promise((resolve) => setTimeout(resolve, 1));
    socket.destroy();
    const described = await ask(undefined, { method: 'GET', path: `${PATH}?wsdl` });
    expect(described).toMatchObject({ status: 503, headers: { 'retry-after': '1' } });
    while (bodies.held > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    expect((await ask(undefined, { method: 'GET', path: `${PATH}?wsdl` })).status).toBe(200);
  });

  it('drops the connection of who goes away in the middle, and serves on', async () => {
    const socket = net.connect(listener.port, '127.0.0.1');
    await once(socket, 'connect');
    socket.write(`POST ${PATH} HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n<a>`);
    socket.destroy();
    expect(resultOf(await ask(message('relay')))).toBe('relay');
  });
});

describe('A handler', () => {
  it("that refuses has its fault sent, with the operation's name and the service's address", async () => {
    behaviour = () => {
      throw new SoapFault('InvalidParameters', 'machineName');
    };
    const answer = await ask(message('x'), { headers: { Host: 'relay.test:8530' } });
    expect(answer.status).toBe(500);
    expect(faultOf(answer)).toMatchObject({ errorCode: 'InvalidParameters', message: 'machineName' });
    expect(answer.body.toString()).toContain(GetAuthorizationCookie.soapAction);
    expect(answer.body.toString()).toContain(
      '<faultactor>http://relay.test:8530/DssAuthWebService/DssAuthWebService.asmx</faultactor>',
    );
  });

  it('that fails tells the peer nothing but that, and the log everything, under the same id', async () => {
    behaviour = () => {
      throw new Error('the table revision has no column x');
    };
    const answer = await ask(message('x'));
    const fault = faultOf(answer);
    expect(fault.errorCode).toBe('InternalServerError');
    expect(answer.body.toString()).not.toContain('revision');
    expect(logged.map((line) => JSON.parse(line) as unknown)).toMatchObject([
      { faultId: fault.id, error: { message: 'the table revision has no column x' } },
    ]);
  });
});
