/** The one logger: JSON lines in rotated files, a readable form on a terminal, secrets in neither. */
import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import winston from 'winston';
import type { Logger } from 'winston';
import DailyRotateFile from 'winston-daily-rotate-file';
import { redact } from './redaction.ts';

export type { Logger } from 'winston';

export interface LoggingOptions {
  readonly level: 'error' | 'warn' | 'info' | 'debug';
  /** Which process writes; part of the file's name, since two processes never share a file. */
  readonly process?: string;
  /** Folder of the files, made with mode 0700; left out: no files. */
  readonly folder?: string;
  /** Bytes after which a new file begins. */
  readonly maximumBytes?: number;
  readonly keepFiles?: number;
  /** Whether readable lines go to standard error. Default: yes. */
  readonly terminal?: boolean;
}

const DEFAULT_MAXIMUM_BYTES = 20_000_000;
const DEFAULT_KEEP_FILES = 14;

/**
 * A logger that writes `<folder>/sluice-<process>-<date>.log` and the terminal.
 *
 * Example: `log.info('Synchronization finished', { runId, added })`. Facts go in the second argument; keys that name
 * secrets are masked (see redaction.ts), whoever writes them.
 */
export function createLogger(options: LoggingOptions): Logger {
  const transports: winston.transport[] = [];
  if (options.folder !== undefined) transports.push(fileTransport(options.folder, options));
  if (options.terminal ?? true) transports.push(terminalTransport());
  return winston.createLogger({
    level: options.level,
    silent: transports.length === 0,
    format: winston.format.combine(
      winston.format.timestamp(),
      winston.format((info) => redact(info))(),
      winston.format.json(),
    ),
    defaultMeta: { process: options.process ?? 'server' },
    transports,
  });
}

/** Ends the logger; settles when everything that was logged is in its file. */
export async function closeLogger(logger: Logger): Promise<void> {
  const files = logger.transports.filter((transport) => transport instanceof DailyRotateFile);
  const ended = Promise.withResolvers<void>();
  logger.once('finish', ended.resolve);
  logger.end();
  await ended.promise;
  for (const { logStream } of files) {
    const written = Promise.withResolvers<void>();
    logStream.end(() => written.resolve());
    await written.promise;
  }
}

function fileTransport(folder: string, options: LoggingOptions): winston.transport {
  const name = `sluice-${options.process ?? 'server'}`;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
  const transport = new DailyRotateFile({
    dirname: folder,
    filename: `${name}-%DATE%`,
    extension: '.log',
    datePattern: 'YYYY-MM-DD',
    utc: true,
    maxSize: options.maximumBytes ?? DEFAULT_MAXIMUM_BYTES,
    maxFiles: options.keepFiles ?? DEFAULT_KEEP_FILES,
    auditFile: join(folder, `.${name}.json`),
    options: { flags: 'a', mode: 0o600 },
  });
  const complain = (error: unknown): void => {
    process.stderr.write(`The log in ${folder} cannot be written: ${String(error)}\n`);
  };
  transport.on('error', complain);
  // A full disk must not end the server; the transport passes its stream's errors on to nobody.
  transport.logStream.on('error', complain);
  return transport;
}

function terminalTransport(): winston.transport {
  return new winston.transports.Console({
    stderrLevels: ['error', 'warn', 'info', 'debug'],
    format: winston.format.printf(readable),
  });
}

const LABELS: Readonly<Record<string, string>> = {
  error: 'ERROR',
  warn: 'warn ',
  info: 'info ',
  debug: 'debug',
};

/** An entry as a line for people. */
export function readable(info: winston.Logform.TransformableInfo): string {
  const { level, message, timestamp, process: writer, ...facts } = info;
  const time = String(timestamp).slice(11, 19);
  const rest = Object.entries(facts)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(' ');
  const from = writer === 'server' ? '' : ` [${String(writer)}]`;
  return visible(
    `${time} ${LABELS[level] ?? level}${from} ${String(message)}${rest === '' ? '' : `  ${rest}`}`,
  );
}

/** Control characters, line ends among them, and what turns the direction of writing. */
const INVISIBLE = /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/gu;

/** Names and reasons come from anybody: none may begin a line of its own, or tell the terminal what to do. */
const visible = (line: string): string =>
  line.replace(INVISIBLE, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`);
