/** A server with two web workers: real processes, real sockets, a real catalogue. */
import SqliteDatabase from 'better-sqlite3';
import { spawn } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import tls from 'node:tls';
import { fileURLToPath } from 'node:url';
import winston from 'winston';
import { z } from 'zod';
import { ALL_COMPUTERS } from '../../catalog/store/groups/group-tree.ts';
import { createLogger } from '../../config/logging.ts';
import { Config } from '../../config/schema.ts';
import { api } from '../../protocol/console/api.ts';
import { writeRequest } from '../../protocol/soap/codec.ts';
import { GetConfig, clientService } from '../../protocol/wusp/client.ts';
import { HttpConnections } from '../../scripts/agent/http.ts';
import type { HttpAnswer } from '../../scripts/agent/http.ts';
import { SimulatedMachine } from '../../scripts/agent/machine.ts';
import { EventQueue } from '../../scripts/agent/report.ts';
import { refreshCache, scan } from '../../scripts/agent/scan.ts';
import type { ScanParts } from '../../scripts/agent/scan.ts';
import { AgentSession } from '../../scripts/agent/session.ts';
import { SoapClient } from '../../scripts/agent/soap-client.ts';
import { UpdateCache } from '../../scripts/agent/update-cache.ts';
import { childProcesses } from '../../scripts/demo/child-processes.ts';
import { ConsoleClient } from '../../scripts/demo/console-client.ts';
import { FLEET } from '../../scripts/demo/fleet.ts';
import { SluiceInstance } from '../../scripts/demo/instance.ts';
import { fillUpstream } from '../../scripts/demo/upstream.ts';
import { demoCatalogue } from '../../scripts/fixtures/demo-catalogue.ts';
import { makeCertificate, makeKey } from '../../scripts/testing/certificates.ts';
import { portOf } from '../../scripts/testing/port-of.ts';
import { holderOf, tellsHolders } from '../../scripts/testing/socket-holder.ts';
import { startServer } from '../server.ts';
import type { RunningServer } from '../server.ts';

import.meta.jest.setTimeout(120_000);

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));
const PASSWORD = 'a password for this test';
const HTTP = { address: '127.0.0.1', port: 0, protocol: 'http' } as const;
const HTTPS = { address: '127.0.0.1', port: 0, protocol: 'https' } as const;
const LISTENERS = { client: [HTTP], content: [HTTP], downstream: [HTTP], console: [HTTPS] };
const quiet = createLogger({ level: 'error', terminal: false });

const folder = mkdtempSync(join(tmpdir(), 'sluice-workers-'));
const instances: SluiceInstance[] = [];
const servers: RunningServer[] = [];
afterAll(async () => {
  for (const instance of instances) await instance.stop();
  rmSync(folder, { recursive: true, force: true });
});
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

let directories = 0;
const newDirectory = (): string => {
  directories += 1;
  const directory = join(folder, String(directories));
  mkdirSync(directory, { mode: 0o700 });
  return directory;
};

const startInstance = async (dataDirectory = newDirectory(), workers = 2): Promise<SluiceInstance> => {
  const instance = await SluiceInstance.start({
    name: 'server',
    dataDirectory,
    configFile: `${dataDirectory}.yaml`,
    config: { listeners: LISTENERS, limits: { requestsPerSecond: 0 }, server: { workers } },
  });
  instances.push(instance);
  return instance;
};

/** Tries for half a minute on a machine that does nothing else. */
const until = async (holds: () => boolean | Promise<boolean>): Promise<void> => {
  for (let tries = 0; !(await holds()); tries += 1) {
    if (tries === 1200) throw new Error('It did not come to be.');
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
};

const isAlive = (processId: number): boolean => {
  try {
    process.kill(processId, 0);
    return true;
  } catch {
    return false;
  }
};

const everyChild = (instance: SluiceInstance): readonly number[] =>
  childProcesses(instance.processId!).map(({ processId }) => processId);

/** Notes which process answered each request; one connection for all of them, or one for each. */
class WatchedConnections extends HttpConnections {
  readonly answeredBy: (number | undefined)[] = [];
  readonly #instance: SluiceInstance;
  readonly #isOneEach: boolean;
  #agent = new http.Agent({ keepAlive: true, maxSockets: 1 });

  constructor(instance: SluiceInstance, { oneEach }: { oneEach: boolean }) {
    super({});
    this.#instance = instance;
    this.#isOneEach = oneEach;
  }

  override async send(
    method: string,
    url: URL,
    headers: http.OutgoingHttpHeaders,
    body?: Buffer,
  ): Promise<HttpAnswer> {
    const request = http.request(url, { method, headers, agent: this.#agent }).end(body);
    const [response] = z.tuple([z.instanceof(http.IncomingMessage)]).parse(await once(request, 'response'));
    const local = response.socket.localPort ?? 0;
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(z.instanceof(Buffer).parse(chunk));
    this.answeredBy.push(holderOf(Number(url.port), local, this.#instance.webWorkerIds));
    if (this.#isOneEach) this.renew();
    return { status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) };
  }

  renew(): void {
    this.#agent.destroy();
    this.#agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  }

  override close(): void {
    this.#agent.destroy();
    super.close();
  }
}

const agentParts = (instance: SluiceInstance, connections: HttpConnections, computer: number): ScanParts => {
  const machine = new SimulatedMachine(FLEET[computer]!.profile);
  const client = new SoapClient(connections, new URL(instance.url('client', 'http')));
  const session: AgentSession = new AgentSession({
    client,
    machine,
    now: () => new Date(),
    onForgotten: () => refreshCache(parts),
    onFilesMoved: () => Promise.resolve(),
  });
  const parts: ScanParts = { client, session, cache: new UpdateCache(machine), machine };
  return parts;
};

const onLinux = tellsHolders ? describe : describe.skip;
const reason = tellsHolders ? '' : ' (skipped: only Linux tells which process has a connection)';

onLinux(`Two web workers${reason}`, () => {
  let instance: SluiceInstance;
  let console: ConsoleClient;
  let offered: readonly string[];

  beforeAll(async () => {
    const directory = newDirectory();
    fillUpstream(directory, demoCatalogue(5), new Date());
    instance = await startInstance(directory);
    console = new ConsoleClient(instance.url('console', 'https'), instance.authority);
    await console.signIn('admin', instance.firstPassword, PASSWORD);
    const { items } = await console.call(api.updates, { query: { limit: '500' } });
    offered = items
      .filter(
        ({ title, classification }) => title.includes('Windows 11') && classification?.title !== 'Upgrades',
      )
      .map(({ updateId }) => updateId);
  });
  afterAll(() => console?.close());

  const approve = async (updateIds: readonly string[]): Promise<void> => {
    await console.call(api.approve, {
      body: { updateIds: [...updateIds], groupIds: [ALL_COMPUTERS], action: 'Install', acceptEulaIds: [] },
    });
  };

  it('share a port, and each answers', async () => {
    const connections = new WatchedConnections(instance, { oneEach: true });
    const client = new SoapClient(connections, new URL(instance.url('client', 'http')));
    for (let requests = 0; requests < 4; requests += 1)
      await client.call(clientService, GetConfig, { protocolVersion: '2.90' });
    expect(instance.webWorkerIds).toHaveLength(2);
    expect(new Set(connections.answeredBy)).toEqual(new Set(instance.webWorkerIds));
    connections.close();
  });

  it('leave the console to the server process, and show it nowhere', async () => {
    const port = Number(new URL(instance.url('console', 'https')).port);
    const socket = tls.connect({ port, host: '127.0.0.1', ca: instance.authority });
    await once(socket, 'secureConnect');
    expect(holderOf(port, socket.localPort!, [instance.processId!])).toBe(instance.processId);
    socket.destroy();
    const connections = new WatchedConnections(instance, { oneEach: true });
    for (const path of ['/', '/api/session'])
      expect((await connections.send('GET', new URL(path, instance.url('client', 'http')), {})).status).toBe(
        404,
      );
    connections.close();
  });

  it('both offer what an administrator approves', async () => {
    const agents = [0, 1].map((computer) => {
      const connections = new WatchedConnections(instance, { oneEach: false });
      return { connections, parts: agentParts(instance, connections, computer) };
    });
    for (const { parts } of agents) {
      await scan(parts);
      expect(parts.cache.size).toBe(0);
    }
    await approve(offered.slice(0, 1));
    for (const { parts } of agents) {
      await until(async () => {
        await scan(parts);
        return parts.cache.size > 0;
      });
    }
    expect(new Set(agents.flatMap(({ connections }) => [...new Set(connections.answeredBy)]))).toEqual(
      new Set(instance.webWorkerIds),
    );
    for (const { connections } of agents) {
      expect(new Set(connections.answeredBy).size).toBe(1);
      connections.close();
    }
  });

  it("answer one agent's scan between them as one would, with one cookie", async () => {
    await approve(offered);
    const known = (parts: ScanParts): unknown =>
      parts.cache
        .all()
        .map(({ core }) => core.updateId)
        .sort();
    const spread = new WatchedConnections(instance, { oneEach: true });
    const pinned = new WatchedConnections(instance, { oneEach: false });
    const [one, other] = [agentParts(instance, spread, 2), agentParts(instance, pinned, 2)];
    await until(async () => {
      await scan(one);
      return one.cache.size > 20;
    });
    await scan(other);
    expect(known(one)).toEqual(known(other));
    const before = one.client.requests;
    await scan(one);
    expect(known(one)).toEqual(known(other));
    // A scan that has nothing new to hear and no fault to recover from.
    expect(one.client.requests - before).toBeLessThanOrEqual(2);
    expect(one.session.recovered.size).toBe(0);
    expect(new Set(spread.answeredBy)).toEqual(new Set(instance.webWorkerIds));
    expect(new Set(pinned.answeredBy).size).toBe(1);
    spread.close();
    pinned.close();
  });

  it('are replaced when they are killed, and nothing that was acknowledged is lost', async () => {
    const before = instance.webWorkerIds;
    const reporting = async (computer: number): Promise<{ computerId: string; acknowledged: number }> => {
      const connections = new HttpConnections({});
      const parts = agentParts(instance, connections, computer);
      const events = new EventQueue(parts.machine, () => new Date());
      for (let round = 0; round < 40; round += 1) {
        events.scanFinished(round);
        // The connection went with the worker: what was not acknowledged is sent again.
        await until(() =>
          events.flush(parts).then(
            () => true,
            () => false,
          ),
        );
        if (computer === 3 && round === 15) process.kill(before[0]!, 'SIGKILL');
      }
      connections.close();
      return { computerId: parts.machine.profile.computerId, acknowledged: events.acknowledged };
    };
    const reported = await Promise.all([3, 4, 5, 6].map(reporting));
    await until(() => instance.webWorkerIds.length === 2);
    expect(instance.webWorkerIds).toContain(before[1]);
    expect(instance.webWorkerIds).not.toContain(before[0]);
    await until(() => instance.output.includes('A web worker was replaced'));
    expect(instance.output).toMatch(/A web worker died and is started again.*worker=1.*was ended by SIGKILL/);

    const db = new SqliteDatabase(join(instance.dataDirectory, 'sluice.db'), { readonly: true });
    const stored = db
      .prepare<[string], number>('SELECT count(*) FROM reporting_event WHERE computer_id = ?')
      .pluck();
    for (const { computerId, acknowledged } of reported) {
      expect(acknowledged).toBe(40);
      expect(stored.get(computerId)).toBe(40);
    }
    const decisions = db.prepare('SELECT count(DISTINCT update_id) FROM deployment').pluck();
    expect(decisions.get()).toBe(offered.length);
    db.close();

    const connections = new WatchedConnections(instance, { oneEach: true });
    const url = new URL(instance.url('content', 'http'));
    for (let requests = 0; requests < 2; requests += 1) await connections.send('GET', url, {});
    expect(new Set(connections.answeredBy)).toEqual(new Set(instance.webWorkerIds));
    connections.close();
  });

  it('come back on the same port also when both are killed at once', async () => {
    const before = instance.webWorkerIds;
    for (const id of before) process.kill(id, 'SIGKILL');
    await until(() => instance.webWorkerIds.filter((id) => !before.includes(id)).length === 2);
    const connections = new HttpConnections({});
    const url = new URL(instance.url('client', 'http'));
    await until(() =>
      connections.send('GET', url, {}).then(
        ({ status }) => status === 404,
        () => false,
      ),
    );
    connections.close();
  });

  it('end with the server, and what computers said last is written', async () => {
    const connections = new HttpConnections({});
    const parts = agentParts(instance, connections, 7);
    await scan(parts);
    const since = new Date().toISOString();
    await scan(parts);
    connections.close();
    const children = everyChild(instance);
    expect(children.length).toBe(3);
    await instance.stop();
    expect(children.filter(isAlive)).toEqual([]);
    const db = new SqliteDatabase(join(instance.dataDirectory, 'sluice.db'), { readonly: true });
    const contact = db
      .prepare<[string], string>('SELECT last_contact FROM computer WHERE computer_id = ?')
      .pluck()
      .get(parts.machine.profile.computerId);
    expect(contact! >= since).toBe(true);
    db.close();
  });
});

onLinux(`A server with two web workers${reason}`, () => {
  it('takes its processes with it when it is killed', async () => {
    const instance = await startInstance();
    const children = everyChild(instance);
    expect(children.length).toBe(3);
    process.kill(instance.processId!, 'SIGKILL');
    await until(() => !children.some(isAlive));
    // And nobody holds the directory or the port any more.
    const next = await startInstance(instance.dataDirectory);
    await next.stop();
  });

  it('is one process, beside the sync worker, where one web worker is configured', async () => {
    const instance = await startInstance(newDirectory(), 1);
    expect(instance.webWorkerIds).toEqual([]);
    expect(everyChild(instance)).toEqual([instance.syncWorkerId]);
    const connections = new HttpConnections({});
    const url = new URL('/', instance.url('client', 'http'));
    expect((await connections.send('GET', url, {})).status).toBe(404);
    connections.close();
    await instance.stop();
  });

  it('answers what is under way when Ctrl-C reaches all its processes at once', async () => {
    const directory = newDirectory();
    writeFileSync(
      `${directory}.yaml`,
      JSON.stringify({ dataDirectory: directory, listeners: LISTENERS, server: { workers: 2 } }),
    );
    const child = spawn(process.execPath, [MAIN, 'serve', '--config', `${directory}.yaml`], {
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk: Buffer) => (output += chunk.toString()));
    try {
      const Ready = z.object({ listening: z.array(z.object({ role: z.string(), port: z.int() })) });
      const [message]: unknown[] = await once(child, 'message');
      const port = Ready.parse(message).listening.find(({ role }) => role === 'client')!.port;
      const children = childProcesses(child.pid!).map(({ processId }) => processId);
      const workers = childProcesses(child.pid!).filter(({ command }) =>
        command.join().includes('web-worker'),
      );

      const body = writeRequest(clientService, GetConfig, { protocolVersion: '2.90' });
      const requests = [0, 1].map(() => {
        const request = http.request({
          port,
          host: '127.0.0.1',
          method: 'POST',
          path: clientService.path,
          agent: false,
          headers: { 'Content-Length': body.length },
        });
        request.write(body.subarray(0, 50));
        return { request, response: once(request, 'response') };
      });
      const ids = workers.map(({ processId }) => processId);
      const holders = (): Set<number | undefined> =>
        new Set(requests.map(({ request }) => holderOf(port, request.socket?.localPort ?? 0, ids)));
      await until(() => holders().size === 2 && !holders().has(undefined));

      const ended = once(child, 'exit');
      process.kill(-child.pid!, 'SIGINT');
      await until(() => output.includes('Sluice stops'));
      for (const { request, response } of requests) {
        request.end(body.subarray(50));
        const [answer] = z.tuple([z.instanceof(http.IncomingMessage)]).parse(await response);
        expect(answer.statusCode).toBe(200);
        answer.resume();
      }
      expect((await ended)[0]).toBe(0);
      expect(children.filter(isAlive)).toEqual([]);
      expect(output).not.toMatch(/ERROR|died/);
    } finally {
      child.kill('SIGKILL');
    }
  });
});

describe('A start with two web workers', () => {
  const configOf = (listeners: Partial<z.input<typeof Config>['listeners']>): Config =>
    Config.parse({
      dataDirectory: newDirectory(),
      server: { workers: 2 },
      listeners: { client: [HTTP], content: [], downstream: [], console: [], ...listeners },
    });
  const webWorkers = (): readonly unknown[] =>
    childProcesses(process.pid).filter(({ command }) => command.join().includes('web-worker'));

  it('fails as clearly as with one where a port is taken, and leaves nothing behind', async () => {
    const taken = net.createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const config = configOf({ content: [{ ...HTTP, port: portOf(taken) }] });
    await expect(startServer(config, { log: quiet, synchronizes: false })).rejects.toMatchObject({
      code: 'LISTEN_FAILED',
      message: `listeners.content.0: cannot listen on 127.0.0.1 port ${portOf(taken)}, because another program does already. Stop it, or choose another port under listeners.content.0.port.`,
    });
    expect(webWorkers()).toEqual([]);
    taken.close();
    await once(taken, 'close');
    servers.push(await startServer(config, { log: quiet, synchronizes: false }));
    expect(servers[0]!.listening.map(({ port }) => port)).toContain(config.listeners.content[0]!.port);
  });

  it('says so where only the console is served, which is not shared', async () => {
    const said: string[] = [];
    const stream = new Writable({ write: (line, _encoding, done) => (said.push(String(line)), done()) });
    const log = winston.createLogger({ transports: [new winston.transports.Stream({ stream })] });
    servers.push(await startServer(configOf({ client: [], console: [HTTPS] }), { log, synchronizes: false }));
    expect(webWorkers()).toEqual([]);
    expect(said.join('')).toContain('no web worker was started');
  });

  it('serves certificates that were renewed at every worker, to connections to come', async () => {
    const [certificateFile, keyFile] = [join(folder, 'server.pem'), join(folder, 'server-key.pem')];
    const key = makeKey();
    const issue = (): string => {
      const { certificate } = makeCertificate({ subject: 'localhost', key, names: ['localhost'] });
      writeFileSync(keyFile, key, { mode: 0o600 });
      writeFileSync(certificateFile, certificate);
      return new X509Certificate(certificate).fingerprint256;
    };
    const old = issue();
    const server = await startServer(configOf({ client: [{ ...HTTPS, certificateFile, keyFile }] }), {
      log: quiet,
      synchronizes: false,
      renewalInterval: 50,
    });
    servers.push(server);
    const presented = async (): Promise<string> => {
      const socket = tls.connect({
        port: server.listening[0]!.port,
        host: '127.0.0.1',
        rejectUnauthorized: false,
      });
      await once(socket, 'secureConnect');
      const { fingerprint256 } = socket.getPeerCertificate();
      socket.destroy();
      return fingerprint256;
    };
    // Connections are handed out in turn: of two in a row, each worker has one.
    const ofBoth = async (): Promise<readonly string[]> => [await presented(), await presented()];
    expect(await ofBoth()).toEqual([old, old]);
    const renewed = issue();
    await until(async () => (await ofBoth()).every((fingerprint) => fingerprint === renewed));
    expect(await ofBoth()).toEqual([renewed, renewed]);
  });
});
