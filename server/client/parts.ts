/** What the client services share beside their context: one of each. */
import { CommitGroup } from '../../catalog/store/database/commit-group.ts';
import { isDatabaseBusy } from '../../catalog/store/database/database-busy.ts';
import { ComputerStore } from '../../catalog/store/computers/computers.ts';
import { SoapFault } from '../../protocol/soap/fault.ts';
import { ClientConfiguration } from './configuration.ts';
import { Contacts } from './contacts.ts';
import type { ClientContext } from './context.ts';
import { Tickets } from './ticket.ts';

export interface ClientParts extends ClientContext {
  readonly configuration: ClientConfiguration;
  readonly computers: ComputerStore;
  readonly tickets: Tickets;
  readonly contacts: Contacts;
  readonly commits: CommitGroup;
}

export function assembleParts(context: ClientContext): ClientParts {
  const { db, cookies, now, log } = context;
  const configuration = new ClientConfiguration(context);
  const computers = new ComputerStore(db);
  return {
    ...context,
    configuration,
    computers,
    tickets: new Tickets(cookies, configuration, computers, now),
    contacts: new Contacts(db, computers, log),
    commits: new CommitGroup(db),
  };
}

const MINUTE = 60_000;

/** When a cookie issued now runs out. */
export const expiryOf = ({ config, now }: ClientContext): Date =>
  new Date(now().getTime() + config.client.cookieLifetime * MINUTE);

/**
 * Commits a call's writes together with those of others that arrived with it.
 *
 * @throws SoapFault ServerBusy where another process kept the database for too long: the agent is to come again
 */
export async function durably<T>({ commits }: ClientParts, work: () => T): Promise<T> {
  try {
    return await commits.add(work);
  } catch (error) {
    if (isDatabaseBusy(error)) throw new SoapFault('ServerBusy', '', { cause: error });
    throw error;
  }
}
