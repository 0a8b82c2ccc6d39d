/** What the client services share beside their context: one of each. */
import { CommitGroup } from '../../catalog/store/database/commit-group.ts';
import { ComputerStore } from '../../catalog/store/computers/computers.ts';
import { ReportStore } from '../../catalog/store/reports/reports.ts';
import type { Call } from '../soap/implementation.ts';
import { ClientConfiguration } from './configuration.ts';
import { Contacts } from './contacts.ts';
import type { ClientContext } from './context.ts';
import { ExtendedFragments } from './extended-fragments.ts';
import { LastScans } from './last-scans.ts';
import { ReportedHardware } from './reported-hardware.ts';
import { ServerHistory } from './server-history.ts';
import { Tickets } from './ticket.ts';

export interface ClientParts extends ClientContext {
  readonly configuration: ClientConfiguration;
  readonly computers: ComputerStore;
  readonly reports: ReportStore;
  readonly tickets: Tickets;
  readonly contacts: Contacts;
  readonly hardware: ReportedHardware;
  readonly lastScans: LastScans;
  readonly commits: CommitGroup;
  readonly extendedFragments: ExtendedFragments;
}

export function assembleParts(context: ClientContext): ClientParts {
  const { db, config, cookies, now, log } = context;
  const configuration = new ClientConfiguration(context);
  const computers = new ComputerStore(db);
  const commits = CommitGroup.of(db);
  const contacts = new Contacts(db, commits, computers, log);
  const hardware = new ReportedHardware({ db, commits, log, now });
  const lastScans = new LastScans({ db, commits, log, now });
  context.beforeClose?.(() => contacts.flush());
  context.beforeClose?.(() => hardware.flush());
  context.beforeClose?.(() => lastScans.flush());
  return {
    ...context,
    configuration,
    computers,
    reports: new ReportStore(db),
    tickets: new Tickets(cookies, configuration, computers, new ServerHistory(db), now),
    contacts,
    hardware,
    lastScans,
    commits,
    extendedFragments: new ExtendedFragments(db, config.content),
  };
}

/** Notes that the computer was just heard of. */
export const noteContact = (
  { contacts, now }: ClientParts,
  computerId: string,
  { remoteAddress }: Pick<Call, 'remoteAddress'>,
): void => contacts.note({ computerId, ipAddress: remoteAddress, at: now() });

const MINUTE = 60_000;

/** When a cookie issued now runs out. */
export const expiryOf = ({ config, now }: ClientContext): Date =>
  new Date(now().getTime() + config.client.cookieLifetime * MINUTE);
