/** An agent as far as scanning goes: what it holds, what it names of that, and how it takes an answer in. */
import type { OfferedRevision, PageLimits, ScanAnswer, ScanRequest } from '../../catalog/scan/scan.ts';

/** What agents were seen to name in the calls of a scan. */
export type Naming =
  /** All that is held, from the first call on. */
  | 'everything'
  /** Nothing in the first call, all that is held from then on. */
  | 'nothing at first'
  /** Nothing in the first call, and then what this very scan brought: the rest is forgotten ([MS-WUSP] 3.1.5.7). */
  | 'what the scan brought';

export const NAMINGS: readonly Naming[] = ['everything', 'nothing at first', 'what the scan brought'];

/** What an agent knows of a revision. */
export interface Held {
  readonly action: string;
  readonly deadline: string | undefined;
  readonly isLeaf: boolean;
}

type Answering = (request: ScanRequest) => Promise<ScanAnswer>;

/** Calls after which a scan that has not ended never will: there are fewer than forty revisions. */
const MOST_CALLS = 200;

export class ScanningAgent {
  groupIds: readonly string[];
  readonly page: PageLimits;
  readonly installable: ReadonlySet<string>;
  software = new Map<number, Held>();
  drivers = new Map<number, Held>();
  readonly #updateIds = new Map<number, string>();
  #softwareChange: number | undefined;
  #driverChange: number | undefined;

  /** @param installable UpdateIDs of what is evaluated as installed */
  constructor(groupIds: readonly string[], page: PageLimits, installable: Iterable<string>) {
    this.groupIds = groupIds;
    this.page = page;
    this.installable = new Set(installable);
  }

  /** In other groups everything may be deployed differently: what is known of changes counts for nothing. */
  moveTo(groupIds: readonly string[]): void {
    this.groupIds = groupIds;
    this.#softwareChange = undefined;
    this.#driverChange = undefined;
  }

  /** Something is held that may never have been sent. */
  hold(revisionId: number, updateId: string): void {
    this.software.set(revisionId, { action: 'held', deadline: undefined, isLeaf: false });
    this.#updateIds.set(revisionId, updateId);
  }

  /** RevisionIDs of what is held, installed and, as the agent was told, no leaf. */
  get installed(): number[] {
    return [...this.software].flatMap(([revisionId, { isLeaf }]) =>
      !isLeaf && this.installable.has(this.#updateIds.get(revisionId) ?? '') ? [revisionId] : [],
    );
  }

  /** Calls until an answer neither brings nor takes anything. @throws RangeError where it never comes to an end */
  async scan(naming: Naming, answering: Answering): Promise<void> {
    if (naming === 'what the scan brought') this.software = new Map();
    for (let call = 0; call < MOST_CALLS; call += 1) {
      const isSilent = call === 0 && naming !== 'everything';
      const installed = isSilent ? [] : this.installed;
      const answer = await answering({
        ...this.#asking(installed),
        otherCachedRevisionIds: isSilent
          ? []
          : [...this.software.keys()].filter((id) => !installed.includes(id)),
        ...(this.#softwareChange === undefined ? {} : { knownChange: this.#softwareChange }),
      });
      this.#softwareChange = answer.knownChange;
      this.#take(answer, this.software);
      const isQuiet = answer.newUpdates.length + answer.outOfScopeRevisionIds.length === 0;
      if (isQuiet && !answer.truncated && !isSilent) return;
    }
    throw new RangeError(`The scan had not come to an end after ${MOST_CALLS} calls.`);
  }

  async scanDrivers(drivers: NonNullable<ScanRequest['drivers']>, answering: Answering): Promise<void> {
    for (let truncated = true; truncated;) {
      const answer = await answering({
        ...this.#asking(this.installed),
        drivers,
        ...(this.#driverChange === undefined ? {} : { knownChange: this.#driverChange }),
      });
      this.#driverChange = answer.knownChange;
      this.#take(answer, this.drivers);
      ({ truncated } = answer);
    }
  }

  #asking(installedNonLeafRevisionIds: readonly number[]): ScanRequest {
    return {
      groupIds: this.groupIds,
      installedNonLeafRevisionIds,
      otherCachedRevisionIds: [],
      cachedDriverRevisionIds: [...this.drivers.keys()],
      ...this.page,
    };
  }

  #take(answer: ScanAnswer, held: Map<number, Held>): void {
    for (const revisionId of answer.outOfScopeRevisionIds) held.delete(revisionId);
    for (const offered of answer.changedUpdates) {
      if (!held.has(offered.revisionId)) throw new RangeError('Told of a change in what it never had.');
      held.set(offered.revisionId, heldOf(offered));
    }
    for (const offered of answer.newUpdates) {
      held.set(offered.revisionId, heldOf(offered));
      this.#updateIds.set(offered.revisionId, offered.updateId);
    }
  }
}

const heldOf = ({ deployment, isLeaf }: OfferedRevision): Held => ({
  action: deployment.action,
  deadline: deployment.deadline,
  isLeaf,
});
