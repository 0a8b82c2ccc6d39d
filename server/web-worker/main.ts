/**
 * Entry point of a web worker, a child process of the server (node:cluster). Its configuration comes as JSON in
 * SLUICE_CONFIG, everything else over the channel. Nobody else starts it.
 */
import cluster from 'node:cluster';
import { join } from 'node:path';
import { codeOf, reasonOf, stackOf } from '../../config/error-facts.ts';
import { closeLogger, createLogger } from '../../config/logging.ts';
import { Config } from '../../config/schema.ts';
import { WebWorkerCommand } from '../../protocol/channel/web-worker.ts';
import type { WebWorkerReport } from '../../protocol/channel/web-worker.ts';
import { SEAT_VARIABLE } from './seat.ts';
import { WebWorker } from './web-worker.ts';

if (!cluster.isWorker || process.send === undefined) {
  process.stderr.write('This is a part of Sluice that its server starts by itself. Start ./scripts/start.\n');
  process.exit(64);
}

const config = Config.parse(JSON.parse(process.env.SLUICE_CONFIG ?? '{}'));
const log = createLogger({
  level: config.log.level,
  process: `web-${process.env[SEAT_VARIABLE]}`,
  folder: join(config.dataDirectory, 'logs'),
  maximumBytes: config.log.maximumBytes,
  keepFiles: config.log.keepFiles,
});

function tell(report: WebWorkerReport): void {
  // A server that is gone is told nothing; its going away ends this process too.
  if (process.connected) process.send?.(report, undefined, undefined, () => undefined);
}

/** What nobody expected ends the process, told in its log: the server starts another. */
async function endOver(error: unknown): Promise<void> {
  log.error('The web worker ends over an unexpected error', { error: stackOf(error) });
  await closeLogger(log);
  process.exit(1);
}

process.on('uncaughtException', (error) => void endOver(error));
// A signal to the whole process group reaches the server too, which then says when to end and waits for it.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});

const worker = new WebWorker({ config, log, tell });
let ending: Promise<void> | undefined;

async function open(sockets: Parameters<WebWorker['open']>[0]): Promise<void> {
  try {
    await worker.open(sockets);
  } catch (error) {
    tell({ type: 'failed', code: codeOf(error) ?? '', message: reasonOf(error) });
    endOnce(0);
  }
}

async function end(grace: number): Promise<void> {
  await worker.close(grace);
  await closeLogger(log);
  process.exit(0);
}

/** Ends once, however often and from wherever it is asked for. */
function endOnce(grace: number): void {
  ending ??= end(grace).catch(endOver);
}

process.on('message', (raw) => {
  const parsed = WebWorkerCommand.safeParse(raw);
  if (!parsed.success) {
    log.error('The server sent a message that is not one of the channel', { problem: parsed.error.message });
    return;
  }
  const command = parsed.data;
  if (command.type === 'open') void open(command.sockets);
  else if (command.type === 'certificates') worker.useCertificates(command.certificates);
  else endOnce(command.grace);
});
tell({ type: 'started' });
