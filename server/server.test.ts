import { execFile, fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { createLogger } from '../config/logging.ts';
import { Config } from '../config/schema.ts';
import { readResponse, writeRequest } from '../protocol/soap/codec.ts';
import { GetAuthConfig, serverSyncService } from '../protocol/wsusss/server-sync.ts';
import { GetConfig, clientService } from '../protocol/wusp/client.ts';
import { freePort } from '../scripts/demo/ports.ts';
import { startServer } from './server.ts';
import type { Listening, RunningServer } from './server.ts';

const log = createLogger({ level: 'error', terminal: false });
let folder: string;
const running: RunningServer[] = [];

beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'sluice-server-'))));
afterEach(async () => {
  for (const server of running.splice(0)) await server.close();
  rmSync(folder, { recursive: true });
});

const HTTP = { address: '127.0.0.1', port: 0, protocol: 'http' } as const;
const HTTPS = { address: '127.0.0.1', port: 0, protocol: 'https' } as const;

const configOf = (listeners: Partial<z.input<typeof Config>['listeners']> = {}): Config =>
  Config.parse({
    dataDirectory: join(folder, 'data'),
    listeners: { client: [HTTP], content: [HTTP], downstream: [HTTP], console: [], ...listeners },
  });

const start = async (config = configOf()): Promise<RunningServer> => {
  const server = await startServer(config, { log, synchronizes: false });
  running.push(server);
  return server;
};

const portOf = ({ listening }: RunningServer, role: string, protocol = 'http'): number => {
  const found = listening.find((entry) => entry.role === role && entry.protocol === protocol);
  if (found === undefined) throw new Error(`nothing listens for ${role} over ${protocol}`);
  return found.port;
};

/** POST where there is a body; `ca` makes it https. */
const ask = async (
  port: number,
  path: string,
  body?: Buffer,
  ca?: string,
): Promise<{ status: number | undefined; body: Buffer }> =>
  await new Promise((resolve, reject) => {
    const options = {
      host: 'localhost',
      family: 4,
      port,
      path,
      method: body === undefined ? 'GET' : 'POST',
      agent: false,
    } as const;
    const request = ca === undefined ? http.request(options) : https.request({ ...options, ca });
    request.on('error', reject);
    request.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve({ status: response.statusCode, body: Buffer.concat(chunks) }));
    });
    request.end(body);
  });

const getConfig = async (port: number, ca?: string) => {
  const request = writeRequest(clientService, GetConfig, { protocolVersion: '2.90' });
  const { body } = await ask(port, clientService.path.toLowerCase(), request, ca);
  return readResponse(clientService, GetConfig, body).GetConfigResult;
};

/** A socket of somebody else's. */
const bind = async (): Promise<{ server: http.Server; port: number }> => {
  const server = http.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('not bound to a port');
  return { server, port: bound.port };
};

describe('A server', () => {
  it('answers agents and downstream servers on one socket where they are configured to share it', async () => {
    const server = await start();
    expect(new Set(server.listening.map(({ port }) => port)).size).toBe(1);
    const port = portOf(server, 'client');
    expect((await getConfig(port))?.Properties?.length).toBeGreaterThan(0);
    const request = writeRequest(serverSyncService, GetAuthConfig, {});
    const { body } = await ask(port, serverSyncService.path, request);
    expect(readResponse(serverSyncService, GetAuthConfig, body).GetAuthConfigResult?.AuthInfo).toHaveLength(
      1,
    );
  });

  it('answers agents where the console is on the only socket there is', async () => {
    const only = [{ ...HTTPS, port: await freePort(0) }];
    const server = await start(configOf({ client: only, content: only, downstream: [], console: only }));
    const ca = server.authority?.certificate;
    expect(await getConfig(portOf(server, 'client', 'https'), ca)).toBeDefined();
    expect((await ask(portOf(server, 'console', 'https'), '/', undefined, ca)).status).toBe(200);
  });

  it('answers over TLS with a certificate of its private authority', async () => {
    const server = await start(configOf({ client: [HTTP, HTTPS] }));
    const port = portOf(server, 'client', 'https');
    expect(await getConfig(port, server.authority?.certificate)).toBeDefined();
    await expect(getConfig(port, 'none')).rejects.toThrow();
    expect(server.authority?.pin).toMatch(/^sha256\//);
  });

  it('answers on a socket only what that socket is for', async () => {
    const { port: _shared, ...other } = HTTP;
    const server = await start(
      configOf({ client: [HTTP], content: [], downstream: [{ ...other, port: 0, address: '127.0.0.2' }] }),
    );
    expect((await ask(portOf(server, 'client'), serverSyncService.path, Buffer.from('x'))).status).toBe(404);
    expect((await ask(portOf(server, 'client'), '/')).body).toHaveLength(0);
  });

  it("shows the console on the console's socket and nowhere else", async () => {
    const server = await start(
      configOf({ client: [HTTPS], content: [HTTPS], downstream: [], console: [HTTPS] }),
    );
    const ca = server.authority?.certificate;
    const clientPort = portOf(server, 'client', 'https');
    const consolePort = portOf(server, 'console', 'https');
    expect(clientPort).not.toBe(consolePort);
    for (const path of ['/', '/api/session']) {
      expect(await ask(clientPort, path, undefined, ca)).toEqual({ status: 404, body: Buffer.alloc(0) });
    }
    expect((await ask(consolePort, '/api/session', undefined, ca)).status).toBe(401);
    expect((await ask(consolePort, clientService.path, Buffer.from('x'), ca)).status).not.toBe(200);
  });

  it("answers an old agent's self-update from the folder for it and bare otherwise, beside the console too", async () => {
    for (const console of [[], [HTTP]]) {
      const server = await start(configOf({ client: [HTTP], content: [], downstream: [HTTPS], console }));
      const port = portOf(server, 'client');
      const ca = server.authority?.certificate;
      for (const path of ['/selfupdate/wuident.cab?2611240900', '/iuident.cab', '/wusetup.cab']) {
        expect(await ask(port, path)).toEqual({ status: 404, body: Buffer.alloc(0) });
      }
      mkdirSync(join(folder, 'data', 'selfupdate'));
      writeFileSync(join(folder, 'data', 'selfupdate', 'WUIdent.cab'), 'signed');
      expect(await ask(port, '/SelfUpdate/wuident.cab?2611240900')).toEqual({
        status: 200,
        body: Buffer.from('signed'),
      });
      expect(
        (await ask(portOf(server, 'downstream', 'https'), '/selfupdate/wuident.cab', undefined, ca)).status,
      ).toBe(404);
      for (const one of running.splice(0)) await one.close();
      rmSync(join(folder, 'data', 'selfupdate'), { recursive: true });
    }
  });

  it('keeps its data for this account alone, also where it was open to others', async () => {
    const config = configOf({ client: [HTTPS] });
    const first = await startServer(config, { log, synchronizes: false });
    await first.close();
    chmodSync(config.dataDirectory, 0o755);
    await start(config);
    const modeOf = (name: string): number => statSync(join(config.dataDirectory, name)).mode & 0o777;
    expect(modeOf('.')).toBe(0o700);
    expect(modeOf('pki')).toBe(0o700);
    expect(modeOf('content')).toBe(0o700);
    expect(modeOf('sluice.db')).toBe(0o600);
    expect(modeOf('pki/authority-key.pem')).toBe(0o600);
    expect(modeOf('pki/server-key.pem')).toBe(0o600);
  });

  it('makes the first account once', async () => {
    const config = configOf();
    const first = await startServer(config, { log, synchronizes: false });
    await first.close();
    expect(first.firstPassword).toMatch(/.{12,}/);
    const second = await start(config);
    expect(second.firstPassword).toBeUndefined();
  });

  it('shows the first password at the start that serves, not at one that failed before anybody saw it', async () => {
    const taken = await bind();
    const config = configOf({ client: [{ ...HTTP, port: taken.port }], content: [], downstream: [] });
    await expect(startServer(config, { log, synchronizes: false })).rejects.toThrow();
    taken.server.close();
    await once(taken.server, 'close');
    expect((await start(config)).firstPassword).toMatch(/.{12,}/);
  });

  it('does not start on a data directory that another one has', async () => {
    const config = configOf();
    await start(config);
    await expect(startServer(config, { log, synchronizes: false })).rejects.toMatchObject({
      code: 'DATA_DIRECTORY_LOCKED',
    });
  });

  it('leaves nothing open where it cannot start', async () => {
    const [free, taken] = [await bind(), await bind()];
    free.server.close();
    const config = configOf({
      client: [{ ...HTTP, port: free.port }],
      content: [{ ...HTTP, port: taken.port }],
      downstream: [],
    });
    await expect(startServer(config, { log, synchronizes: false })).rejects.toMatchObject({
      code: 'LISTEN_FAILED',
      message: expect.stringContaining(`listeners.content.0: cannot listen on 127.0.0.1 port ${taken.port}`),
    });
    taken.server.close();
    await start(config);
  });
});

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url));
const Ready = z.object({ type: z.literal('ready'), listening: z.array(z.custom<Listening>()) });

describe('The command', () => {
  let child: ChildProcess | undefined;
  afterEach(() => child?.kill('SIGKILL'));

  const serve = async (): Promise<{ output: () => string; listening: readonly Listening[] }> => {
    const listener = '[{ address: 127.0.0.1, port: 0, protocol: https }]';
    writeFileSync(
      join(folder, 'sluice.yaml'),
      `dataDirectory: data\nlisteners: { client: ${listener}, content: ${listener}, downstream: [], console: ${listener} }\n`,
    );
    const process = fork(MAIN, ['serve', '--config', join(folder, 'sluice.yaml')], {
      execArgv: [],
      silent: true,
    });
    child = process;
    let output = '';
    process.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
    process.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()));
    for (;;) {
      const [message]: unknown[] = await Promise.race([
        once(process, 'message'),
        once(process, 'exit').then(() => {
          throw new Error(output);
        }),
      ]);
      const ready = Ready.safeParse(message);
      if (ready.success) return { output: () => output, listening: ready.data.listening };
    }
  };

  const stop = async (): Promise<number | null> => {
    const ended = once(child!, 'exit');
    child!.kill('SIGTERM');
    const [code]: unknown[] = await ended;
    return z.number().nullable().parse(code);
  };

  it('serves, shows the password once and in no log, says that there is no upstream, and ends on SIGTERM', async () => {
    const first = await serve();
    expect(first.listening.map(({ role }) => role)).toEqual(['client', 'content', 'console']);
    expect(await stop()).toBe(0);
    const password = /to be changed at once:\n\s+(\S+)\n/.exec(first.output())?.[1] ?? '';
    expect(password.length).toBeGreaterThanOrEqual(12);
    expect(first.output()).toMatch(/Console: https:\/\/127\.0\.0\.1:\d+\//);
    expect(first.output()).toMatch(/No upstream server is configured.*upstream\.url and upstream\.pins/);
    expect(first.output()).not.toMatch(/ERROR/);

    const second = await serve();
    expect(await stop()).toBe(0);
    expect(second.output()).not.toContain('password');
    const logs = join(folder, 'data', 'logs');
    const text = readdirSync(logs)
      .map((name) => readFileSync(join(logs, name), 'utf8'))
      .join('');
    expect(text).toContain('Listening for console');
    expect(text).not.toContain(password);
  }, 60_000);

  it.each<[string, string, number, RegExp]>([
    [
      'a configuration that is wrong',
      'log: { level: loud }',
      78,
      /^sluice: .*sluice\.yaml: log\.level: found "loud"; accepted: error, warn, info, debug\.\n$/,
    ],
    [
      'a data directory that cannot be made',
      'dataDirectory: /proc/sluice',
      1,
      /^sluice: dataDirectory: \/proc\/sluice cannot be used \(.*\)\. It has to be a directory that belongs to this account\.\n$/,
    ],
  ])(
    'ends with one sentence for %s',
    async (_what, yaml, status, sentence) => {
      writeFileSync(join(folder, 'sluice.yaml'), yaml);
      const outcome = await new Promise<{ code: unknown; stderr: string }>((resolve) => {
        execFile(
          process.execPath,
          [MAIN, 'serve', '--config', join(folder, 'sluice.yaml')],
          (error, _stdout, stderr) => resolve({ code: error?.code, stderr }),
        );
      });
      expect(outcome.code).toBe(status);
      expect(outcome.stderr).toMatch(sentence);
    },
    30_000,
  );
});
