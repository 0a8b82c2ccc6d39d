import { emptyDatabase } from '../../../scripts/testing/empty-database.ts';
import { codeOf } from '../../../scripts/testing/refusal.ts';
import { guidOf, writeDocument, type DocumentSpec } from '../../../scripts/testing/update-documents.ts';
import type { Database } from '../database/database.ts';
import { createGroup } from '../groups/target-groups.ts';
import { ALL_COMPUTERS } from '../groups/group-tree.ts';
import { importRevisions } from '../revisions/revisions.ts';
import { updateDetails } from '../updates/update-details.ts';
import { listRuns, startRun } from '../upstream/synchronization.ts';
import type { Approval } from './decision-plan.ts';
import { approve, decline, undoDecision } from './deployments.ts';
import { importFollowed, moveAllApprovals } from './followed-revisions.ts';
import { ownDecisions } from './own-decisions.ts';
import { writeRevisionRules } from './revision-rules.ts';

const BEFORE = new Date('2026-06-01T12:00:00Z');
const NOW = new Date('2026-06-02T12:00:00Z');
const ADA = { adminName: 'ada', now: BEFORE, storesContent: true };
const UPDATE = guidOf(1);
const OTHER = guidOf(2);
const EULA = guidOf(901);
const OTHER_EULA = guidOf(902);

type Revision = Partial<DocumentSpec> & { readonly isExpired?: boolean };

const documentOf = (
  updateId: string,
  revisionNumber: number,
  { isExpired, ...more }: Revision = {},
): string =>
  writeDocument({
    texts: [{ language: 'en', title: `Update ${updateId}` }],
    files: [{ fileName: `${revisionNumber}.cab`, content: `${updateId} ${revisionNumber}` }],
    ...more,
    updateId,
    revisionNumber,
    properties: {
      ExplicitlyDeployable: 'true',
      ...more.properties,
      ...(isExpired === true ? { PublicationState: 'Expired' } : {}),
    },
  });

const withTerms = (eulaId: string): Revision => ({ properties: { EulaID: eulaId } });

describe('decisions, when a synchronization brings a newer revision', () => {
  let db: Database;
  let runId: number;
  let servers: string;
  let laptops: string;
  beforeEach(() => {
    db = emptyDatabase();
    servers = createGroup(db, 'Servers', ALL_COMPUTERS).groupId;
    laptops = createGroup(db, 'Laptops', ALL_COMPUTERS).groupId;
    runId = startRun(db, 'manual', NOW);
  });
  afterEach(() => void db.close());

  /** One batch. */
  const arrive = (...revisions: readonly (readonly [string, number, Revision?])[]): void => {
    const arriving = revisions.map(([updateId, revisionNumber]) => ({ updateId, revisionNumber }));
    const arrivals = revisions.map(([updateId, number, more]) => ({
      document: documentOf(updateId, number, more),
      fileUrls: new Map<string, string>(),
    }));
    db.transaction(() =>
      importFollowed(db, arriving, { runId, now: NOW, storesContent: true }, () =>
        importRevisions(db, arrivals, NOW),
      ),
    )();
  };
  const decide = (action: Approval['action'], groupIds: readonly string[], more: Partial<Approval> = {}) =>
    approve(db, { updateIds: [UPDATE], groupIds, action, acceptEulaIds: [], ...more }, ADA);
  /** `<group> <action> <RevisionNumber>`. */
  const decided = (updateId = UPDATE): string[] =>
    db
      .prepare<[string], string>(
        `SELECT name || ' ' || action || ' ' || revision_number FROM deployment
           JOIN revision USING (revision_id) JOIN target_group USING (group_id)
         WHERE deployment.update_id = ? ORDER BY name`,
      )
      .pluck()
      .all(updateId);
  const isDeclined = (updateId = UPDATE): boolean => detailsOf(updateId).declined !== undefined;
  const detailsOf = (updateId = UPDATE) => updateDetails(db, updateId, () => undefined);
  const filesIn = (state: string): unknown =>
    db
      .prepare(
        'SELECT DISTINCT file_name FROM file JOIN revision_file USING (sha1) WHERE content_state = ? ORDER BY 1',
      )
      .pluck()
      .all(state);

  it('go along for every group, whatever was decided, and stay what they are and whose they are', () => {
    arrive([UPDATE, 1]);
    const deadline = new Date('2026-07-01T00:00:00Z');
    decide('Install', [ALL_COMPUTERS], { deadline });
    decide('NotApproved', [servers]);
    decide('OptionalInstall', [laptops]);
    const before = ownDecisions(db, [UPDATE]).get(UPDATE);
    arrive([UPDATE, 2]);
    expect(decided()).toEqual([
      'All Computers Install 2',
      'Laptops OptionalInstall 2',
      'Servers NotApproved 2',
    ]);
    for (const [groupId, own] of ownDecisions(db, [UPDATE]).get(UPDATE) ?? []) {
      const { revisionId: _, changedAt: __, ...kept } = before?.get(groupId) ?? own;
      expect(own).toMatchObject({ ...kept, changedAt: NOW.toISOString() });
    }
    expect(ownDecisions(db, [UPDATE]).get(UPDATE)?.get(ALL_COMPUTERS)).toMatchObject({
      adminName: 'ada',
      deadline: deadline.toISOString(),
    });
  });

  it.each(['Block', 'PreDeploymentCheck'] as const)('go along as %s', (action) => {
    arrive([UPDATE, 1]);
    decide(action, [servers]);
    arrive([UPDATE, 2]);
    expect(decided()).toEqual([`Servers ${action} 2`]);
  });

  it('are said to have moved, from which revision to which, by which synchronization', () => {
    arrive([UPDATE, 1]);
    decide('Install', [servers, laptops]);
    arrive([UPDATE, 4]);
    expect(detailsOf().followed).toEqual([
      {
        outcome: 'moved',
        fromRevisionNumber: 1,
        toRevisionNumber: 4,
        decisions: 2,
        at: NOW.toISOString(),
      },
    ]);
    expect(listRuns(db, 1)).toMatchObject([{ runId, movedCount: 2, declinedCount: 0 }]);
  });

  it('stay none where nothing was decided', () => {
    arrive([UPDATE, 1]);
    arrive([UPDATE, 2]);
    expect(decided()).toEqual([]);
    expect(detailsOf()).toMatchObject({ approval: 'NotApproved', followed: [] });
  });

  it('stay a decline where the update was declined', () => {
    arrive([UPDATE, 1]);
    decline(db, [UPDATE], ADA);
    arrive([UPDATE, 2]);
    arrive([UPDATE, 3, { isExpired: true }]);
    expect(detailsOf().declined).toMatchObject({ adminName: 'ada' });
    expect(detailsOf().followed).toEqual([]);
  });

  it('are not moved back by a revision that is older than the one approved', () => {
    arrive([UPDATE, 5]);
    decide('Install', [servers]);
    arrive([UPDATE, 3]);
    arrive([UPDATE, 4, { isExpired: true }]);
    expect(decided()).toEqual(['Servers Install 5']);
    expect(isDeclined()).toBe(false);
  });

  it('make the files of the newer revision wanted, and those of the older one no more', () => {
    arrive([UPDATE, 1]);
    decide('Install', [servers]);
    expect(filesIn('wanted')).toEqual(['1.cab']);
    arrive([UPDATE, 2]);
    expect(filesIn('wanted')).toEqual(['2.cab']);
    arrive([UPDATE, 3, { isExpired: true }]);
    expect(filesIn('wanted')).toEqual([]);
  });

  it('leave what computers reported of the update as it is', () => {
    arrive([UPDATE, 1]);
    decide('Install', [ALL_COMPUTERS]);
    db.prepare("INSERT INTO computer (computer_id, first_contact, last_contact) VALUES ('pc', '', '')").run();
    db.prepare(
      `INSERT INTO computer_update_status (computer_id, update_id, revision_number, state, changed_at)
       VALUES ('pc', ?, 1, 'Installed', '2026-06-01T13:00:00Z')`,
    ).run(UPDATE);
    const before = detailsOf().status;
    expect(before).toMatchObject({ Installed: 1 });
    arrive([UPDATE, 2]);
    expect(detailsOf().status).toEqual(before);
  });

  it('taken since cannot be undone any more where they have moved', () => {
    arrive([UPDATE, 1]);
    const { undo } = decide('Install', [servers]);
    arrive([UPDATE, 2]);
    expect(codeOf(() => undoDecision(db, undo, ADA))).toBe('UNDO_OUTDATED');
  });

  describe('that has licence terms', () => {
    beforeEach(() => {
      arrive([UPDATE, 1]);
      decide('Install', [servers, laptops]);
    });

    it('stay where they are until somebody accepts them, and the console says why', () => {
      arrive([UPDATE, 2, withTerms(EULA)]);
      expect(decided()).toEqual(['Laptops Install 1', 'Servers Install 1']);
      expect(detailsOf()).toMatchObject({
        hasOlderApprovals: true,
        waiting: { reason: 'LicenceTerms', groups: 2 },
        eula: { accepted: false },
      });
      expect(db.prepare('SELECT count(*) FROM accepted_eula').pluck().get()).toBe(0);
      expect(filesIn('wanted')).toEqual(['1.cab']);
    });

    it('follow with the next synchronization once they were accepted for one group', () => {
      arrive([UPDATE, 2, withTerms(EULA)]);
      decide('Install', [servers], { acceptEulaIds: [EULA] });
      expect(decided()).toEqual(['Laptops Install 1', 'Servers Install 2']);
      expect(detailsOf().waiting).toEqual({ reason: 'NextSynchronization', groups: 1 });
      moveAllApprovals(db, { runId, now: NOW, storesContent: true });
      expect(decided()).toEqual(['Laptops Install 2', 'Servers Install 2']);
      expect(detailsOf()).toMatchObject({ hasOlderApprovals: false });
      expect(detailsOf().waiting).toBeUndefined();
    });

    it('go along where these very terms are accepted already, and stop at other ones', () => {
      arrive([UPDATE, 2, withTerms(EULA)]);
      decide('Install', [servers, laptops], { acceptEulaIds: [EULA] });
      arrive([UPDATE, 3, withTerms(EULA)]);
      expect(decided()).toEqual(['Laptops Install 3', 'Servers Install 3']);
      arrive([UPDATE, 4, withTerms(OTHER_EULA)]);
      expect(decided()).toEqual(['Laptops Install 3', 'Servers Install 3']);
    });

    it('go as far as terms allow, whichever revision arrives first', () => {
      arrive([UPDATE, 3, withTerms(EULA)]);
      arrive([UPDATE, 2]);
      expect(decided()).toEqual(['Laptops Install 2', 'Servers Install 2']);
      expect(detailsOf().waiting).toEqual({ reason: 'LicenceTerms', groups: 2 });
    });

    it('stay where the terms are of a part that it bundles, also where that part arrives later', () => {
      arrive([UPDATE, 2, { bundledUpdates: [[{ updateId: OTHER, revisionNumber: 7 }]] }]);
      expect(decided()).toEqual(['Laptops Install 1', 'Servers Install 1']);
      expect(detailsOf().waiting).toEqual({ reason: 'PartsMissing', groups: 2 });
      arrive([OTHER, 7, withTerms(EULA)]);
      expect(decided()).toEqual(['Laptops Install 1', 'Servers Install 1']);
      expect(detailsOf().waiting).toEqual({ reason: 'LicenceTerms', groups: 2 });
    });

    it('need none to be removed, blocked or stopped', () => {
      decide('Block', [servers]);
      decide('NotApproved', [laptops]);
      arrive([UPDATE, 2, withTerms(EULA)]);
      expect(decided()).toEqual(['Laptops NotApproved 2', 'Servers Block 2']);
    });
  });

  describe('of a bundle', () => {
    const bundling = (revisionNumber: number): Revision => ({
      bundledUpdates: [[{ updateId: OTHER, revisionNumber }]],
    });

    it('go along when its last part has arrived, in whichever batch, over several steps', () => {
      const inner = guidOf(3);
      arrive([UPDATE, 1]);
      decide('Install', [servers]);
      arrive([UPDATE, 2, bundling(1)]);
      arrive([OTHER, 1, { bundledUpdates: [[{ updateId: inner, revisionNumber: 1 }]] }]);
      expect(decided()).toEqual(['Servers Install 1']);
      arrive([inner, 1]);
      expect(decided()).toEqual(['Servers Install 2']);
      expect(filesIn('wanted')).toEqual(['1.cab', '2.cab']);
    });

    it('keep the very revision of a part that the bundle names, when a newer one of the part arrives', () => {
      arrive([UPDATE, 1, bundling(1)], [OTHER, 1, { properties: { ExplicitlyDeployable: 'false' } }]);
      decide('Install', [servers]);
      arrive([OTHER, 2, { properties: { ExplicitlyDeployable: 'false' }, isExpired: true }]);
      expect(decided()).toEqual(['Servers Install 1']);
      expect(isDeclined(OTHER)).toBe(false);
      expect(isDeclined()).toBe(false);
    });

    it('move for a part that was approved by itself as for any other update', () => {
      arrive([UPDATE, 1, bundling(1)], [OTHER, 1]);
      decide('Install', [servers]);
      decide('Install', [laptops], { updateIds: [OTHER] });
      arrive([UPDATE, 2, bundling(2)], [OTHER, 2]);
      expect([decided(), decided(OTHER)]).toEqual([['Servers Install 2'], ['Laptops Install 2']]);
    });
  });

  describe('that is expired', () => {
    it('end in a decline, whatever they were, in the name of the synchronization', () => {
      arrive([UPDATE, 1]);
      decide('Install', [servers]);
      decide('NotApproved', [laptops]);
      arrive([UPDATE, 2, { isExpired: true }]);
      expect(decided()).toEqual([]);
      expect(detailsOf()).toMatchObject({
        approval: 'Declined',
        isExpired: true,
        declined: { adminName: 'Synchronization', declinedAt: NOW.toISOString() },
        followed: [{ outcome: 'declined', fromRevisionNumber: 1, toRevisionNumber: 2, decisions: 2 }],
      });
      expect(listRuns(db, 1)).toMatchObject([{ movedCount: 0, declinedCount: 1 }]);
    });

    it('become a decline where there was none: nobody can approve it any more', () => {
      arrive([UPDATE, 1]);
      arrive([UPDATE, 2, { isExpired: true }]);
      expect(isDeclined()).toBe(true);
    });

    it.each([
      ['in the order of their numbers', [[1], [2]]],
      ['the other way round', [[2], [1]]],
      ['together', [[1, 2]]],
    ])('become a decline when an earlier one was published, %s', (_, batches) => {
      for (const numbers of batches)
        arrive(...numbers.map((number) => [UPDATE, number, { isExpired: number === 2 }] as const));
      expect(isDeclined()).toBe(true);
    });

    it('stay none where the update was expired when it first came; it cannot be approved for installation', () => {
      arrive([UPDATE, 1, { isExpired: true }]);
      arrive([UPDATE, 2, { isExpired: true }]);
      expect(isDeclined()).toBe(false);
      expect(codeOf(() => decide('Install', [servers]))).toBe('UPDATE_EXPIRED');
    });

    it('stay a decline when a later revision is published again', () => {
      arrive([UPDATE, 1]);
      decide('Install', [servers]);
      arrive([UPDATE, 2, { isExpired: true }]);
      arrive([UPDATE, 3]);
      expect(isDeclined()).toBe(true);
      expect(decided()).toEqual([]);
      // Somebody approves it anew.
      decide('Install', [servers]);
      expect(isDeclined()).toBe(false);
    });

    it('skip it where a later revision came together with it', () => {
      arrive([UPDATE, 1]);
      decide('Install', [servers]);
      arrive([UPDATE, 2, { isExpired: true }], [UPDATE, 3]);
      expect(decided()).toEqual(['Servers Install 3']);
      expect(isDeclined()).toBe(false);
    });

    it('are not declined again where somebody decided on it since', () => {
      arrive([UPDATE, 1]);
      arrive([UPDATE, 2, { isExpired: true }]);
      decide('Block', [servers]);
      arrive([UPDATE, 3, { isExpired: true }]);
      expect(isDeclined()).toBe(false);
      expect(decided()).toEqual(['Servers Block 3']);
    });

    it('stay on the older revision where nothing is to be declined, and go on from there to a later one', () => {
      writeRevisionRules(db, { moveApprovals: true, declineExpired: false });
      arrive([UPDATE, 1]);
      decide('Install', [servers]);
      decide('Block', [laptops]);
      arrive([UPDATE, 2, { isExpired: true }]);
      expect(decided()).toEqual(['Laptops Block 2', 'Servers Install 1']);
      expect(detailsOf()).toMatchObject({ isExpired: true, waiting: { reason: 'Expired', groups: 1 } });
      arrive([UPDATE, 3]);
      expect(decided()).toEqual(['Laptops Block 3', 'Servers Install 3']);
    });
  });

  it('to remove the update stay where the newer revision cannot be removed', () => {
    arrive([UPDATE, 1]);
    db.prepare('UPDATE revision SET can_uninstall = 1').run();
    decide('Uninstall', [servers]);
    arrive([UPDATE, 2]);
    expect(decided()).toEqual(['Servers Uninstall 1']);
    expect(detailsOf().waiting).toEqual({ reason: 'NotRemovable', groups: 1 });
  });

  it('stay where the newer revision is a mere part of a bundle', () => {
    arrive([UPDATE, 1]);
    decide('Install', [servers]);
    arrive([UPDATE, 2, { properties: { ExplicitlyDeployable: 'false' } }]);
    expect(decided()).toEqual(['Servers Install 1']);
    expect(detailsOf().waiting).toEqual({ reason: 'NotDeployable', groups: 1 });
  });

  describe('where approvals are not to be moved', () => {
    beforeEach(() => {
      writeRevisionRules(db, { moveApprovals: false, declineExpired: true });
      arrive([UPDATE, 1]);
      decide('Install', [servers]);
    });

    it('stay on the older revision, and the console says that a newer one waits', () => {
      arrive([UPDATE, 2]);
      moveAllApprovals(db, { runId, now: NOW, storesContent: true });
      expect(decided()).toEqual(['Servers Install 1']);
      expect(detailsOf()).toMatchObject({
        revisionNumber: 2,
        hasOlderApprovals: true,
        waiting: { reason: 'NotMoved', groups: 1 },
        revisions: [
          { revisionNumber: 2, isLatest: true, approvedFor: 0 },
          { revisionNumber: 1, isLatest: false, approvedFor: 1 },
        ],
      });
    });

    it('stay also where the newer revision is expired: that is declined only where approvals move', () => {
      arrive([UPDATE, 2, { isExpired: true }]);
      expect(isDeclined()).toBe(false);
      expect(decided()).toEqual(['Servers Install 1']);
    });

    it('move with the first synchronization after they are to be moved again', () => {
      arrive([UPDATE, 2]);
      writeRevisionRules(db, { moveApprovals: true, declineExpired: true });
      moveAllApprovals(db, { runId, now: NOW, storesContent: true });
      expect(decided()).toEqual(['Servers Install 2']);
    });

    it('move for a group whose approval somebody repeats', () => {
      arrive([UPDATE, 2]);
      expect(decide('Install', [servers]).changed).toBe(1);
      expect(decided()).toEqual(['Servers Install 2']);
      expect(detailsOf().hasOlderApprovals).toBe(false);
    });
  });

  describe('on another update, which it supersedes,', () => {
    const superseding = { supersededUpdateIds: [UPDATE] };

    it('stay: agents choose between the two, and the console marks the superseded one', () => {
      arrive([UPDATE, 1]);
      decide('Install', [servers]);
      arrive([OTHER, 1]);
      arrive([OTHER, 2, superseding]);
      expect(decided()).toEqual(['Servers Install 1']);
      expect(detailsOf()).toMatchObject({ isSuperseded: true, approval: 'Mixed' });
    });

    it.each([
      ['declined', () => void decline(db, [OTHER], ADA)],
      ['expired', () => arrive([OTHER, 3, { ...superseding, isExpired: true }])],
      ['revised to supersede it no more', () => arrive([OTHER, 3])],
    ])('leave it not superseded once the other one is %s', (_, happen) => {
      arrive([UPDATE, 1], [OTHER, 2, superseding]);
      expect(detailsOf().isSuperseded).toBe(true);
      happen();
      expect(detailsOf().isSuperseded).toBe(false);
    });
  });
});
