import { jest } from '@jest/globals';
import type { Database } from '../catalog/store/database/database.ts';
import { approve } from '../catalog/store/decisions/deployments.ts';
import { writeRevisionRules } from '../catalog/store/decisions/revision-rules.ts';
import { ALL_COMPUTERS } from '../catalog/store/groups/group-tree.ts';
import { importRevisions } from '../catalog/store/revisions/revisions.ts';
import { SimulatedAgent } from '../scripts/agent/agent.ts';
import { SimulatedMachine } from '../scripts/agent/machine.ts';
import { always, regDword } from '../scripts/fixtures/applicability-rules.ts';
import { LAB_MACHINE } from '../scripts/testing/lab-machine.ts';
import { startRealRelay } from '../scripts/testing/real-relay.ts';
import type { RealRelay } from '../scripts/testing/real-relay.ts';
import { TestReplica, decisionsOf } from '../scripts/testing/replica.ts';
import { chooseAll, openRelay, synchronizeWhole } from '../scripts/testing/test-relay.ts';
import type { TestRelay } from '../scripts/testing/test-relay.ts';
import { guidOf, writeDocument, type DocumentSpec } from '../scripts/testing/update-documents.ts';
import { startTestUpstream } from '../scripts/testing/upstream-server.ts';
import type { TestUpstream } from '../scripts/testing/upstream-server.ts';

/** Milliseconds; a busy machine takes its time, and nothing here depends on it. */
jest.setTimeout(120_000);

const PRODUCT = guidOf(800);
const CLASSIFICATION = guidOf(801);
const UPDATE = guidOf(1);
const NEWER_UPDATE = guidOf(2);
const EULA = guidOf(900);
const ADA = { adminName: 'ada', now: new Date('2026-06-01T12:00:00Z'), storesContent: true };

const category = (updateId: string, categoryType: string): string =>
  writeDocument({
    updateId,
    updateType: 'Category',
    categoryType,
    texts: [{ language: 'en', title: categoryType }],
    rules: `<upd:IsInstalled>${always}</upd:IsInstalled>`,
  });

const documentOf = (updateId: string, revisionNumber: number, more: Partial<DocumentSpec> = {}): string =>
  writeDocument({
    texts: [{ language: 'en', title: `Revision ${revisionNumber}` }],
    prerequisites: [PRODUCT, CLASSIFICATION].map((id) => ({ isCategory: true, updateIds: [id] })),
    rules: `<upd:IsInstalled>${regDword('SOFTWARE\\Sample', updateId, 'EqualTo', 1)}</upd:IsInstalled>
      <upd:IsInstallable>${always}</upd:IsInstallable>`,
    ...more,
    updateId,
    revisionNumber,
    properties: { ExplicitlyDeployable: 'true', ...more.properties },
  });

const expired = { properties: { PublicationState: 'Expired' } };

const install = (db: Database, updateId: string): void =>
  void approve(
    db,
    { updateIds: [updateId], groupIds: [ALL_COMPUTERS], action: 'Install', acceptEulaIds: [] },
    ADA,
  );

describe('an agent of a relay that synchronizes', () => {
  let upstream: TestUpstream;
  let server: RealRelay;
  let relay: TestRelay;
  let agent: SimulatedAgent;

  beforeEach(async () => {
    upstream = await startTestUpstream([
      category(PRODUCT, 'Product'),
      category(CLASSIFICATION, 'UpdateClassification'),
      documentOf(UPDATE, 1),
    ]);
    server = await startRealRelay();
    relay = openRelay(upstream, {}, undefined, server.db);
    await synchronizeWhole(relay);
    install(relay.db, UPDATE);
    agent = new SimulatedAgent({ serverUrl: server.clientUrl, machine: new SimulatedMachine(LAB_MACHINE) });
    await scanUntil((held) => held.includes(`${UPDATE} 1`));
  });
  afterEach(async () => {
    agent.close();
    await server.close();
    await upstream.close();
  });

  const publish = async (...documents: readonly string[]): Promise<void> => {
    importRevisions(
      upstream.db,
      documents.map((document) => ({ document, fileUrls: new Map() })),
      new Date(),
    );
    expect(await relay.synchronize()).toMatchObject({ state: 'succeeded' });
  };

  /** The server takes a decision in a moment later; what the last scan found. */
  const scanUntil = async (isThere: (held: readonly string[]) => boolean) => {
    for (;;) {
      const outcome = await agent.scan();
      if (isThere(agent.held)) return outcome;
    }
  };
  const categories = [`${PRODUCT} 1`, `${CLASSIFICATION} 1`];

  it('that was offered the older revision is offered the newer one in its place, and installs that', async () => {
    await publish(documentOf(UPDATE, 2));
    await scanUntil((held) => held.includes(`${UPDATE} 2`));
    expect(agent.held).toEqual([...categories, `${UPDATE} 2`].toSorted());
    expect(await agent.installNeeded()).toMatchObject([{ title: 'Revision 2', result: 'Installed' }]);
    expect(await agent.scan()).toMatchObject({ needed: [], installed: [UPDATE] });
  });

  it('that installed the older revision holds the newer one, and finds it installed', async () => {
    expect(await agent.installNeeded()).toMatchObject([{ title: 'Revision 1', result: 'Installed' }]);
    await publish(documentOf(UPDATE, 2));
    const outcome = await scanUntil((held) => held.includes(`${UPDATE} 2`));
    expect(outcome).toMatchObject({ needed: [], installed: [UPDATE] });
    expect(agent.held).not.toContain(`${UPDATE} 1`);
  });

  it('is told to forget an update whose newer revision is expired', async () => {
    await publish(documentOf(UPDATE, 2, expired));
    const outcome = await scanUntil((held) => !held.includes(`${UPDATE} 1`));
    expect(outcome).toMatchObject({ deployed: [], needed: [] });
    expect(agent.held.filter((held) => held.startsWith(UPDATE))).toEqual([]);
  });

  it('keeps the older revision where the newer one has terms that nobody accepted, until somebody does', async () => {
    await publish(documentOf(UPDATE, 2, { properties: { EulaID: EULA } }), documentOf(NEWER_UPDATE, 1));
    install(relay.db, NEWER_UPDATE);
    await scanUntil((held) => held.includes(`${NEWER_UPDATE} 1`));
    expect(agent.held).toContain(`${UPDATE} 1`);
    relay.db.prepare("INSERT INTO accepted_eula VALUES (?, 'ada', '')").run(EULA);
    await publish();
    await scanUntil((held) => held.includes(`${UPDATE} 2`));
    expect(agent.held).not.toContain(`${UPDATE} 1`);
  });

  it('keeps the older revision where approvals are not to be moved, whatever becomes of the update', async () => {
    writeRevisionRules(relay.db, { moveApprovals: false, declineExpired: true });
    await publish(documentOf(UPDATE, 2), documentOf(NEWER_UPDATE, 1));
    await publish(documentOf(UPDATE, 3, expired));
    install(relay.db, NEWER_UPDATE);
    await scanUntil((held) => held.includes(`${NEWER_UPDATE} 1`));
    expect(agent.held).toContain(`${UPDATE} 1`);
  });

  it('is offered both of two updates of which one supersedes the other: it chooses by itself', async () => {
    await publish(documentOf(NEWER_UPDATE, 1, { supersededUpdateIds: [UPDATE] }));
    install(relay.db, NEWER_UPDATE);
    await scanUntil((held) => held.includes(`${NEWER_UPDATE} 1`));
    expect(agent.held).toContain(`${UPDATE} 1`);
  });
});

describe('a replica', () => {
  let top: TestUpstream;
  beforeEach(async () => {
    top = await startTestUpstream([documentOf(UPDATE, 1), documentOf(NEWER_UPDATE, 1)]);
    install(top.db, UPDATE);
    install(top.db, NEWER_UPDATE);
  });
  afterEach(() => top.close());

  it('lets no decision follow a newer revision by itself: it does as its upstream server does', async () => {
    const replica = new TestReplica(top);
    await replica.synchronize();
    importRevisions(
      top.db,
      [documentOf(UPDATE, 2), documentOf(NEWER_UPDATE, 2, expired)].map((document) => ({
        document,
        fileUrls: new Map(),
      })),
      new Date(),
    );
    // The upstream server has moved nothing and declined nothing.
    expect(await replica.synchronize()).toMatchObject({
      state: 'succeeded',
      movedCount: 0,
      declinedCount: 0,
    });
    expect(decisionsOf(replica.db)).toEqual(decisionsOf(top.db));
    expect(decisionsOf(replica.db)).toMatchObject({
      deployments: [{ revision_number: 1 }, { revision_number: 1 }],
      declined: [],
    });
    replica.db.close();
  });

  it('below a relay whose decisions followed takes over that they did', async () => {
    const middle = await startTestUpstream([]);
    const autonomous = new TestReplica(top, middle.db);
    importRevisions(
      middle.db,
      [category(PRODUCT, 'Product'), category(CLASSIFICATION, 'UpdateClassification')].map((document) => ({
        document,
        fileUrls: new Map(),
      })),
      new Date(),
    );
    chooseAll(middle.db);
    await autonomous.synchronize('autonomous');
    install(middle.db, UPDATE);
    install(middle.db, NEWER_UPDATE);
    const replica = new TestReplica(middle);
    await replica.synchronize();
    importRevisions(
      top.db,
      [
        category(PRODUCT, 'Product'),
        category(CLASSIFICATION, 'UpdateClassification'),
        documentOf(UPDATE, 2),
        documentOf(NEWER_UPDATE, 2, expired),
      ].map((document) => ({ document, fileUrls: new Map() })),
      new Date(),
    );
    expect(await autonomous.synchronize('autonomous')).toMatchObject({ movedCount: 1, declinedCount: 1 });
    await replica.synchronize();
    expect(decisionsOf(replica.db)).toEqual(decisionsOf(middle.db));
    expect(decisionsOf(replica.db)).toMatchObject({
      deployments: [{ update_id: UPDATE, revision_number: 2 }],
      declined: [NEWER_UPDATE],
    });
    replica.db.close();
    await middle.close();
  });
});
