/** The data of a relay that may be running meanwhile. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { openBesideServer } from '../../catalog/store/database/database.ts';
import type { Database } from '../../catalog/store/database/database.ts';

export class NoRelayData extends Error {
  readonly code = 'NO_RELAY_DATA';

  constructor(directory: string) {
    super(
      `${directory} has no database of a relay. Name the configuration with --config FILE; a new relay is to be started and synchronized once, since only the catalogue says what content is right.`,
    );
    this.name = 'NoRelayData';
  }
}

/**
 * @param directory `dataDirectory` of the configuration
 * @throws NoRelayData, MigrationError
 */
export function openRelayData(directory: string): Database {
  const file = join(directory, 'sluice.db');
  if (!existsSync(file)) throw new NoRelayData(directory);
  return openBesideServer(file);
}
