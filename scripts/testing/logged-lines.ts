/** A log whose lines a test can look at. */
import { Writable } from 'node:stream';
import winston from 'winston';
import { createLogger, type Logger } from '../../config/logging.ts';

export interface LoggedLines {
  readonly log: Logger;
  /** As they are written, in JSON; to be emptied at will. */
  readonly lines: string[];
}

export function loggedLines(level: 'debug' | 'error'): LoggedLines {
  const lines: string[] = [];
  const log = createLogger({ level, terminal: false });
  log.silent = false;
  log.add(
    new winston.transports.Stream({
      stream: new Writable({
        write: (line: Buffer, _encoding, done) => {
          lines.push(line.toString());
          done();
        },
      }),
    }),
  );
  return { log, lines };
}
