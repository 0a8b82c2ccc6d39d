/** The revisions an agent has been told of, and what they are on its machine. */
import type { Read } from '../../protocol/soap/table.ts';
import type { Deployment, RefreshCacheResult, UpdateInfo } from '../../protocol/wusp/client.ts';
import { identityKey, readCore } from './core.ts';
import type { Core } from './core.ts';
import { expectPart } from './error.ts';
import type { SimulatedMachine } from './machine.ts';
import { evaluate } from './rules.ts';

export type DeploymentValue = Read<typeof Deployment>;

export interface CachedRevision {
  readonly revisionId: number;
  readonly core: Core;
  deployment: DeploymentValue;
  isLeaf: boolean;
}

export type Assessment = 'Installed' | 'Installable' | 'NotApplicable';

export class UpdateCache {
  readonly #machine: SimulatedMachine;
  #byId = new Map<number, CachedRevision>();
  #byIdentity = new Map<string, CachedRevision>();
  /** Two revisions of one update are there together only while a scan replaces one by the other. */
  #byUpdate = new Map<string, Set<CachedRevision>>();

  constructor(machine: SimulatedMachine) {
    this.#machine = machine;
  }

  get size(): number {
    return this.#byId.size;
  }

  all(): readonly CachedRevision[] {
    return [...this.#byId.values()];
  }

  get(revisionId: number): CachedRevision | undefined {
    return this.#byId.get(revisionId);
  }

  /** @throws AgentError where the server leaves out what an agent cannot do without */
  add(info: Read<typeof UpdateInfo>): CachedRevision {
    const revision: CachedRevision = {
      revisionId: info.ID,
      core: readCore(expectPart(info.Xml, `the Xml of revision ${info.ID}`)),
      deployment: expectPart(info.Deployment, `the Deployment of revision ${info.ID}`),
      isLeaf: info.IsLeaf,
    };
    this.#put(revision);
    return revision;
  }

  change(info: Read<typeof UpdateInfo>): void {
    const known = this.#byId.get(info.ID);
    if (known === undefined) return;
    known.isLeaf = info.IsLeaf;
    if (info.Deployment !== undefined) known.deployment = info.Deployment;
  }

  remove(revisionIds: readonly number[]): void {
    for (const id of revisionIds) {
      const known = this.#byId.get(id);
      if (known === undefined) continue;
      this.#byId.delete(id);
      this.#byIdentity.delete(identityKey(known.core.updateId, known.core.revisionNumber));
      this.#byUpdate.get(known.core.updateId)?.delete(known);
    }
  }

  /** What RefreshCache answered: revisions under new ids; whatever it left out is forgotten. */
  rebuild(results: readonly Read<typeof RefreshCacheResult>[]): void {
    const before = this.#byIdentity;
    this.#byId = new Map();
    this.#byIdentity = new Map();
    this.#byUpdate = new Map();
    for (const { RevisionID, GlobalID, IsLeaf, Deployment: deployment } of results) {
      if (GlobalID === undefined || deployment === undefined) continue;
      const known = before.get(identityKey(GlobalID.UpdateID, GlobalID.RevisionNumber));
      if (known !== undefined)
        this.#put({ revisionId: RevisionID, core: known.core, deployment, isLeaf: IsLeaf });
    }
  }

  assess(revision: CachedRevision): Assessment {
    const { core } = revision;
    if (!this.#prerequisitesHold(core)) return 'NotApplicable';
    if (this.#isInstalled(core)) return 'Installed';
    return this.#isInstallable(core) ? 'Installable' : 'NotApplicable';
  }

  /** The hidden revisions that installing this one means installing; itself where it bundles nothing. */
  partsOf(revision: CachedRevision): readonly CachedRevision[] {
    if (revision.core.bundles.length === 0) return [revision];
    return revision.core.bundles.flatMap((clause) => {
      const members = this.#members(clause);
      if (members.some((member) => this.assess(member) === 'Installed')) return [];
      const chosen = members.find((member) => this.assess(member) === 'Installable');
      return chosen === undefined ? [] : this.partsOf(chosen);
    });
  }

  #put(revision: CachedRevision): void {
    this.#byId.set(revision.revisionId, revision);
    this.#byIdentity.set(identityKey(revision.core.updateId, revision.core.revisionNumber), revision);
    const sameUpdate = this.#byUpdate.get(revision.core.updateId);
    if (sameUpdate === undefined) this.#byUpdate.set(revision.core.updateId, new Set([revision]));
    else sameUpdate.add(revision);
  }

  #members(clause: readonly string[]): readonly CachedRevision[] {
    return clause.flatMap((identity) => {
      const member = this.#byIdentity.get(identity);
      return member === undefined ? [] : [member];
    });
  }

  /** The server has seen to it; categories and detectoids may have changed on the machine since. */
  #prerequisitesHold(core: Core): boolean {
    return core.prerequisites.every((clause) =>
      clause.some((updateId) =>
        [...(this.#byUpdate.get(updateId) ?? [])].some((other) => this.assess(other) === 'Installed'),
      ),
    );
  }

  #isInstalled(core: Core): boolean {
    if (core.isInstalled !== undefined) return evaluate(core.isInstalled, this.#machine, core);
    return (
      core.bundles.length > 0 &&
      core.bundles.every((clause) =>
        this.#members(clause).some((member) => this.assess(member) === 'Installed'),
      )
    );
  }

  #isInstallable(core: Core): boolean {
    if (core.isSuperseded !== undefined && evaluate(core.isSuperseded, this.#machine, core)) return false;
    if (core.isInstallable !== undefined && !evaluate(core.isInstallable, this.#machine, core)) return false;
    return core.bundles.every((clause) =>
      this.#members(clause).some((member) => this.assess(member) !== 'NotApplicable'),
    );
  }
}
