/** Ping ([MS-WSUSSS] 3.1.4.12), for every service that WSUS answers it on: is the service there, and can it work? */
import { readGeneration } from '../../catalog/store/database/generation.ts';
import type { Database } from '../../catalog/store/database/database.ts';
import type { Service } from '../../protocol/soap/table.ts';
import { Ping } from '../../protocol/wsusss/monitoring.ts';
import { implement, type ImplementedOperation } from './implementation.ts';

export interface PingContext {
  readonly db: Database;
  readonly now: () => Date;
}

/** How .NET writes that there is no such time: a server's configuration file is nobody's business. */
const NO_TIME = '0001-01-01T00:00:00';

/** Anybody may ask: nothing is told of the machine, its files or its database but that a question to it is answered. */
export const ping = ({ name }: Pick<Service, 'name'>, { db, now }: PingContext): ImplementedOperation =>
  implement(Ping, (_request, { isHttps }) => ({
    PingResult: {
      SuccessFlag: isReadable(db),
      ServicesTime: now().toISOString(),
      ServicesName: name,
      IsHttps: isHttps,
      ConfigFileLastModifiedTime: NO_TIME,
      ConfigFileNextExpirationTime: NO_TIME,
      ConfigFileExpirationModuloInMinutes: 0,
    },
  }));

function isReadable(db: Database): boolean {
  try {
    readGeneration(db);
    return true;
  } catch {
    // Whoever monitors is told so; what is wrong is in the log of the next request that needs the database.
    return false;
  }
}
