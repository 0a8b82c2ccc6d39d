import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { getPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '../config/logging.ts';
import { Config } from '../config/schema.ts';
import type { WorkerMessage } from '../protocol/channel/messages.ts';
import { loggedLines } from '../scripts/testing/logged-lines.ts';
import { SyncProcess } from './sync-process.ts';
import { WORKER_PRIORITY, lowerPriority } from './worker-priority.ts';

const log = createLogger({ level: 'error', terminal: false });
let folder: string;
let sync: SyncProcess | undefined;

beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'sluice-sync-'))));
afterEach(async () => {
  await sync?.close(2_000);
  rmSync(folder, { recursive: true });
});

/** A worker that is a few lines of plain JavaScript. */
const start = (script: string): SyncProcess => {
  const modulePath = join(folder, 'worker.mjs');
  writeFileSync(modulePath, script);
  const config = Config.parse({ dataDirectory: folder });
  sync = new SyncProcess({ config, log, modulePath, restartDelay: 10 });
  sync.start();
  return sync;
};

/** The next message that fits. */
const next = async (
  process: SyncProcess,
  fits: (message: WorkerMessage) => boolean,
): Promise<WorkerMessage> =>
  await new Promise((resolve) => {
    const stop = process.onMessage((message) => {
      if (!fits(message)) return;
      stop();
      resolve(message);
    });
  });

/** Echoes each command as a `content` message, dies of `synchronize`. */
const ECHO = `
  process.on('message', ({ type }) => {
    if (type === 'shutdown') process.exit(0);
    if (type === 'synchronize') process.exit(3);
    if (type === 'cancel') process.send({ type: 'nonsense' });
    process.send({ type: 'content', sha1: type, state: 'wanted' });
  });
  process.send({ type: 'ready' });
`;

describe('The sync worker', () => {
  it('is given the configuration', async () => {
    const worker = start(`
      const { dataDirectory } = JSON.parse(process.env.SLUICE_CONFIG);
      process.send({ type: 'content', sha1: dataDirectory, state: 'present' });
      process.on('message', () => process.exit(0));
      process.send({ type: 'ready' });
    `);
    await expect(next(worker, ({ type }) => type === 'content')).resolves.toMatchObject({ sha1: folder });
  });

  it('yields the processor to the server, with the threads that it starts', async () => {
    const worker = start(`
      import { getPriority } from 'node:os';
      import { Worker } from 'node:worker_threads';
      const ofThread = 'require("node:worker_threads").parentPort.postMessage(require("node:os").getPriority())';
      new Worker(ofThread, { eval: true }).on('message', (thread) => {
        process.send({ type: 'content', sha1: [getPriority(), thread].join(), state: 'present' });
      });
      process.on('message', () => process.exit(0));
      process.send({ type: 'ready' });
    `);
    const told = await next(worker, ({ type }) => type === 'content');
    expect(told).toMatchObject({ sha1: `${WORKER_PRIORITY},${WORKER_PRIORITY}` });
    expect(getPriority()).toBeLessThan(WORKER_PRIORITY);
  });

  it('runs where its priority cannot be lowered, and the log says so', () => {
    const { log: ownLog, lines } = loggedLines('debug');
    // No process has the highest number that there can be.
    expect(() => lowerPriority(2 ** 31 - 1, ownLog)).not.toThrow();
    expect(lines).toEqual([expect.stringContaining('scans may be slower')]);
  });

  it('gets a command that was sent before it was ready, once', async () => {
    const worker = start(ECHO);
    const echoes: string[] = [];
    worker.onMessage((message) => {
      if (message.type === 'content') echoes.push(message.sha1);
    });
    worker.send({ type: 'content-wanted' });
    worker.send({ type: 'content-wanted' });
    worker.send({ type: 'schedule-changed' });
    await next(worker, (message) => message.type === 'content' && message.sha1 === 'schedule-changed');
    expect(echoes).toEqual(['content-wanted', 'schedule-changed']);
  });

  it('is started again when it dies, and then gets what was sent meanwhile', async () => {
    const worker = start(ECHO);
    await next(worker, ({ type }) => type === 'ready');
    const first = worker.pid;
    const again = next(worker, ({ type }) => type === 'ready');
    worker.send({ type: 'synchronize' });
    await again;
    expect(worker.pid).not.toBe(first);
    const echo = next(worker, ({ type }) => type === 'content');
    worker.send({ type: 'schedule-changed' });
    await expect(echo).resolves.toMatchObject({ sha1: 'schedule-changed' });
  });

  it('that says something that is not in the channel is not believed', async () => {
    const worker = start(ECHO);
    const messages: WorkerMessage[] = [];
    worker.onMessage((message) => messages.push(message));
    worker.send({ type: 'cancel' });
    await next(worker, ({ type }) => type === 'content');
    expect(messages.map(({ type }) => type)).toEqual(['ready', 'content']);
  });

  it('has its last progress kept while a synchronization runs, and not longer', async () => {
    const worker = start(`
      process.on('message', ({ type }) => {
        if (type === 'shutdown') process.exit(0);
        if (type === 'synchronize') process.send({ type: 'progress', runId: 1, phase: 'connect', done: 0, total: 0 });
        if (type === 'cancel') process.send({ type: 'finished', runId: 1, state: 'cancelled' });
      });
      process.send({ type: 'ready' });
    `);
    const progress = next(worker, ({ type }) => type === 'progress');
    worker.send({ type: 'synchronize' });
    await progress;
    expect(worker.lastProgress()).toMatchObject({ type: 'progress', phase: 'connect' });
    const finished = next(worker, ({ type }) => type === 'finished');
    worker.send({ type: 'cancel' });
    await finished;
    expect(worker.lastProgress()).toBeUndefined();
  });

  it('is made to stop where it does not stop by itself', async () => {
    const worker = start(
      `process.on('message', () => {}); process.on('SIGTERM', () => {}); process.send({ type: 'ready' });`,
    );
    await next(worker, ({ type }) => type === 'ready');
    const { pid } = worker;
    await worker.close(50);
    expect(() => process.kill(pid ?? 0, 0)).toThrow();
  });
});
