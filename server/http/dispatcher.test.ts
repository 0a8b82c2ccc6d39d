import http from 'node:http';
import express from 'express';
import { createLogger } from '../../config/logging.ts';
import { Endpoint } from '../../config/schema.ts';
import { answerBare } from './answer.ts';
import { createDispatcher } from './dispatcher.ts';
import type { Routes } from './dispatcher.ts';
import { listen } from './listener.ts';
import type { Listener } from './listener.ts';
import { RateLimit } from './rate-limit.ts';

const log = createLogger({ level: 'error', terminal: false });
const open: Listener[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((listener) => listener.close(0)));
});

const start = async (
  routes: Partial<Routes>,
  perSecond = 0,
): Promise<
  (path: string) => Promise<{ status: number | undefined; headers: http.IncomingHttpHeaders; body: string }>
> => {
  const listener = await listen({
    endpoint: Endpoint.parse({ address: '127.0.0.1', port: 0, protocol: 'http' }),
    key: 'listeners.client.0',
    handler: createDispatcher({ exact: new Map(), prefixes: [], ...routes }, new RateLimit(perSecond), log),
  });
  open.push(listener);
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
