/**
 * A simulated Windows Update Agent: scans, downloads, verifies, installs and reports as one, over real sockets. What it
 * installs changes its simulated machine, so the next scan finds it installed.
 */
import { SeededRandom } from '../fixtures/seeded-random.ts';
import { download, RANGE_BYTES } from './download.ts';
import { AgentError, expectPart } from './error.ts';
import { extendedInfo, fileLocations } from './extended-info.ts';
import type { AgentFile, ExtendedAnswer, ExtendedInfo } from './extended-info.ts';
import { HttpConnections } from './http.ts';
import type { SimulatedMachine } from './machine.ts';
import { EVENT, EventQueue } from './report.ts';
import type { ReportedUpdate } from './report.ts';
import { satisfy } from './rules.ts';
import { refreshCache, scan } from './scan.ts';
import type { ScanParts } from './scan.ts';
import { AgentSession } from './session.ts';
import { SoapClient } from './soap-client.ts';
import { UpdateCache } from './update-cache.ts';
import type { CachedRevision } from './update-cache.ts';

/** WU_E_UH_INSTALLERFAILURE, signed. */
const INSTALLER_FAILURE = 0x8024200b - 2 ** 32;
/** WU_E_DM_INCORRECTFILEHASH, signed. */
const DOWNLOAD_FAILURE = 0x80246002 - 2 ** 32;
const EXPRESS_EXTENSION = '.psf';

export interface AgentOptions {
  /** `http://host:8530` or `https://host:8531`. */
  readonly serverUrl: string;
  readonly machine: SimulatedMachine;
  /** PEM of the authority that an https server's certificate must come from. */
  readonly ca?: string;
  readonly targetGroupName?: string;
  /** Bytes of one range; default 1 MiB. */
  readonly rangeBytes?: number;
  readonly now?: () => Date;
}

export interface ScanOutcome {
  /** SyncUpdates calls. */
  readonly calls: number;
  /** Revisions known to the agent, categories and detectoids included. */
  readonly known: number;
  /** UpdateIDs that the server deployed to this computer and that are not dependencies only. */
  readonly deployed: readonly string[];
  /** Of these, what it could install now. */
  readonly needed: readonly string[];
  readonly installed: readonly string[];
}

export interface InstallOutcome {
  readonly updateId: string;
  readonly title: string;
  readonly result: 'Installed' | 'PendingRestart' | 'DownloadFailed' | 'InstallFailed';
  readonly files: number;
  /** Bytes downloaded and verified by size, SHA-1 and SHA-256. */
  readonly bytes: number;
  readonly ranges: number;
  readonly problem?: string;
}

export class SimulatedAgent {
  readonly machine: SimulatedMachine;
  readonly events: EventQueue;
  readonly #connections: HttpConnections;
  readonly #parts: ScanParts;
  readonly #serverUrl: URL;
  readonly #rangeBytes: number;
  readonly #random: SeededRandom;
  readonly #failed = new Set<string>();
  readonly #pendingRestart = new Set<string>();

  constructor(options: AgentOptions) {
    const now = options.now ?? (() => new Date());
    this.machine = options.machine;
    this.#serverUrl = new URL(options.serverUrl);
    this.#rangeBytes = options.rangeBytes ?? RANGE_BYTES;
    this.#random = new SeededRandom(options.machine.profile.computerId);
    this.#connections = new HttpConnections({ ca: options.ca });
    const client = new SoapClient(this.#connections, this.#serverUrl);
    const cache = new UpdateCache(this.machine);
    const session = new AgentSession({
      client,
      machine: this.machine,
      targetGroupName: options.targetGroupName,
      now,
      onForgotten: () => refreshCache(this.#parts),
      // It keeps no locations from one installation to the next, so there are none to ask for.
      onFilesMoved: async () => void (await fileLocations(this.#parts, [])),
    });
    this.#parts = { client, session, cache, machine: this.machine };
    this.events = new EventQueue(this.machine, now);
  }

  /** SOAP requests sent so far. */
  get requests(): number {
    return this.#parts.client.requests;
  }

  /** Revisions that it has been told of and not to forget, as `<UpdateID> <RevisionNumber>`. */
  get held(): readonly string[] {
    return this.#parts.cache
      .all()
      .map(({ core }) => `${core.updateId} ${core.revisionNumber}`)
      .toSorted();
  }

  /** Faults that the agent recovered from, by ErrorCode. */
  get recovered(): ReadonlyMap<string, number> {
    return this.#parts.session.recovered;
  }

  /** Software and drivers; the outcome is queued as events 147 and 156 and sent. */
  async scan(): Promise<ScanOutcome> {
    const calls = await scan(this.#parts);
    const { cache } = this.#parts;
    const deployed = cache.all().filter(isDeployed);
    const needed = this.#installable(deployed).map(({ core }) => core.updateId);
    const installed = deployed
      .filter((one) => cache.assess(one) === 'Installed')
      .map(({ core }) => core.updateId);
    const isSettled = (id: string): boolean => !this.#pendingRestart.has(id) && !this.#failed.has(id);
    this.events.scanFinished(needed.length);
    this.events.status({
      needed: needed.filter(isSettled),
      installed: installed.filter((id) => !this.#pendingRestart.has(id)),
      pendingRestart: [...this.#pendingRestart],
      failed: [...this.#failed],
      downloaded: [],
    });
    await this.report();
    return {
      calls,
      known: cache.size,
      deployed: deployed.map(({ core }) => core.updateId),
      needed,
      installed,
    };
  }

  /** Downloads, verifies and installs what the last scan found needed, and reports each step. */
  async installNeeded(): Promise<readonly InstallOutcome[]> {
    const { cache } = this.#parts;
    const updates = this.#installable(cache.all().filter(isDeployed)).filter(
      ({ deployment }) => deployment.Action === 'Install',
    );
    const revisions = new Set(updates.flatMap((update) => [update, ...cache.partsOf(update)]));
    if (revisions.size === 0) return [];
    const info = await extendedInfo(
      this.#parts,
      [...revisions].map(({ revisionId }) => revisionId),
    );
    const outcomes: InstallOutcome[] = [];
    for (const update of updates) outcomes.push(await this.#install(update, info));
    await this.report();
    return outcomes;
  }

  /** Sends the events that wait. */
  async report(): Promise<void> {
    await this.events.flush(this.#parts);
  }

  /** What was waiting for a restart is installed now. */
  restart(): void {
    this.#pendingRestart.clear();
  }

  close(): void {
    this.#connections.close();
  }

  /** Needed, and not replaced by something else that is needed. */
  #installable(deployed: readonly CachedRevision[]): readonly CachedRevision[] {
    const { cache } = this.#parts;
    const needed = deployed.filter(
      (one) => INSTALLING.has(one.deployment.Action) && cache.assess(one) === 'Installable',
    );
    const replaced = new Set(needed.flatMap(({ core }) => core.superseded));
    return needed.filter(({ core }) => !replaced.has(core.updateId));
  }

  async #install(update: CachedRevision, info: ExtendedAnswer): Promise<InstallOutcome> {
    const { updateId } = update.core;
    const own = info.byRevision.get(update.revisionId);
    const title = own?.title ?? '';
    const reported = reportedOf(update);
    const parts = this.#parts.cache.partsOf(update);
    const files = parts
      .flatMap(({ revisionId }) => info.byRevision.get(revisionId)?.files ?? [])
      .filter(({ fileName }) => !fileName.toLowerCase().endsWith(EXPRESS_EXTENSION));
    const loaded = { files: 0, bytes: 0, ranges: 0 };
    this.events.ofUpdate(EVENT.downloadStarted, reported, title);
    try {
      for (const file of files) {
        const { content, ranges } = await this.#download(file, info);
        loaded.files += 1;
        loaded.bytes += content.length;
        loaded.ranges += ranges;
      }
    } catch (error) {
      if (!(error instanceof AgentError)) throw error;
      this.#failed.add(updateId);
      this.events.ofUpdate(EVENT.downloadFailed, reported, title, { hresult: DOWNLOAD_FAILURE });
      return { updateId, title, result: 'DownloadFailed', ...loaded, problem: error.message };
    }
    this.events.ofUpdate(EVENT.downloadSucceeded, reported, title, { bytes: loaded.bytes });
    this.events.ofUpdate(EVENT.installStarted, reported, title);
    const hresult = this.#runInstallers(update, parts, title);
    if (hresult !== 0) {
      this.#failed.add(updateId);
      this.events.ofUpdate(EVENT.installFailed, reported, title, { hresult });
      return {
        updateId,
        title,
        result: 'InstallFailed',
        ...loaded,
        problem: `0x${(hresult >>> 0).toString(16)}`,
      };
    }
    this.#failed.delete(updateId);
    const waits = this.#waitsForRestart(update, parts, info);
    if (waits) this.#pendingRestart.add(updateId);
    this.events.ofUpdate(waits ? EVENT.restartNeeded : EVENT.installSucceeded, reported, title);
    return { updateId, title, result: waits ? 'PendingRestart' : 'Installed', ...loaded };
  }

  async #download(file: AgentFile, info: ExtendedAnswer): ReturnType<typeof download> {
    const key = file.sha1.toString('hex');
    const options = { rangeBytes: this.#rangeBytes, connections: 3, random: () => this.#random.next() };
    const url = info.locations.get(key);
    try {
      if (url !== undefined) return await download(this.#connections, new URL(url), file, options);
    } catch (error) {
      if (!(error instanceof AgentError && error.code === 'CONTENT_LOCATION')) throw error;
    }
    const moved = expectPart(
      (await fileLocations(this.#parts, [file.sha1])).get(key),
      `a location of the file ${key}`,
    );
    info.locations.set(key, moved);
    return download(this.#connections, new URL(moved), file, options);
  }

  /** 0, or the HRESULT that the first failing installer ended with. */
  #runInstallers(update: CachedRevision, parts: readonly CachedRevision[], title: string): number {
    const failure = this.machine.profile.failing?.find(({ titleIncludes }) => title.includes(titleIncludes));
    if (failure !== undefined) return failure.hresult;
    for (const { core } of parts) {
      if (core.isInstalled === undefined || !satisfy(core.isInstalled, this.machine, core))
        return INSTALLER_FAILURE;
    }
    return this.#parts.cache.assess(update) === 'Installed' ? 0 : INSTALLER_FAILURE;
  }

  #waitsForRestart(update: CachedRevision, parts: readonly CachedRevision[], info: ExtendedAnswer): boolean {
    if (this.machine.profile.waitsForRestart !== true) return false;
    const behaviour = (revision: CachedRevision): ExtendedInfo | undefined =>
      info.byRevision.get(revision.revisionId);
    return [update, ...parts].some((one) => behaviour(one)?.rebootBehavior === 'AlwaysRequiresReboot');
  }
}

const INSTALLING: ReadonlySet<string> = new Set(['Install', 'OptionalInstall']);

/** Not there for the sake of another update only. */
const isDeployed = ({ deployment }: CachedRevision): boolean =>
  deployment.Action !== 'Evaluate' && deployment.Action !== 'Bundle';

const reportedOf = ({ core }: CachedRevision): ReportedUpdate => ({
  updateId: core.updateId,
  revisionNumber: core.revisionNumber,
  isBundle: core.bundles.length > 0,
  ...(core.updateType === 'Driver' ? { deviceId: '1' } : {}),
});
