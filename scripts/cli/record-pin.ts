/** A pin is recorded in the configuration file, and that it was, in the audit log of the relay that reads this file. */
import { loadConfig } from '../../config/load.ts';
import { reasonOf } from '../../config/error-facts.ts';
import { NoRelayData, openRelayData } from './relay-data.ts';
import { recordCommand } from './recorded-command.ts';

export interface RecordedPin {
  /** The configuration file. */
  readonly path: string;
  readonly url: string;
  readonly before: readonly string[];
  readonly pin: string;
}

/**
 * The file is changed already, and no transaction spans it and the database: what cannot be recorded is said.
 *
 * @returns a sentence; undefined where the entry was written
 */
export function recordPin({ path, url, before, pin }: RecordedPin): string | undefined {
  try {
    const { dataDirectory } = loadConfig({ file: path, env: process.env });
    const db = openRelayData(dataDirectory);
    try {
      recordCommand(db, {
        action: 'upstream.pin',
        subjects: [{ kind: 'upstream', id: url }],
        before: { pins: before },
        after: { pins: [...before, pin], file: path },
      });
      return undefined;
    } finally {
      db.close();
    }
  } catch (error) {
    return error instanceof NoRelayData
      ? 'It is in no audit log, since this relay has no data yet.'
      : `It is not in the audit log: ${reasonOf(error)}`;
  }
}
