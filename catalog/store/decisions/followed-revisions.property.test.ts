import fc from 'fast-check';
import { emptyDatabase } from '../../../scripts/testing/empty-database.ts';
import { guidOf, writeDocument } from '../../../scripts/testing/update-documents.ts';
import type { Database } from '../database/database.ts';
import { RefusalError } from '../database/refusal.ts';
import { ALL_COMPUTERS } from '../groups/group-tree.ts';
import { createGroup } from '../groups/target-groups.ts';
import { importRevisions } from '../revisions/revisions.ts';
import { startRun } from '../upstream/synchronization.ts';
import { approve, decline } from './deployments.ts';
import { importFollowed, moveAllApprovals } from './followed-revisions.ts';
import { writeRevisionRules } from './revision-rules.ts';

/** Random histories. */
const RUNS = Number(process.env['TEST_HISTORIES'] ?? 40);

const NOW = new Date('2026-06-01T12:00:00Z');
const ADA = { adminName: 'ada', now: NOW, storesContent: true };
type Action = 'Install' | 'OptionalInstall' | 'Uninstall' | 'Block' | 'NotApproved';
/** Installations are what most is asked of. */
const anAction: fc.Arbitrary<Action> = fc.oneof(
  { arbitrary: fc.constantFrom('Install' as const, 'OptionalInstall' as const), weight: 3 },
  { arbitrary: fc.constantFrom('Uninstall' as const, 'Block' as const, 'NotApproved' as const), weight: 2 },
);

/** Updates 1 to 3; a revision bundles revisions of updates with a higher number alone, so that there is no circle. */
const UPDATES = [1, 2, 3] as const;
const REVISIONS = [1, 2, 3, 4] as const;
const EULAS = [901, 902] as const;
const GROUPS = [0, 1] as const;

interface Revision {
  readonly update: number;
  readonly number: number;
  readonly isExpired: boolean;
  readonly isRemovable: boolean;
  readonly isDeployable: boolean;
  readonly eula: number | undefined;
  readonly members: readonly (readonly [update: number, number: number])[];
}

const sometimes = (weight: number): fc.Arbitrary<boolean> => fc.nat({ max: 99 }).map((one) => one < weight);

const someMembers = (updates: readonly number[]): fc.Arbitrary<(readonly [number, number])[]> =>
  updates.length === 0
    ? fc.constant([])
    : fc.oneof(
        fc.constant<(readonly [number, number])[]>([]),
        fc.uniqueArray(fc.tuple(fc.constantFrom(...updates), fc.constantFrom(...REVISIONS)), {
          minLength: 1,
          maxLength: 1,
          selector: ([member]) => member,
        }),
      );

const aRevision = (update: number, number: number): fc.Arbitrary<Revision> =>
  fc.record({
    update: fc.constant(update),
    number: fc.constant(number),
    isExpired: sometimes(25),
    isRemovable: sometimes(60),
    isDeployable: sometimes(90),
    eula: fc.oneof(
      { arbitrary: fc.constant(undefined), weight: 3 },
      { arbitrary: fc.constantFrom(...EULAS), weight: 1 },
    ),
    members: someMembers(UPDATES.filter((one) => one > update)),
  });

/** Every revision that there ever is, each once; the first of each can be approved as it is. */
const aCatalogue = fc
  .tuple(...UPDATES.flatMap((update) => REVISIONS.map((number) => aRevision(update, number))))
  .map((revisions) =>
    revisions.map((one) =>
      one.number === 1 ? { ...one, isExpired: false, isDeployable: true, eula: undefined, members: [] } : one,
    ),
  );

type Event =
  | { readonly what: 'batch'; readonly places: readonly number[] }
  | { readonly what: 'end of synchronization' }
  | {
      readonly what: 'approve';
      readonly update: number;
      readonly group: number;
      readonly action: Action;
      readonly accepts: boolean;
    }
  | { readonly what: 'decline'; readonly update: number }
  | { readonly what: 'rules'; readonly moves: boolean; readonly declines: boolean };

const anEvent: fc.Arbitrary<Event> = fc.oneof(
  {
    arbitrary: fc.record({
      what: fc.constant('batch' as const),
      places: fc.uniqueArray(fc.nat({ max: UPDATES.length * REVISIONS.length - 1 }), {
        minLength: 1,
        maxLength: 3,
      }),
    }),
    weight: 8,
  },
  { arbitrary: fc.record({ what: fc.constant('end of synchronization' as const) }), weight: 2 },
  {
    arbitrary: fc.record({
      what: fc.constant('approve' as const),
      update: fc.constantFrom(...UPDATES),
      group: fc.constantFrom(...GROUPS),
      action: anAction,
      accepts: fc.boolean(),
    }),
    weight: 6,
  },
  {
    arbitrary: fc.record({ what: fc.constant('decline' as const), update: fc.constantFrom(...UPDATES) }),
    weight: 1,
  },
  {
    arbitrary: fc.record({
      what: fc.constant('rules' as const),
      moves: sometimes(70),
      declines: sometimes(70),
    }),
    weight: 1,
  },
);

const ascending = (one: number, other: number): number => one - other;

/** The rules of decision 0014 word by word, over plain values, with everything looked at again each time. */
class Reference {
  readonly here: Revision[] = [];
  /** By update and group. */
  readonly decisions = new Map<string, { readonly action: Action; readonly number: number }>();
  readonly declined = new Set<number>();
  readonly accepted = new Set<number>();
  moves = true;
  declines = true;

  batch(revisions: readonly Revision[]): void {
    const wasWithdrawn = UPDATES.filter((update) => this.#isWithdrawn(update));
    this.here.push(...revisions.filter((one) => !this.here.includes(one)));
    if (!this.moves) return;
    if (this.declines) {
      for (const update of UPDATES) {
        if (!this.#isWithdrawn(update) || wasWithdrawn.includes(update) || this.declined.has(update))
          continue;
        this.declined.add(update);
        for (const group of GROUPS) this.decisions.delete(`${update} ${group}`);
      }
    }
    const changed = new Set(revisions.map(({ update }) => update));
    for (const bundle of this.here)
      if (revisions.some((one) => this.#whole(bundle).includes(one))) changed.add(bundle.update);
    this.#move([...changed]);
  }

  endOfSynchronization(): void {
    if (this.moves) this.#move(UPDATES);
  }

  latest(update: number): Revision | undefined {
    return this.here.filter((one) => one.update === update).toSorted((a, b) => b.number - a.number)[0];
  }

  #move(updates: readonly number[]): void {
    for (const update of updates) {
      if (this.declined.has(update)) continue;
      for (const group of GROUPS) {
        const decision = this.decisions.get(`${update} ${group}`);
        if (decision === undefined) continue;
        const numbers = this.here
          .filter(
            (one) =>
              one.update === update && one.number > decision.number && this.#allows(one, decision.action),
          )
          .map(({ number }) => number);
        if (numbers.length > 0)
          this.decisions.set(`${update} ${group}`, { ...decision, number: Math.max(...numbers) });
      }
    }
  }

  #allows(revision: Revision, action: Action): boolean {
    if (!revision.isDeployable) return false;
    if (action === 'Uninstall') return revision.isRemovable;
    if (action === 'Block' || action === 'NotApproved') return true;
    const whole = this.#whole(revision);
    const isComplete = whole.every(({ members }) =>
      members.every(([update, number]) => this.#find(update, number) !== undefined),
    );
    const terms = whole.flatMap(({ eula }) => eula ?? []);
    return !revision.isExpired && isComplete && terms.every((eula) => this.accepted.has(eula));
  }

  openTerms(revision: Revision): number[] {
    return this.#whole(revision)
      .flatMap(({ eula }) => eula ?? [])
      .filter((eula) => !this.accepted.has(eula));
  }

  #whole(revision: Revision): Revision[] {
    const members = revision.members.flatMap(([update, number]) => this.#find(update, number) ?? []);
    return [revision, ...members.flatMap((member) => this.#whole(member))];
  }

  #find(update: number, number: number): Revision | undefined {
    return this.here.find((one) => one.update === update && one.number === number);
  }

  #isWithdrawn(update: number): boolean {
    const latest = this.latest(update);
    return (
      latest?.isDeployable === true &&
      latest.isExpired &&
      this.here.some((one) => one.update === update && !one.isExpired)
    );
  }

  get state(): unknown {
    return {
      decisions: [...this.decisions]
        .map(([key, { action, number }]) => `${key} ${action} ${number}`)
        .toSorted(),
      declined: [...this.declined].toSorted(ascending),
      accepted: [...this.accepted].toSorted(ascending),
    };
  }
}

const numbersOf = (guids: readonly string[]): number[] =>
  guids.map((guid) => Number.parseInt(guid.slice(0, 8), 16)).toSorted(ascending);

class Store {
  readonly db: Database = emptyDatabase();
  readonly #runId = startRun(this.db, 'manual', NOW);
  readonly #groups = [ALL_COMPUTERS, createGroup(this.db, 'Servers', ALL_COMPUTERS).groupId];

  batch(revisions: readonly Revision[]): void {
    const arriving = revisions.map(({ update, number }) => ({
      updateId: guidOf(update),
      revisionNumber: number,
    }));
    const arrivals = revisions.map((revision) => ({
      document: documentOf(revision),
      fileUrls: new Map<string, string>(),
    }));
    this.db.transaction(() =>
      importFollowed(this.db, arriving, { runId: this.#runId, now: NOW, storesContent: true }, () => {
        importRevisions(this.db, arrivals, NOW);
        for (const { update, number, isRemovable } of revisions)
          this.db
            .prepare('UPDATE revision SET can_uninstall = ? WHERE update_id = ? AND revision_number = ?')
            .run(isRemovable ? 1 : 0, guidOf(update), number);
      }),
    )();
  }

  endOfSynchronization(): void {
    moveAllApprovals(this.db, { runId: this.#runId, now: NOW, storesContent: true });
  }

  /** @returns whether it was accepted */
  approve(update: number, group: number, action: Action, acceptEulaIds: readonly string[]): boolean {
    try {
      approve(
        this.db,
        { updateIds: [guidOf(update)], groupIds: [this.#groups[group] ?? ''], action, acceptEulaIds },
        ADA,
      );
      return true;
    } catch (error) {
      if (error instanceof RefusalError) return false;
      throw error;
    }
  }

  decline(update: number): void {
    try {
      decline(this.db, [guidOf(update)], ADA);
    } catch (error) {
      if (!(error instanceof RefusalError)) throw error;
    }
  }

  #pluck(query: string): string[] {
    return this.db.prepare<[], string>(query).pluck().all();
  }

  get state(): unknown {
    return {
      decisions: this.#rows()
        .map(({ update, group, action, number }) => `${update} ${group} ${action} ${number}`)
        .toSorted(),
      declined: numbersOf(this.#pluck('SELECT update_id FROM declined_update')),
      accepted: numbersOf(this.#pluck('SELECT eula_id FROM accepted_eula')),
    };
  }

  #rows() {
    return this.db
      .prepare<[], { update_id: string; group_id: string; action: string; number: number }>(
        `SELECT deployment.update_id, group_id, action, revision_number AS number
         FROM deployment JOIN revision USING (revision_id)`,
      )
      .all()
      .map((row) => ({
        update: Number.parseInt(row.update_id.slice(0, 8), 16),
        group: this.#groups.indexOf(row.group_id),
        action: row.action,
        number: row.number,
      }));
  }

  /** Files that are wanted though no installation needs them, and files that one needs and that are not wanted. */
  get contentAmiss(): unknown {
    return this.db
      .prepare(
        `WITH RECURSIVE whole (revision_id) AS (
           SELECT revision_id FROM deployment WHERE action IN ('Install', 'OptionalInstall')
           UNION
           SELECT member.revision_id FROM whole JOIN bundled_update USING (revision_id)
             JOIN revision AS member ON member.update_id = member_update_id AND member.revision_number = member_revision_number
         )
         SELECT file_name, content_state, revision_id FROM file JOIN revision_file USING (sha1)
         WHERE content_state = 'wanted' AND revision_id NOT IN (SELECT revision_id FROM whole)`,
      )
      .all();
  }
}

const documentOf = ({ update, number, isExpired, isDeployable, eula, members }: Revision): string =>
  writeDocument({
    updateId: guidOf(update),
    revisionNumber: number,
    texts: [{ language: 'en', title: `Update ${update}` }],
    files: [{ fileName: `${update}-${number}.cab`, content: `${update} ${number}` }],
    properties: {
      ExplicitlyDeployable: String(isDeployable),
      PublicationState: isExpired ? 'Expired' : 'Published',
      ...(eula === undefined ? {} : { EulaID: guidOf(eula) }),
    },
    bundledUpdates: members.map(([member, revisionNumber]) => [{ updateId: guidOf(member), revisionNumber }]),
  });

/** Of the first revision of each update. */
const FIRST_PLACES = UPDATES.map((_, index) => index * REVISIONS.length);

/** Both do what happens; what an administrator cannot do neither does. */
function happen(event: Event, catalogue: readonly Revision[], store: Store, reference: Reference): void {
  switch (event.what) {
    case 'batch': {
      const revisions = event.places.flatMap((place) => catalogue[place] ?? []);
      store.batch(revisions);
      reference.batch(revisions);
      return;
    }
    case 'end of synchronization':
      store.endOfSynchronization();
      reference.endOfSynchronization();
      return;
    case 'approve': {
      const { update, group, action, accepts } = event;
      const isInstall = action === 'Install' || action === 'OptionalInstall';
      const latest = reference.latest(update);
      const open = latest === undefined ? [] : reference.openTerms(latest);
      if (!store.approve(update, group, action, accepts ? open.map(guidOf) : [])) return;
      reference.decisions.set(`${update} ${group}`, { action, number: latest?.number ?? 0 });
      reference.declined.delete(update);
      if (isInstall) for (const eula of open) reference.accepted.add(eula);
      return;
    }
    case 'decline': {
      if (reference.latest(event.update)?.isDeployable !== true) return;
      store.decline(event.update);
      reference.declined.add(event.update);
      for (const group of GROUPS) reference.decisions.delete(`${event.update} ${group}`);
      return;
    }
    case 'rules':
      writeRevisionRules(store.db, { moveApprovals: event.moves, declineExpired: event.declines });
      reference.moves = event.moves;
      reference.declines = event.declines;
  }
}

it('whatever arrives and is decided in whatever order, decisions stand where the rules say, and no terms are accepted in passing', () => {
  fc.assert(
    fc.property(
      aCatalogue,
      fc.array(anEvent, { minLength: 6, maxLength: 30, size: 'max' }),
      (catalogue, history) => {
        const store = new Store();
        const reference = new Reference();
        try {
          happen({ what: 'batch', places: FIRST_PLACES }, catalogue, store, reference);
          for (const event of history) {
            happen(event, catalogue, store, reference);
            expect(store.state).toEqual(reference.state);
            expect(store.contentAmiss).toEqual([]);
          }
        } finally {
          store.db.close();
        }
      },
    ),
    { numRuns: RUNS, endOnFailure: true },
  );
});

it('where every update has a revision that expires last or never, what arrives ends in the same decisions in whatever order and batches', () => {
  const batchesOf = (places: readonly number[], cuts: readonly number[]): number[][] => {
    const batches: number[][] = [[]];
    for (const [index, place] of places.entries()) {
      if (cuts.includes(index)) batches.push([]);
      batches.at(-1)?.push(place);
    }
    return batches.filter((batch) => batch.length > 0);
  };
  const places = Array.from({ length: UPDATES.length * REVISIONS.length }, (_, place) => place);
  const anOrder = fc
    .tuple(fc.shuffledSubarray(places, { minLength: places.length }), fc.subarray(places))
    .map(([order, cuts]) => batchesOf(order, cuts));
  /** In between, nothing expires and comes back: of that WSUS too keeps the decline that it made meanwhile. */
  const steadyCatalogue = aCatalogue.map((catalogue) =>
    catalogue.map((one) => (one.number === Math.max(...REVISIONS) ? one : { ...one, isExpired: false })),
  );
  const decisions = fc.array(fc.tuple(fc.constantFrom(...UPDATES), fc.constantFrom(...GROUPS), anAction), {
    minLength: 1,
    maxLength: 6,
  });
  fc.assert(
    fc.property(steadyCatalogue, decisions, anOrder, anOrder, (catalogue, approvals, ...orders) => {
      const ends = orders.map((batches) => {
        const store = new Store();
        try {
          // What was decided on is here first: the lowest revision of each.
          store.batch(catalogue.filter(({ number }) => number === 1));
          for (const [update, group, action] of approvals) store.approve(update, group, action, []);
          for (const batch of batches) store.batch(batch.flatMap((place) => catalogue[place] ?? []));
          const end = store.state;
          store.endOfSynchronization();
          expect(store.state).toEqual(end);
          return end;
        } finally {
          store.db.close();
        }
      });
      expect(ends[0]).toEqual(ends[1]);
    }),
    { numRuns: RUNS, endOnFailure: true },
  );
});
