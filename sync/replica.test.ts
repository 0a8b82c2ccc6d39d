import { jest } from '@jest/globals';
import fc from 'fast-check';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../catalog/store/database/database.ts';
import { approve, decline, undoDecision } from '../catalog/store/decisions/deployments.ts';
import type { Approval } from '../catalog/store/decisions/decision-plan.ts';
import type { Undo } from '../catalog/store/decisions/deployments.ts';
import { ALL_COMPUTERS, GroupTree } from '../catalog/store/groups/group-tree.ts';
import {
  assignGroups,
  changeGroup,
  createGroup,
  deleteGroup,
} from '../catalog/store/groups/target-groups.ts';
import { followSelection } from '../catalog/store/content/files.ts';
import { RefusalError } from '../catalog/store/database/refusal.ts';
import { importRevisions } from '../catalog/store/revisions/revisions.ts';
import { Config } from '../config/schema.ts';
import { WorkerProcess } from '../scripts/testing/worker-process.ts';
import { TestReplica, decisionsOf, groupsOfComputers } from '../scripts/testing/replica.ts';
import { guidOf, writeDocument } from '../scripts/testing/update-documents.ts';
import { faultOf, replaceDocument } from '../scripts/testing/upstream-answers.ts';
import { startTestUpstream } from '../scripts/testing/upstream-server.ts';
import type { TestUpstream } from '../scripts/testing/upstream-server.ts';

/** Milliseconds; a busy machine takes its time, and nothing here depends on it. */
jest.setTimeout(300_000);

const ADA = { adminName: 'ada', now: new Date('2026-06-01T12:00:00Z'), storesContent: true };
const EULA = guidOf(900);

/** Histories; each starts a server and a relay of its own. */
const RUNS = 20;

const documentOf = (number: number, revisionNumber = 1): string =>
  writeDocument({
    updateId: guidOf(number),
    revisionNumber,
    properties: { ExplicitlyDeployable: 'true', ...(number === 1 ? { EulaID: EULA } : {}) },
    texts: [{ language: 'en', title: `Update ${number}` }],
    files: [{ fileName: 'a.cab', content: `content ${number} ${revisionNumber}` }],
  });

/** Update 1 has licence terms. */
const UPDATES = [1, 2, 3, 4];
const DOCUMENTS = UPDATES.map((number) => documentOf(number));

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

async function startTop(): Promise<TestUpstream> {
  const top = await startTestUpstream(DOCUMENTS);
  closers.push(() => top.close());
  return top;
}

function replicaOf(top: TestUpstream): TestReplica {
  const replica = new TestReplica(top);
  closers.push(() => replica.db.close());
  return replica;
}

function configOf(top: TestUpstream, dataDirectory: string): Config {
  const { url, pin, trustAnchorFile } = top;
  const upstream = { url, pins: [pin], trustAnchors: [trustAnchorFile], mode: 'replica' as const };
  return Config.parse({ dataDirectory, log: { level: 'error' }, upstream });
}

const decide = (db: Database, number: number, groupId: string, more: Partial<Approval> = {}) =>
  approve(
    db,
    { updateIds: [guidOf(number)], groupIds: [groupId], action: 'Install', acceptEulaIds: [EULA], ...more },
    ADA,
  );

const make = (db: Database, name: string, parentId = ALL_COMPUTERS): string =>
  createGroup(db, name, parentId).groupId;

const idOf = (db: Database, name: string): string =>
  GroupTree.read(db).groups.find((group) => group.name === name)?.groupId ?? `no ${name}`;

function introduce(db: Database, computerId: string, ...groupNames: string[]): void {
  db.prepare("INSERT INTO computer (computer_id, first_contact, last_contact) VALUES (?, '', '')").run(
    computerId,
  );
  assignGroups(
    db,
    [computerId],
    groupNames.map((name) => idOf(db, name)),
  );
}

const wantedFiles = (db: Database): unknown =>
  db.prepare("SELECT count(*) FROM file WHERE content_state = 'wanted'").pluck().get();

/** The replica has just synchronized and is what the top is. */
async function expectAlike(top: TestUpstream, replica: TestReplica): Promise<void> {
  expect(await replica.synchronize()).toMatchObject({ state: 'succeeded' });
  expect(decisionsOf(replica.db)).toEqual(decisionsOf(top.db));
}

/** The answer with one group below another. */
function putBelow(body: string, name: string, aboveName: string): string {
  const group = (of: string): RegExp =>
    new RegExp(`<TargetGroupID>([^<]*)</TargetGroupID><ParentGroupId>([^<]*)</ParentGroupId><Name>${of}<`);
  const aboveId = group(aboveName).exec(body)?.[1] ?? '';
  return body.replace(group(name), (whole, _id: string, parentId: string) =>
    whole.replace(parentId, aboveId),
  );
}

/** The decisions and their history as an older copy of the database has them. */
function putBack(db: Database, copy: Buffer): void {
  const file = join(mkdtempSync(join(tmpdir(), 'sluice-')), 'copy.db');
  writeFileSync(file, copy);
  db.prepare('ATTACH ? AS older').run(file);
  db.transaction(() => {
    // The history last: triggers write it with the decisions.
    for (const table of ['deployment', 'deployment_history', 'deployment_anchor'])
      db.exec(`DELETE FROM main.${table}; INSERT INTO main.${table} SELECT * FROM older.${table};`);
    db.exec(
      'UPDATE main.sqlite_sequence AS now SET seq = (SELECT seq FROM older.sqlite_sequence WHERE name = now.name)',
    );
  })();
  db.exec('DETACH older');
}

const answeredDeployments = (body: string): number => body.split('<ServerSyncDeployment>').length - 1;

describe('a replica', () => {
  it('takes over every kind of approval with its deadline and its author, for nested groups, without choosing any category', async () => {
    const top = await startTop();
    const servers = make(top.db, 'Servers');
    const web = make(top.db, 'Web', servers);
    const front = make(top.db, 'Front', web);
    decide(top.db, 1, servers, { deadline: new Date('2026-07-01T18:30:00Z') });
    decide(top.db, 2, web, { action: 'OptionalInstall' });
    decide(top.db, 2, front, { action: 'NotApproved' });
    decide(top.db, 3, ALL_COMPUTERS, { action: 'Block' });
    decide(top.db, 4, front, { action: 'PreDeploymentCheck' });
    const replica = replicaOf(top);
    await expectAlike(top, replica);
    expect(GroupTree.read(replica.db).lineOf(front)).toEqual([front, web, servers, ALL_COMPUTERS]);
    expect(replica.db.prepare('SELECT count(*) FROM deployment').pluck().get()).toBe(5);
  });

  it('follows a deadline that changes, an approval that is taken away, a decline and its undoing, and accepted terms', async () => {
    const top = await startTop();
    const replica = replicaOf(top);
    const first = decide(top.db, 1, ALL_COMPUTERS, { deadline: new Date('2026-07-01T18:30:00Z') });
    decide(top.db, 2, ALL_COMPUTERS);
    await expectAlike(top, replica);

    decide(top.db, 2, ALL_COMPUTERS, { deadline: new Date('2026-08-01T00:00:00Z') });
    await expectAlike(top, replica);

    decide(top.db, 2, ALL_COMPUTERS, { action: 'Remove' });
    await expectAlike(top, replica);

    const declined = decline(top.db, [guidOf(1), guidOf(3)], ADA);
    await expectAlike(top, replica);
    expect(replica.db.prepare('SELECT count(*) FROM declined_update').pluck().get()).toBe(2);

    undoDecision(top.db, declined.undo, ADA);
    await expectAlike(top, replica);

    undoDecision(top.db, first.undo, ADA);
    await expectAlike(top, replica);
    expect(replica.db.prepare('SELECT count(*) FROM accepted_eula').pluck().get()).toBe(0);
  });

  it('follows groups that are made, renamed, moved and deleted, also where two exchange names and places, and keeps its computers', async () => {
    const top = await startTop();
    const replica = replicaOf(top);
    const a = make(top.db, 'A');
    const b = make(top.db, 'B', a);
    const c = make(top.db, 'C', b);
    decide(top.db, 2, c);
    await expectAlike(top, replica);
    introduce(replica.db, 'one', 'C');
    introduce(replica.db, 'two', 'B', 'C');

    // B goes above A, and takes its name.
    changeGroup(top.db, c, { parentId: ALL_COMPUTERS });
    changeGroup(top.db, b, { parentId: ALL_COMPUTERS, name: 'between' });
    changeGroup(top.db, a, { parentId: b, name: 'B' });
    changeGroup(top.db, b, { name: 'A' });
    changeGroup(top.db, c, { parentId: a });
    await expectAlike(top, replica);
    expect(groupsOfComputers(replica.db)).toEqual({ one: ['C'], two: ['A', 'C'] });

    deleteGroup(top.db, c);
    await expectAlike(top, replica);
    expect(groupsOfComputers(replica.db)).toEqual({ one: ['Unassigned Computers'], two: ['A'] });

    // The name alone does not bring a deleted group's computers back.
    deleteGroup(top.db, a);
    make(top.db, 'B');
    deleteGroup(top.db, b);
    await expectAlike(top, replica);
    expect(groupsOfComputers(replica.db).two).toEqual(['Unassigned Computers']);
  });

  it('is told only what changed since its last synchronization, and nothing twice', async () => {
    const top = await startTop();
    const replica = replicaOf(top);
    for (const number of UPDATES) decide(top.db, number, ALL_COMPUTERS);
    const told: number[] = [];
    top.spoil = (operation, body) => {
      if (operation === 'GetDeployments') told.push(answeredDeployments(body.toString()));
      return undefined;
    };
    await replica.synchronize();
    await replica.synchronize();
    decide(top.db, 2, ALL_COMPUTERS, { deadline: new Date('2026-08-01T00:00:00Z') });
    decide(top.db, 3, ALL_COMPUTERS, { action: 'Remove' });
    await expectAlike(top, replica);
    expect(told).toEqual([4, 0, 1]);
  });

  it('wants the files of what is approved upstream, and no longer those of what is not', async () => {
    const top = await startTop();
    const replica = replicaOf(top);
    decide(top.db, 2, ALL_COMPUTERS);
    decide(top.db, 3, ALL_COMPUTERS);
    await expectAlike(top, replica);
    // As the worker does after each synchronization.
    followSelection(replica.db, { isAll: false, selection: { express: false }, now: new Date() });
    expect(wantedFiles(replica.db)).toBe(2);
    decide(top.db, 3, ALL_COMPUTERS, { action: 'Remove' });
    await expectAlike(top, replica);
    expect(wantedFiles(replica.db)).toBe(1);
  });

  it('follows an approval to the next revision of its update', async () => {
    const top = await startTop();
    const replica = replicaOf(top);
    decide(top.db, 2, ALL_COMPUTERS);
    await expectAlike(top, replica);
    importRevisions(top.db, [{ document: documentOf(2, 2), fileUrls: new Map() }], new Date());
    await expectAlike(top, replica);
    decide(top.db, 2, ALL_COMPUTERS);
    await expectAlike(top, replica);
  });

  it('fetches an older revision that is still the approved one, which no list names', async () => {
    const top = await startTop();
    decide(top.db, 2, ALL_COMPUTERS);
    importRevisions(top.db, [{ document: documentOf(2, 2), fileUrls: new Map() }], new Date());
    const replica = replicaOf(top);
    await expectAlike(top, replica);
    expect(
      replica.db
        .prepare('SELECT revision_number FROM revision WHERE update_id = ? ORDER BY 1')
        .pluck()
        .all(guidOf(2)),
    ).toEqual([1, 2]);
  });

  it('is itself an upstream server whose replica has the same', async () => {
    const top = await startTop();
    const middle = await startTestUpstream([]);
    closers.push(() => middle.close());
    const relay = new TestReplica(top, middle.db);
    const bottom = replicaOf(middle);
    decide(top.db, 2, make(top.db, 'Servers'));
    await expectAlike(top, relay);
    await expectAlike(middle, bottom);
    decide(top.db, 2, idOf(top.db, 'Servers'), { action: 'Remove' });
    decline(top.db, [guidOf(3)], ADA);
    await expectAlike(top, relay);
    await expectAlike(middle, bottom);
    expect(decisionsOf(bottom.db)).toEqual(decisionsOf(top.db));
  });
});

describe('an approval of an update that did not arrive', () => {
  it('is said in a sentence, kept, and holds as soon as the update is here', async () => {
    const top = await startTop();
    const replica = replicaOf(top);
    decide(top.db, 2, ALL_COMPUTERS);
    top.spoil = (operation, body) =>
      operation === 'GetUpdateData'
        ? { body: Buffer.from(replaceDocument(body.toString(), guidOf(2), 'spoilt')) }
        : undefined;
    const run = await replica.synchronize();
    expect(run).toMatchObject({ state: 'succeeded', failedCheck: 'document' });
    expect(run.failureMessage).toContain(
      `One approval of the upstream server is for an update that is not here: ${guidOf(2)} revision 1. ` +
        'It is kept, and holds once a synchronization has brought the update.',
    );
    expect(replica.db.prepare('SELECT count(*) FROM deployment').pluck().get()).toBe(0);

    top.spoil = undefined;
    await expectAlike(top, replica);
    expect(replica.db.prepare('SELECT count(*) FROM pending_deployment').pluck().get()).toBe(0);
  });

  it('is not told to a replica before the update itself, and told after', async () => {
    const top = await startTop();
    const replica = replicaOf(top);
    decide(top.db, 2, ALL_COMPUTERS);
    // It arrives and is approved while the replica synchronizes, after the list was given.
    top.spoil = (operation) => {
      if (operation !== 'GetUpdateData') return undefined;
      top.spoil = undefined;
      importRevisions(top.db, [{ document: documentOf(5), fileUrls: new Map() }], new Date());
      decide(top.db, 5, ALL_COMPUTERS);
      decide(top.db, 3, ALL_COMPUTERS);
      return undefined;
    };
    expect(await replica.synchronize()).not.toHaveProperty('failedCheck');
    expect(replica.db.prepare('SELECT DISTINCT update_id FROM deployment ORDER BY 1').pluck().all()).toEqual(
      [guidOf(2), guidOf(3)].sort(),
    );
    await expectAlike(top, replica);
  });
});

describe('a relay that becomes a replica', () => {
  it('keeps computers in groups that bear the name of one of the upstream server, and takes everything else from there', async () => {
    const top = await startTop();
    const upstreamServers = make(top.db, 'SERVERS');
    decide(top.db, 2, upstreamServers);
    const relay = replicaOf(top);
    await relay.synchronize('autonomous');
    const servers = make(relay.db, 'Servers');
    const lab = make(relay.db, 'Lab', servers);
    importRevisions(relay.db, [{ document: documentOf(3), fileUrls: new Map() }], new Date());
    decide(relay.db, 3, lab);
    decline(relay.db, [guidOf(3)], ADA);
    introduce(relay.db, 'one', 'Servers');
    introduce(relay.db, 'two', 'Lab');
    introduce(relay.db, 'three', 'Servers', 'Lab');

    await expectAlike(top, relay);
    expect(groupsOfComputers(relay.db)).toEqual({
      one: ['SERVERS'],
      two: ['Unassigned Computers'],
      three: ['SERVERS'],
    });
    expect(relay.db.prepare('SELECT count(*) FROM computer').pluck().get()).toBe(3);
  });

  it('and autonomous again keeps everything as it was, can change it, and loses only its changes when it becomes a replica once more', async () => {
    const top = await startTop();
    decide(top.db, 2, make(top.db, 'Servers'));
    const relay = replicaOf(top);
    await expectAlike(top, relay);
    introduce(relay.db, 'one', 'Servers');

    const before = decisionsOf(relay.db);
    expect(await relay.synchronize('autonomous')).toMatchObject({ state: 'succeeded' });
    expect(decisionsOf(relay.db)).toEqual(before);

    decide(relay.db, 2, idOf(relay.db, 'Servers'), { action: 'Remove' });
    decide(relay.db, 3, ALL_COMPUTERS);
    changeGroup(relay.db, idOf(relay.db, 'Servers'), { name: 'Mine' });
    expect(await relay.synchronize('autonomous')).toMatchObject({ state: 'succeeded' });
    expect(decisionsOf(relay.db)).not.toEqual(before);

    await expectAlike(top, relay);
    expect(groupsOfComputers(relay.db)).toEqual({ one: ['Servers'] });
  });
});

describe('an upstream server', () => {
  it('whose database was put back from a copy has a replica that is what it is now', async () => {
    const top = await startTop();
    const replica = replicaOf(top);
    decide(top.db, 2, ALL_COMPUTERS);
    await expectAlike(top, replica);
    const copy = top.db.serialize();

    decide(top.db, 3, ALL_COMPUTERS);
    await expectAlike(top, replica);
    putBack(top.db, copy);
    // As many changes as were lost, so that the count alone tells nothing.
    decide(top.db, 4, ALL_COMPUTERS);
    await expectAlike(top, replica);
    expect(replica.db.prepare('SELECT update_id FROM deployment ORDER BY 1').pluck().all()).toEqual(
      [guidOf(2), guidOf(4)].sort(),
    );
  });

  it('that no longer understands the anchor is asked for everything', async () => {
    const top = await startTop();
    const replica = replicaOf(top);
    decide(top.db, 2, ALL_COMPUTERS);
    await expectAlike(top, replica);
    for (const fault of ['ServerChanged', 'InvalidParameters']) {
      top.spoil = (operation) => {
        if (operation !== 'GetDeployments') return undefined;
        top.spoil = undefined;
        return { status: 500, body: faultOf(fault) };
      };
      await expectAlike(top, replica);
    }
  });

  const unusable: readonly (readonly [string, (body: string) => string, RegExp])[] = [
    ['names no group All Computers', (body) => body.replaceAll(ALL_COMPUTERS, guidOf(77)), /All Computers/],
    ['gives no anchor', (body) => body.replace(/<Anchor>.*?<\/Anchor>/, ''), /without an anchor/],
    ['has two groups of one name', (body) => body.replace('<Name>B<', '<Name>a<'), /same name/],
    ['has a group without a name', (body) => body.replace('<Name>B<', '<Name> <'), /which none can have/],
    ['has groups in a circle', (body) => putBelow(body, 'A', 'B'), /circle/],
  ];
  for (const [what, spoilt, sentence] of unusable) {
    it(`that ${what} changes nothing here`, async () => {
      const top = await startTop();
      make(top.db, 'B', make(top.db, 'A'));
      const replica = replicaOf(top);
      await expectAlike(top, replica);
      decide(top.db, 2, ALL_COMPUTERS);
      const before = decisionsOf(replica.db);
      top.spoil = (operation, body) =>
        operation === 'GetDeployments' ? { body: Buffer.from(spoilt(body.toString())) } : undefined;
      const run = await replica.synchronize();
      expect(run).toMatchObject({ state: 'failed', failedCheck: 'response' });
      expect(run.failureMessage).toMatch(sentence);
      expect(decisionsOf(replica.db)).toEqual(before);
      top.spoil = undefined;
      await expectAlike(top, replica);
    });
  }
});

describe('a synchronization that does not come to its end', () => {
  it('leaves what was before, wherever it stops while decisions are carried out, and the next one brings all of it', async () => {
    const top = await startTop();
    const replica = replicaOf(top);
    make(top.db, 'Gone');
    make(top.db, 'Renamed');
    decide(top.db, 2, ALL_COMPUTERS);
    decide(top.db, 3, ALL_COMPUTERS);
    await expectAlike(top, replica);
    introduce(replica.db, 'one', 'Gone');

    deleteGroup(top.db, idOf(top.db, 'Gone'));
    changeGroup(top.db, idOf(top.db, 'Renamed'), { name: 'Made anew' });
    make(top.db, 'Below', idOf(top.db, 'Made anew'));
    decide(top.db, 2, ALL_COMPUTERS, { deadline: new Date('2026-08-01T00:00:00Z') });
    decide(top.db, 1, idOf(top.db, 'Below'));
    decline(top.db, [guidOf(3)], ADA);
    const before = decisionsOf(replica.db);
    const steps = [
      ...['INSERT', 'UPDATE', 'DELETE'].map((change) => `${change} ON target_group`),
      ...['INSERT', 'UPDATE', 'DELETE'].map((change) => `${change} ON deployment`),
      'INSERT ON declined_update',
      'INSERT ON accepted_eula',
      'INSERT ON pending_deployment',
      'DELETE ON pending_deployment',
      'DELETE ON computer_group',
      "UPDATE ON sync_anchor WHEN NEW.list = 'deployments'",
    ];
    for (const step of steps) {
      replica.db.exec(
        `CREATE TRIGGER breaks AFTER ${step} BEGIN SELECT RAISE(ABORT, 'the disk is full'); END`,
      );
      expect([step, await replica.synchronize()]).toMatchObject([
        step,
        { state: 'failed', failedCheck: 'store' },
      ]);
      replica.db.exec('DROP TRIGGER breaks');
      expect([step, decisionsOf(replica.db)]).toEqual([step, before]);
      expect(groupsOfComputers(replica.db)).toEqual({ one: ['Gone'] });
    }
    await expectAlike(top, replica);
    expect(groupsOfComputers(replica.db)).toEqual({ one: ['Unassigned Computers'] });
  });

  it('since its process is killed leaves what was before or has all of it, whenever that is', async () => {
    const top = await startTop();
    const replica = replicaOf(top);
    const folder = dirname(replica.db.name);
    await expectAlike(top, replica);
    // Many, so that carrying them out takes its time.
    const groups = Array.from({ length: 60 }, (_, index) => make(top.db, `Group ${index}`));
    let worker: WorkerProcess | undefined;
    closers.push(() => worker?.kill());
    for (const milliseconds of [0, 80, 160, 320]) {
      const deadline = new Date(Date.UTC(2026, 7, 1, 0, 0, 0, milliseconds));
      const everywhere = { updateIds: UPDATES.map(guidOf), groupIds: groups, acceptEulaIds: [EULA] };
      approve(top.db, { ...everywhere, action: 'Install', deadline }, ADA);
      const before = decisionsOf(replica.db);
      const after = decisionsOf(top.db);
      const { promise: answered, resolve: tell } = Promise.withResolvers<void>();
      top.spoil = (operation) => {
        if (operation === 'GetDeployments') tell();
        return undefined;
      };
      worker = new WorkerProcess(configOf(top, folder));
      await worker.seen(({ type }) => type === 'ready');
      worker.send({ type: 'synchronize' });
      await answered;
      await sleep(milliseconds);
      await worker.kill();
      const now = decisionsOf(replica.db);
      expect([before, after]).toContainEqual(now);
      expect(replica.db.pragma('foreign_key_check')).toEqual([]);
    }
    await expectAlike(top, replica);
  });

  it('because the connection breaks or it is cancelled leaves what was before', async () => {
    const top = await startTop();
    const replica = replicaOf(top);
    await expectAlike(top, replica);
    const before = decisionsOf(replica.db);
    decide(top.db, 2, make(top.db, 'Servers'));

    top.spoil = (operation) => (operation === 'GetDeployments' ? { cutAt: 0.5 } : undefined);
    expect((await replica.synchronize()).state).toBe('failed');
    expect(decisionsOf(replica.db)).toEqual(before);

    const cancelled = replica.synchronizer();
    top.spoil = (operation) => {
      if (operation === 'GetDeployments') void cancelled.cancel();
      return undefined;
    };
    await cancelled.start('manual');
    expect(decisionsOf(replica.db)).toEqual(before);

    top.spoil = undefined;
    await expectAlike(top, replica);
  });
});

/** What an administrator of the top does; numbers choose among what is there. */
const deed = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      does: fc.constantFrom('approve' as const),
      update: fc.nat(4),
      group: fc.nat(9),
      action: fc.constantFrom(
        'Install' as const,
        'OptionalInstall' as const,
        'NotApproved' as const,
        'Block' as const,
        'PreDeploymentCheck' as const,
        'Remove' as const,
      ),
      deadline: fc.option(fc.nat(3), { nil: undefined }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      does: fc.constantFrom(
        'decline' as const,
        'undo' as const,
        'createGroup' as const,
        'renameGroup' as const,
        'moveGroup' as const,
        'deleteGroup' as const,
        'revise' as const,
      ),
      update: fc.nat(4),
      group: fc.nat(9),
      other: fc.nat(9),
    }),
  },
  { weight: 2, arbitrary: fc.record({ does: fc.constantFrom('synchronize' as const) }) },
);
type Deed = typeof deed extends fc.Arbitrary<infer T> ? T : never;

class Administrator {
  readonly #db: Database;
  readonly #undo: Undo[] = [];
  readonly #revisions = new Map<number, number>();
  #names = 0;

  constructor(db: Database) {
    this.#db = db;
  }

  /** What is refused is not done. */
  does(what: Exclude<Deed, { does: 'synchronize' }>): void {
    try {
      this.#does(what);
    } catch (error) {
      if (!(error instanceof RefusalError)) throw error;
    }
  }

  #does(what: Exclude<Deed, { does: 'synchronize' }>): void {
    const db = this.#db;
    const groups = GroupTree.read(db).groups.map(({ groupId }) => groupId);
    const pick = (index: number): string => groups[index % groups.length]!;
    const number = 1 + (what.update % UPDATES.length);
    switch (what.does) {
      case 'approve': {
        const { action, deadline } = what;
        const due =
          action === 'Install' && deadline !== undefined
            ? { deadline: new Date(Date.UTC(2026, 6, 1 + deadline)) }
            : {};
        this.#undo.push(decide(db, number, pick(what.group), { action, ...due }).undo);
        return;
      }
      case 'decline':
        this.#undo.push(decline(db, [guidOf(number)], ADA).undo);
        return;
      case 'undo': {
        const undo = this.#undo.pop();
        if (undo !== undefined) undoDecision(db, undo, ADA);
        return;
      }
      case 'createGroup':
        // Few names, so that those of groups that are gone come back.
        createGroup(db, `Group ${(this.#names += 1) % 4}`, pick(what.group));
        return;
      case 'renameGroup':
        changeGroup(db, pick(what.group), { name: `Group ${what.other % 4}` });
        return;
      case 'moveGroup':
        changeGroup(db, pick(what.group), { parentId: pick(what.other) });
        return;
      case 'deleteGroup':
        deleteGroup(db, pick(what.group));
        return;
      case 'revise': {
        const revision = (this.#revisions.get(number) ?? 1) + 1;
        this.#revisions.set(number, revision);
        importRevisions(db, [{ document: documentOf(number, revision), fileUrls: new Map() }], new Date());
        return;
      }
    }
  }
}

it('a replica is what its upstream server is after each synchronization, whatever happened there in between', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(deed, { minLength: 5, maxLength: 60, size: 'max' }), async (history) => {
      const top = await startTestUpstream(DOCUMENTS);
      const replica = new TestReplica(top);
      try {
        const administrator = new Administrator(top.db);
        for (const what of history) {
          if (what.does === 'synchronize') await expectAlike(top, replica);
          else administrator.does(what);
        }
        await expectAlike(top, replica);
        expect(replica.db.pragma('foreign_key_check')).toEqual([]);
        expect(replica.db.prepare('SELECT count(*) FROM pending_deployment').pluck().get()).toBe(0);
      } finally {
        await top.close();
        replica.db.close();
      }
    }),
    { numRuns: RUNS },
  );
});
