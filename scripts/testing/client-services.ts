/** The client services over a database of their own, spoken to in bytes: for tests of what agents are answered. */
import { SnapshotKeeper } from '../../catalog/scan/snapshot-keeper.ts';
import type { Database } from '../../catalog/store/database/database.ts';
import { advanceGeneration } from '../../catalog/store/database/generation.ts';
import { createLogger } from '../../config/logging.ts';
import { Config } from '../../config/schema.ts';
import { readRequest, readResponse, writeFault, writeRequest } from '../../protocol/soap/codec.ts';
import type { SoapVersion } from '../../protocol/soap/codec.ts';
import { SoapFault } from '../../protocol/soap/fault.ts';
import type { Operation, RequestToWrite, ResponseOf, Service } from '../../protocol/soap/table.ts';
import { beginRun } from '../../server/client/server-history.ts';
import { createClientServices } from '../../server/client/services.ts';
import { CookieSealer } from '../../server/cookies.ts';
import { PreparedEnvelope, type ImplementedOperation } from '../../server/soap/implementation.ts';
import { emptyDatabase } from './empty-database.ts';

export interface ClientServicesOptions {
  readonly config?: object;
  /** Another server's database, for one that is started again. */
  readonly db?: Database;
  readonly startTime?: string;
}

export class ClientServices {
  readonly db: Database;
  readonly config: Config;
  readonly cookies: CookieSealer;
  readonly clock: { time: number };
  /** How the agent reaches us. */
  host = 'wsus.example:8530';
  readonly #snapshots: SnapshotKeeper;
  readonly #services: ReturnType<typeof createClientServices>;
  readonly #flushes: (() => Promise<void>)[] = [];

  constructor({ config = {}, db, startTime = '2026-11-10T18:00:00Z' }: ClientServicesOptions = {}) {
    this.db = db ?? emptyDatabase();
    this.config = Config.parse(config);
    this.clock = { time: Date.parse(startTime) };
    const now = (): Date => new Date(this.clock.time);
    this.cookies = new CookieSealer(this.db, now);
    beginRun(this.db);
    this.#snapshots = new SnapshotKeeper(this.db);
    this.#services = createClientServices({
      db: this.db,
      config: this.config,
      snapshots: this.#snapshots,
      cookies: this.cookies,
      now,
      log: createLogger({ level: 'error', terminal: false }),
      beforeClose: (step) => this.#flushes.push(step),
    });
  }

  /** Writes what the services would write a moment later. */
  async flush(): Promise<void> {
    for (const flush of this.#flushes) await flush();
  }

  /** Bytes in, bytes out, as the SOAP endpoint does it; faults are answers. */
  async answer(service: Service, bytes: Buffer): Promise<Buffer> {
    const { own, response, soapVersion } = await this.#answered(service, bytes);
    if (response instanceof PreparedEnvelope) return Buffer.concat(response.chunks);
    if (response instanceof SoapFault) return writeFault(service, response, soapVersion);
    return own.write(service, response, soapVersion);
  }

  /** The answer to a call that is answered with an envelope written beforehand, as it goes to the endpoint. */
  async prepared<O extends Operation>(
    service: Service,
    operation: O,
    request: RequestToWrite<O>,
  ): Promise<PreparedEnvelope> {
    const { response } = await this.#answered(service, writeRequest(service, operation, request));
    if (response instanceof PreparedEnvelope) return response;
    throw new Error(`${operation.name} is not answered with a prepared envelope.`);
  }

  /** `response` is a SoapFault where the operation threw one. */
  async #answered(
    service: Service,
    bytes: Buffer,
  ): Promise<{ own: ImplementedOperation; response: unknown; soapVersion: SoapVersion }> {
    const { operation, soapVersion, request } = readRequest(service, bytes);
    const implemented = this.#services.find((candidate) => candidate.service === service);
    const own = implemented?.operations.find((each) => each.operation.name === operation.name);
    if (own === undefined) throw new Error(`${operation.name} is not answered here.`);
    // What a test changed just now is to be seen; a server sees it a moment later.
    await this.#snapshots.refreshed();
    const call = { remoteAddress: '10.0.0.7', host: this.host, isHttps: false, soapVersion };
    try {
      return { own, soapVersion, response: await own.answer(request, call) };
    } catch (error) {
      if (error instanceof SoapFault) return { own, soapVersion, response: error };
      throw error;
    }
  }

  /** A call as an agent makes it. A fault is thrown, as the codec reads it. */
  async call<O extends Operation>(
    service: Service,
    operation: O,
    request: RequestToWrite<O>,
    soapVersion: SoapVersion = '1.1',
  ): Promise<ResponseOf<O>> {
    const bytes = await this.answer(service, writeRequest(service, operation, request, soapVersion));
    return readResponse(service, operation, bytes);
  }
}

export const ALL_COMPUTERS = 'a0a08746-4dbe-4a37-9adf-9e7652c0b421';
const STORED_AT = '2026-11-10T12:00:00.000Z';

export interface StoredRevision {
  readonly revisionId: number;
  readonly updateId: string;
  readonly revisionNumber?: number;
  readonly updateType?: 'Software' | 'Driver' | 'Category' | 'Detectoid';
  readonly categoryType?: 'Product' | 'UpdateClassification' | 'ProductFamily';
  readonly isLeaf?: boolean;
  /** Clauses of one each. */
  readonly requires?: readonly string[];
  /** Revision 1 of these updates. */
  readonly bundles?: readonly string[];
  readonly hardwareId?: string;
}

/** A revision as a scan needs it, without a document; the catalogue's change is counted as an import counts it. */
export function storeRevision(db: Database, revision: StoredRevision): void {
  const { revisionId, updateId, revisionNumber = 1, updateType = 'Software', isLeaf = true } = revision;
  db.prepare(
    `INSERT INTO revision (revision_id, update_id, revision_number, update_type, category_type, publication_state,
       is_latest, is_leaf, explicitly_deployable, creation_date, arrived_at, import_sequence, default_language, title,
       core, document)
     VALUES (?, ?, ?, ?, ?, 'Published', 1, ?, 1, ?, ?, 1, 'en', '', ?, x'')`,
  ).run(
    revisionId,
    updateId,
    revisionNumber,
    updateType,
    revision.categoryType ?? null,
    isLeaf ? 1 : 0,
    STORED_AT,
    STORED_AT,
    `<UpdateIdentity UpdateID="${updateId}" RevisionNumber="${revisionNumber}" />`,
  );
  for (const [clause, required] of (revision.requires ?? []).entries())
    db.prepare('INSERT INTO prerequisite VALUES (?, ?, ?, 0)').run(revisionId, clause, required);
  for (const [clause, member] of (revision.bundles ?? []).entries())
    db.prepare('INSERT INTO bundled_update VALUES (?, ?, ?, 1)').run(revisionId, clause, member);
  if (revision.hardwareId !== undefined) {
    const metadata = {
      hardwareId: revision.hardwareId,
      driverVerDate: '2026-01-01',
      driverVerVersion: '1.2.3.4',
      featureScores: [],
      distributionComputerHardwareIds: [],
      targetComputerHardwareIds: [],
    };
    db.prepare('INSERT INTO driver VALUES (?, 0, ?, ?)').run(
      revisionId,
      revision.hardwareId,
      JSON.stringify(metadata),
    );
  }
  advanceGeneration(db);
}

/** Revision `revisionId` of the update, for the group, decided at the clock's time. */
export function deploy(
  db: Database,
  { revisionId, updateId }: StoredRevision,
  options: { readonly groupId?: string; readonly action?: string; readonly deadline?: string } = {},
): void {
  db.prepare(
    `INSERT INTO deployment (deployment_guid, revision_id, update_id, group_id, action, deadline, admin_name, changed_at)
     VALUES (@guid, @revisionId, @updateId, @groupId, @action, @deadline, 'tester', @at)
     ON CONFLICT (update_id, group_id) DO UPDATE SET action = excluded.action, deadline = excluded.deadline`,
  ).run({
    guid: `${updateId}/${options.groupId ?? ALL_COMPUTERS}`,
    revisionId,
    updateId,
    groupId: options.groupId ?? ALL_COMPUTERS,
    action: options.action ?? 'Install',
    deadline: options.deadline ?? null,
    at: STORED_AT,
  });
}

/** The ErrorCode and Message of the fault that a call ends in; fails where it is answered. */
export async function faultOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
  } catch (error) {
    if (error instanceof SoapFault) return `${error.errorCode} ${error.message}`.trim();
    throw error;
  }
  throw new Error('The call was answered, not refused.');
}
