import { once } from 'node:events';
import http from 'node:http';
import net from 'node:net';
import express from 'express';
import { createLogger } from '../../config/logging.ts';
import { Endpoint } from '../../config/schema.ts';
import { answerBare } from './answer.ts';
import { createDispatcher } from './dispatcher.ts';
import type { Handler, Routes } from './dispatcher.ts';
import { listen } from './listener.ts';
import type { Listener } from './listener.ts';
import { RateLimit } from './rate-limit.ts';

const log = createLogger({ level: 'error', terminal: false });
const open: Listener[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((listener) => listener.close(0)));
});

const listenTo = async (routes: Partial<Routes>, perSecond = 0): Promise<Listener> => {
  const listener = await listen({
    endpoint: Endpoint.parse({ address: '127.0.0.1', port: 0, protocol: 'http' }),
    key: 'listeners.client.0',
    handler: createDispatcher({ exact: new Map(), prefixes: [], ...routes }, new RateLimit(perSecond), log),
  });
  open.push(listener);
  return listener;
};

const start = async (
  routes: Partial<Routes>,
  perSecond = 0,
): Promise<
  (path: string) => Promise<{ status: number | undefined; headers: http.IncomingHttpHeaders; body: string }>
> => {
  const listener = await listenTo(routes, perSecond);
  return async (path) =>
    await new Promise((resolve, reject) => {
      http
        .get({ port: listener.port, host: '127.0.0.1', path }, (response) => {
          let body = '';
          response.on('data', (chunk: Buffer) => (body += chunk.toString()));
          response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, body }));
        })
        .on('error', reject);
    });
};

describe('A connection', () => {
  it('on which requests are sent ahead without end has answers made for the first few, and is closed', async () => {
    let begun = 0;
    const enough = Promise.withResolvers<void>();
    const answers = Promise.withResolvers<void>();
    const handler: Handler = async (_request, response) => {
      begun += 1;
      if (begun === 32) enough.resolve();
      await answers.promise;
      response.end('made');
    };
    const listener = await listenTo({ exact: new Map([['/x', handler]]) });
    const socket = net.connect(listener.port, '127.0.0.1');
    const request = 'GET /x HTTP/1.1\r\nHost: a\r\n\r\n';
    socket.write(request.repeat(2_000));
    const received: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => received.push(chunk));
    await enough.promise;
    answers.resolve();
    await once(socket, 'close');
    expect(begun).toBe(32);
    const text = Buffer.concat(received).toString();
    expect(text.match(/ 200 OK/g)).toHaveLength(32);
    expect(text).toMatch(/HTTP\/1\.1 503 [^]*Connection: close[^]*$/);
  });

  it('may carry any number of requests one after the other, and a few ahead', async () => {
    const handler: Handler = async (_request, response) => {
      await Promise.resolve();
      response.end('made');
    };
    const listener = await listenTo({ exact: new Map([['/x', handler]]) });
    const socket = net.connect(listener.port, '127.0.0.1');
    let text = '';
    socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
    for (let round = 1; round <= 20; round += 1) {
      socket.write('GET /x HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(8));
      while ((text.match(/made/g) ?? []).length < round * 8) await once(socket, 'data');
    }
    expect(text).not.toContain(' 503 ');
    socket.destroy();
  });
});

describe('A socket', () => {
  it.each([
    '/',
    '/index.html',
    '/api/session',
    '/favicon.ico',
    '/selfupdate/wuident.cab',
    '/%2e%2e/x',
    '/Content',
  ])('of update services answers %s with a bare 404 that tells a browser nothing', async (path) => {
    const get = await start({});
    const answer = await get(path);
    expect(answer).toMatchObject({ status: 404, body: '' });
    expect(Object.keys(answer.headers).sort()).toEqual([
      'connection',
      'content-length',
      'date',
      'keep-alive',
    ]);
  });

  it('of the console gives it what is not an update service', async () => {
    const app = express();
    app.get('/page', (_request, response) => void response.send('the console'));
    const get = await start({
      rest: app,
      exact: new Map([['/service.asmx', async (_request, response) => answerBare(response, 405)]]),
    });
    await expect(get('/page')).resolves.toMatchObject({ status: 200, body: 'the console' });
    await expect(get('/Service.ASMX?x')).resolves.toMatchObject({ status: 405, body: '' });
  });

  it('tells who asks too often to come again later', async () => {
    const get = await start({}, 1);
    const answers = [];
    for (let index = 0; index < 8; index += 1) answers.push(await get('/'));
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404, 404, 503, 503, 503]);
    expect(answers[5]).toMatchObject({ body: '', headers: { 'retry-after': '1' } });
  });

  it('answers a bare 500 where a handler has a bug', async () => {
    const get = await start({
      prefixes: [
        { prefix: '/broken', handler: async () => await Promise.reject(new Error('secret detail')) },
      ],
    });
    await expect(get('/broken/thing')).resolves.toMatchObject({ status: 500, body: '' });
  });
});
