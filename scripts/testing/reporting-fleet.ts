/** A server process, a fleet that it knows, and the bytes of the reports that its computers send. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase, type Database } from '../../catalog/store/database/database.ts';
import { ALL_COMPUTERS } from '../../catalog/store/groups/group-tree.ts';
import { readResponse, writeRequest } from '../../protocol/soap/codec.ts';
import type { Write } from '../../protocol/soap/table.ts';
import { GetConfig, clientService } from '../../protocol/wusp/client.ts';
import { ReportEventBatch, reportingService, type ReportingEvent } from '../../protocol/wusp/reporting.ts';
import { CookieSealer } from '../../server/cookies.ts';
import { KeepAliveConnection } from '../benchmarks/keep-alive-connection.ts';
import { SluiceInstance } from '../demo/instance.ts';
import { LOOPBACK } from '../demo/ports.ts';

const HOUR = 3_600_000;
const NO_UPDATE = '00000000-0000-0000-0000-000000000000';
/** Groups below All Computers; computers are in them in turn. */
const GROUPS = 4;

const guidOf = (kind: number, index: number): string =>
  `${String(kind).padStart(8, '0')}-0000-4000-8000-${String(index).padStart(12, '0')}`;
export const computerIdOf = (index: number): string => guidOf(1, index);
export const updateIdOf = (index: number): string => guidOf(2, index);
export const groupIdOf = (index: number): string => guidOf(3, index);

export interface FleetSize {
  readonly computers: number;
  /** All of them are approved for All Computers. */
  readonly updates: number;
}

/** What is told of an event; the rest is as agents have it. */
export interface EventToReport {
  readonly eventInstanceId: string;
  readonly eventId: number;
  readonly at: string;
  readonly updateId?: string;
  readonly win32HResult?: number;
  readonly miscData?: readonly string[];
}

/** As an agent's first contact and an administrator's approvals would have left it. */
export function storeFleet(db: Database, { computers, updates }: FleetSize): void {
  db.transaction(() => {
    const group = db.prepare('INSERT INTO target_group (group_id, parent_id, name) VALUES (?, ?, ?)');
    for (let index = 0; index < GROUPS; index += 1)
      group.run(groupIdOf(index), ALL_COMPUTERS, `Group ${index}`);
    const revision = db.prepare(
      `INSERT INTO revision (revision_id, update_id, revision_number, update_type, publication_state, is_latest, is_leaf,
         explicitly_deployable, creation_date, arrived_at, import_sequence, default_language, title, core, document)
       VALUES (?, ?, 200, 'Software', 'Published', 1, 1, 1, '', '', 1, 'en', ?, '', x'')`,
    );
    const deployment = db.prepare(
      `INSERT INTO deployment (deployment_guid, revision_id, update_id, group_id, action, admin_name, changed_at)
       VALUES (?, ?, ?, ?, 'Install', 'ada', '2026-01-01T00:00:00.000Z')`,
    );
    const computer = db.prepare(
      `INSERT INTO computer (computer_id, dns_name, is_registered, computer_info, first_contact, last_contact)
       VALUES (?, ?, 1, ?, '2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.000Z')`,
    );
    const member = db.prepare('INSERT INTO computer_group VALUES (?, ?)');
    // Of the size that agents send.
    const info = JSON.stringify({ OSDescription: 'Windows 11 Enterprise', filler: 'x'.repeat(900) });
    for (let index = 0; index < computers; index += 1) {
      computer.run(computerIdOf(index), `pc-${index}.example`, info);
      member.run(computerIdOf(index), groupIdOf(index % GROUPS));
    }
    for (let index = 0; index < updates; index += 1) {
      revision.run(index + 1, updateIdOf(index), `Update ${index}`);
      deployment.run(guidOf(4, index), index + 1, updateIdOf(index), ALL_COMPUTERS);
    }
  })();
}

export class ReportingFleet {
  readonly #folder = mkdtempSync(join(tmpdir(), 'sluice-fleet-'));
  #server: SluiceInstance | undefined;
  #cookies: CookieSealer | undefined;
  #db: Database | undefined;
  #lastChange = '';

  /** @param prepare leaves the database as it is to be before the server starts */
  static async start(prepare: (db: Database) => void): Promise<ReportingFleet> {
    const fleet = new ReportingFleet();
    mkdirSync(join(fleet.#folder, 'data'), { mode: 0o700 });
    const db = openDatabase(join(fleet.#folder, 'data', 'sluice.db'));
    db.pragma('synchronous = OFF');
    prepare(db);
    db.close();
    await fleet.startServer();
    return fleet;
  }

  /** Starts the server, again where it ended. */
  async startServer(): Promise<void> {
    const update = [{ address: LOOPBACK, port: 0, protocol: 'http' as const }];
    this.#server = await SluiceInstance.start({
      name: 'server that is reported to',
      dataDirectory: join(this.#folder, 'data'),
      configFile: join(this.#folder, 'sluice.yaml'),
      config: {
        listeners: { client: update, content: update, downstream: [], console: [] },
        limits: { requestsPerSecond: 0, connectionsPerAddress: 0 },
        log: { level: 'warn' },
      },
    });
    this.#db ??= openDatabase(join(this.#folder, 'data', 'sluice.db'));
    this.#cookies ??= new CookieSealer(this.#db, () => new Date());
    const connection = await this.connect();
    const body = writeRequest(clientService, GetConfig, { protocolVersion: '2.90' });
    const answer = await connection.send(httpRequest(clientService.path, GetConfig.soapAction, body));
    this.#lastChange = readResponse(clientService, GetConfig, answer.body).GetConfigResult?.LastChange ?? '';
    connection.close();
  }

  /** Another connection to the server's database. */
  get db(): Database {
    if (this.#db === undefined) throw new Error('The server was not started.');
    return this.#db;
  }

  get processId(): number {
    const id = this.#server?.processId;
    if (id === undefined) throw new Error('The server is not running.');
    return id;
  }

  connect(): Promise<KeepAliveConnection> {
    return KeepAliveConnection.open(Number(new URL(this.#running.url('client', 'http')).port));
  }

  /** A whole HTTP request with one ReportEventBatch. */
  request(computerId: string, events: readonly EventToReport[]): Buffer {
    const expires = new Date(Date.now() + HOUR);
    const ticket = { computerId, protocolVersion: '2.90', lastChange: this.#lastChange, groupIds: [] };
    const cookie = {
      Expiration: expires.toISOString(),
      EncryptedData: this.#cookies?.seal('agent', ticket, expires),
    };
    const body = writeRequest(reportingService, ReportEventBatch, {
      cookie,
      clientTime: new Date().toISOString(),
      eventBatch: events.map((event) => wireEvent(computerId, event)),
    });
    return httpRequest(reportingService.path, ReportEventBatch.soapAction, body);
  }

  async close(): Promise<void> {
    await this.#server?.stop();
    this.#db?.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  get #running(): SluiceInstance {
    if (this.#server === undefined) throw new Error('The server was not started.');
    return this.#server;
  }
}

function wireEvent(computerId: string, event: EventToReport): Write<typeof ReportingEvent> {
  return {
    BasicData: {
      TargetID: { Sid: computerId },
      SequenceNumber: 0,
      TimeAtTarget: event.at,
      EventInstanceID: event.eventInstanceId,
      NamespaceID: 1,
      EventID: event.eventId,
      SourceID: 101,
      UpdateID: {
        UpdateID: event.updateId ?? NO_UPDATE,
        RevisionNumber: event.updateId === undefined ? 0 : 200,
      },
      Win32HResult: event.win32HResult ?? 0,
      AppName: 'AutomaticUpdates',
    },
    ExtendedData: {
      MiscData: event.miscData ?? [],
      ComputerBrand: 'Contoso',
      ComputerModel: 'Desk 7',
      BiosRevision: 'F.0D',
      ProcessorArchitecture: 'Amd64Compatible',
      OSVersion: { Major: 10, Minor: 0, Build: 26100, Revision: 0, ServicePackMajor: 0, ServicePackMinor: 0 },
      OSLocaleID: 1033,
    },
    PrivateData: {},
  };
}

function httpRequest(path: string, soapAction: string, body: Buffer): Buffer {
  const head = [
    `POST ${path} HTTP/1.1`,
    'Host: 127.0.0.1',
    'Content-Type: text/xml; charset=utf-8',
    `SOAPAction: "${soapAction}"`,
    `Content-Length: ${body.length}`,
  ].join('\r\n');
  return Buffer.concat([Buffer.from(`${head}\r\n\r\n`, 'latin1'), body]);
}
