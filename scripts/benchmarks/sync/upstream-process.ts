/**
 * The upstream server of the benchmark: the real services for downstream servers over TLS, on a database that is there.
 * It stands for another machine, so an answer with documents is made once and kept: what it costs to make is not what is
 * measured. Says where it is; told anything, it says how many requests there were since.
 */
import { createServer as createHttpServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { openDatabase } from '../../../catalog/store/database/database.ts';
import { portOf } from '../../testing/port-of.ts';
import { downstreamEndpoints, upstreamCertificate } from '../../testing/upstream-server.ts';

interface Answer {
  readonly status: number;
  readonly type: string;
  /** With gzip. */
  readonly body: Buffer;
}

const [databaseFile = ''] = process.argv.slice(2);
const endpoints = downstreamEndpoints(openDatabase(databaseFile));
const kept = new Map<string, Answer>();
let requests = 0;

const services = createHttpServer((request, response) => {
  const path = (request.url ?? '').toLowerCase();
  const endpoint = endpoints.get(path);
  if (endpoint === undefined) response.writeHead(404).end();
  else void endpoint(request, response, path);
});

/** Of the revisions that a request asks for; undefined where it asks for none. */
const keyOf = (body: Buffer): string | undefined => {
  const start = body.indexOf('<updateIds');
  return start < 0 ? undefined : body.toString('latin1', start);
};

async function answer(request: IncomingMessage): Promise<Answer> {
  const body = await buffer(request);
  const key = keyOf(body);
  const known = key === undefined ? undefined : kept.get(key);
  if (known !== undefined) return known;
  const made = await fetch(`http://127.0.0.1:${portOf(services)}${request.url ?? '/'}`, {
    method: 'POST',
    headers: { 'content-type': request.headers['content-type'] ?? '', 'accept-encoding': 'identity' },
    body,
  });
  const answered = {
    status: made.status,
    type: made.headers.get('content-type') ?? '',
    body: gzipSync(Buffer.from(await made.arrayBuffer())),
  };
  if (key !== undefined && made.ok) kept.set(key, answered);
  return answered;
}

async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
  requests += 1;
  const { status, type, body } = await answer(request);
  response.writeHead(status, {
    'content-type': type,
    'content-encoding': 'gzip',
    'content-length': body.length,
  });
  response.end(body);
}

const { authority, certificate } = upstreamCertificate();
const front = createServer(
  { cert: certificate.certificate, key: certificate.key },
  (request, response) => void respond(request, response),
);
services.listen(0, '127.0.0.1', () => {
  front.listen(0, '127.0.0.1', () => {
    const url = `https://localhost:${portOf(front)}`;
    process.send?.({ url, pin: authority.pin, authority: authority.certificate });
  });
});
process.on('message', () => {
  process.send?.({ requests });
  requests = 0;
});
process.on('disconnect', () => process.exit());
