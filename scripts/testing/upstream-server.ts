/** A real upstream server within the test's process, over real TLS, whose answers a test may spoil on their way. */
import { createServer as createHttpServer } from 'node:http';
import type { IncomingMessage, Server as HttpServer, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import { buffer } from 'node:stream/consumers';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import winston from 'winston';
import { openDatabase } from '../../catalog/store/database/database.ts';
import type { Database } from '../../catalog/store/database/database.ts';
import { importRevisions } from '../../catalog/store/revisions/revisions.ts';
import { Config } from '../../config/schema.ts';
import { CookieSealer } from '../../server/cookies.ts';
import { createDownstreamServices } from '../../server/downstream/services.ts';
import { createSoapEndpoint } from '../../server/soap/endpoint.ts';
import { makeCertificate, makeKey } from './certificates.ts';
import type { TestCertificate } from './certificates.ts';
import { portOf } from './port-of.ts';

/** What reaches the caller instead of the answer: other bytes, or only the first of them and then nothing. */
export interface Spoiled {
  readonly body?: Buffer;
  readonly status?: number;
  /** Beside or instead of the answer's own. */
  readonly headers?: Readonly<Record<string, string>>;
  /** From 0 up to 1: which part of the answer still comes. */
  readonly cutAt?: number;
}

/**
 * Undefined: the answer is passed on as it is.
 *
 * @param body of the answer
 * @param request its body
 */
export type Spoil = (operation: string, body: Buffer, request: Buffer) => Spoiled | undefined;

export interface TestUpstream {
  readonly url: string;
  /** Of the authority that issued the server's certificate. */
  readonly pin: string;
  /** PEM file of that authority. */
  readonly trustAnchorFile: string;
  readonly db: Database;
  /** Names of the operations that were called, in order. */
  readonly calls: string[];
  /** Replaces what spoils the answers. */
  spoil: Spoil | undefined;
  close(): Promise<void>;
}

const now = (): Date => new Date();

let madeOnce: { certificate: TestCertificate; authority: TestCertificate } | undefined;

/** Answers requests to one web service; its path is the one that the request names. */
type Endpoint = ReturnType<typeof createSoapEndpoint>;

/** The services for downstream servers, by path in lower case. */
export function downstreamEndpoints(db: Database, config: object = {}): ReadonlyMap<string, Endpoint> {
  const log = winston.createLogger({ silent: true });
  const cookies = new CookieSealer(db, now);
  const context = { db, config: Config.parse(config), cookies, now, log, contentWanted: () => undefined };
  return new Map(
    createDownstreamServices(context).map((implemented) => [
      implemented.service.path.toLowerCase(),
      createSoapEndpoint(implemented, { log, requestBytes: 4_000_000 }),
    ]),
  );
}

/** The certificate of `localhost`, and the authority that issued it; made once a process. */
export function upstreamCertificate(): { certificate: TestCertificate; authority: TestCertificate } {
  madeOnce ??= makeUpstreamCertificate();
  return madeOnce;
}

function makeUpstreamCertificate(): { certificate: TestCertificate; authority: TestCertificate } {
  const authority = makeCertificate({ subject: 'Upstream Authority', isAuthority: true });
  const certificate = makeCertificate({
    subject: 'localhost',
    key: makeKey(),
    issuer: authority,
    names: ['localhost'],
  });
  return { certificate, authority };
}

/** @param config what is configured otherwise than by default */
export async function startTestUpstream(
  documents: readonly string[],
  config: object = {},
): Promise<TestUpstream> {
  const { authority, certificate } = upstreamCertificate();
  const folder = mkdtempSync(join(tmpdir(), 'sluice-upstream-'));
  const trustAnchorFile = join(folder, 'authority.pem');
  writeFileSync(trustAnchorFile, authority.certificate);
  const db = openDatabase(join(folder, 'sluice.db'));
  db.pragma('synchronous = OFF');
  importRevisions(
    db,
    documents.map((document) => ({ document, fileUrls: new Map() })),
    now(),
  );
  const endpoints = downstreamEndpoints(db, config);
  const services = createHttpServer((request, response) => {
    const path = (request.url ?? '').toLowerCase();
    const endpoint = endpoints.get(path);
    if (endpoint === undefined) response.writeHead(404).end();
    else void endpoint(request, response, path);
  });
  const servicesPort = await listen(services);

  const upstream: Omit<TestUpstream, 'url' | 'close'> = {
    pin: authority.pin,
    trustAnchorFile,
    db,
    calls: [],
    spoil: undefined,
  };
  const front = createServer({ cert: certificate.certificate, key: certificate.key }, (request, response) => {
    const operation = /\/(\w+)"?$/.exec(String(request.headers.soapaction))?.[1] ?? '';
    upstream.calls.push(operation);
    void passOn(request, response, servicesPort, (body, asked) => upstream.spoil?.(operation, body, asked));
  });
  const port = await listen(front);
  return Object.assign(upstream, {
    url: `https://localhost:${port}`,
    close: async () => {
      await Promise.all([front, services].map(closeServer));
      db.close();
    },
  });
}

async function listen(server: HttpServer): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return portOf(server);
}

async function closeServer(server: HttpServer): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

/** Has the request answered whole, and lets the answer go as the test wants it. */
async function passOn(
  request: IncomingMessage,
  response: ServerResponse,
  port: number,
  spoil: (body: Buffer, asked: Buffer) => Spoiled | undefined,
): Promise<void> {
  const asked = await buffer(request);
  const answer = await fetch(`http://127.0.0.1:${port}${request.url ?? '/'}`, {
    method: 'POST',
    headers: { 'content-type': request.headers['content-type'] ?? '', 'accept-encoding': 'identity' },
    body: asked,
  });
  const original = Buffer.from(await answer.arrayBuffer());
  const spoiled = spoil(original, asked);
  const body = gzipSync(spoiled?.body ?? original);
  response.writeHead(spoiled?.status ?? answer.status, {
    'content-type': answer.headers.get('content-type') ?? '',
    'content-encoding': 'gzip',
    'content-length': body.length,
    ...spoiled?.headers,
  });
  if (spoiled?.cutAt === undefined) {
    response.end(body);
    return;
  }
  const part = body.subarray(0, Math.floor(body.length * spoiled.cutAt));
  response.write(part, () => request.socket.destroy());
}
