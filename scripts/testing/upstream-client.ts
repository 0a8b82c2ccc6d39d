/** This relay as an upstream server on a real socket, and what a downstream server says to it: for tests. */
import { mkdtempSync, rmSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '../../config/logging.ts';
import { Config, Endpoint } from '../../config/schema.ts';
import { openDatabase } from '../../catalog/store/database/database.ts';
import type { Database } from '../../catalog/store/database/database.ts';
import { readResponse, writeRequest } from '../../protocol/soap/codec.ts';
import { SoapFault } from '../../protocol/soap/fault.ts';
import type { Operation, RequestToWrite, ResponseOf, Service } from '../../protocol/soap/table.ts';
import { GetAuthorizationCookie, dssAuthService } from '../../protocol/wsusss/dss-auth.ts';
import { GetCookie, serverSyncService } from '../../protocol/wsusss/server-sync.ts';
import { CookieSealer } from '../../server/cookies.ts';
import { createDispatcher } from '../../server/http/dispatcher.ts';
import { listen } from '../../server/http/listener.ts';
import type { Listener } from '../../server/http/listener.ts';
import { RateLimit } from '../../server/http/rate-limit.ts';
import { createSoapEndpoint } from '../../server/soap/endpoint.ts';
import { createDownstreamServices } from '../../server/downstream/services.ts';

const log = createLogger({ level: 'error', terminal: false });
export const START = new Date('2026-03-01T12:00:00Z');
export const MINUTE = 60_000;

/** The server under test, new for each test; a test may turn its clock and its configuration. */
interface Upstream {
  db: Database;
  config: Config;
  now: Date;
  /** How often the sync worker was told that files are wanted. */
  contentWanted: number;
  port: number;
}

async function open(folder: string): Promise<{ upstream: Upstream; listener: Listener }> {
  const db = openDatabase(join(folder, 'sluice.db'));
  const opened: Upstream = { db, config: Config.parse({}), now: START, contentWanted: 0, port: 0 };
  const services = createDownstreamServices({
    db,
    config: opened.config,
    cookies: new CookieSealer(db, () => opened.now),
    now: () => opened.now,
    log,
    contentWanted: () => void (opened.contentWanted += 1),
  });
  const exact = new Map(
    services.map((service) => [
      service.service.path.toLowerCase(),
      createSoapEndpoint(service, { log, requestBytes: 1_000_000 }),
    ]),
  );
  const listener = await listen({
    endpoint: Endpoint.parse({ address: '127.0.0.1', port: 0, protocol: 'http' }),
    key: 'listeners.downstream.0',
    handler: createDispatcher({ exact, prefixes: [] }, new RateLimit(0), log),
  });
  opened.port = listener.port;
  return { upstream: opened, listener };
}

let current: Upstream | undefined;

/** To be called once at the top of a test file. */
export function useUpstream(): void {
  let folder: string;
  let listener: Listener;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'sluice-upstream-'));
    ({ upstream: current, listener } = await open(folder));
  });
  afterEach(async () => {
    await listener.close(0);
    current?.db.close();
    rmSync(folder, { recursive: true });
  });
}

/** The server of the test that runs. */
export function upstream(): Upstream {
  if (current === undefined) throw new Error('useUpstream was not called.');
  return current;
}

const post = async (path: string, body: Buffer): Promise<Buffer> =>
  await new Promise((resolve, reject) => {
    http
      .request({ port: upstream().port, host: '127.0.0.1', path, method: 'POST' }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => resolve(Buffer.concat(chunks)));
      })
      .on('error', reject)
      .end(body);
  });

export const ask = async <O extends Operation>(
  service: Service,
  operation: O,
  request: RequestToWrite<O>,
): Promise<ResponseOf<O>> =>
  readResponse(service, operation, await post(service.path, writeRequest(service, operation, request)));

export const sync = async <O extends Operation>(
  operation: O,
  request: RequestToWrite<O>,
): Promise<ResponseOf<O>> => await ask(serverSyncService, operation, request);

/** The fault's error code and message. */
export const faultOf = async (answer: Promise<unknown>): Promise<string> => {
  try {
    await answer;
  } catch (error) {
    if (error instanceof SoapFault) return `${error.errorCode}: ${error.message}`;
    throw error;
  }
  return 'no fault';
};

export const ACCOUNT = {
  accountName: 'dss.example.org',
  accountGuid: '11111111-2222-4333-8444-555555555555',
};

export const authorize = async () =>
  (await ask(dssAuthService, GetAuthorizationCookie, ACCOUNT)).GetAuthorizationCookieResult;

export const cookie = async (protocolVersion = '1.20') => {
  const authorization = await authorize();
  const { GetCookieResult } = await sync(GetCookie, {
    authCookies: authorization === undefined ? [] : [authorization],
    protocolVersion,
  });
  if (GetCookieResult === undefined) throw new Error('no cookie');
  return GetCookieResult;
};
