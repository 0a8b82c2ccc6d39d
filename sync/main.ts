/** Entry point of the sync worker, a child process of the server. Its configuration comes as JSON in SLUICE_CONFIG. */
import { join } from 'node:path';
import { openDatabase } from '../catalog/store/database/database.ts';
import { stackOf } from '../config/error-facts.ts';
import { closeLogger, createLogger } from '../config/logging.ts';
import { Config } from '../config/schema.ts';
import { CommandMessage } from '../protocol/channel/messages.ts';
import type { WorkerMessage } from '../protocol/channel/messages.ts';
import { Worker } from './worker.ts';

const config = Config.parse(JSON.parse(process.env.SLUICE_CONFIG ?? '{}'));
const log = createLogger({
  level: config.log.level,
  process: 'sync',
  folder: join(config.dataDirectory, 'logs'),
  maximumBytes: config.log.maximumBytes,
  keepFiles: config.log.keepFiles,
});
const db = openDatabase(join(config.dataDirectory, 'sluice.db'));
const worker = new Worker({ config, db, log, send });

let ending: Promise<void> | undefined;
let isEndingOver = false;

function send(message: WorkerMessage): void {
  // A server that is gone is told nothing; its going away ends this process too.
  if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
}

async function end(): Promise<void> {
  await worker.stop();
  db.close();
  await closeLogger(log);
  if (process.connected) process.disconnect();
}

/** Ends once, however often and from wherever it is asked for. */
function endOnce(): void {
  ending ??= end();
}

/**
 * What nobody expected (a database that stays locked, a full disk, a bug) ends the process, told in its log: the server
 * starts it again, and the start puts right what was left half done.
 */
async function endOver(error: unknown): Promise<void> {
  // What fails while this process ends would be logged after the log is closed, and keep it from ending.
  if (isEndingOver) return;
  isEndingOver = true;
  log.error('The sync worker ends over an unexpected error and is started again', { error: stackOf(error) });
  await closeLogger(log);
  process.exit(1);
}

process.on('uncaughtException', (error) => void endOver(error));
process.on('message', (raw) => {
  const command = CommandMessage.safeParse(raw);
  if (!command.success)
    log.error('The server sent a message that is not one of the channel', { problem: command.error.message });
  else if (command.data.type === 'shutdown') endOnce();
  else worker.handle(command.data);
});
process.on('disconnect', endOnce);
process.on('SIGINT', endOnce);
process.on('SIGTERM', endOnce);
worker.start();
