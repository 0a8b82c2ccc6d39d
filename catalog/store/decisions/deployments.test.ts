import fc from 'fast-check';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { demoCatalogue } from '../../../scripts/fixtures/demo-catalogue.ts';
import { approvalState } from './approval-state.ts';
import { openDatabase, type Database } from '../database/database.ts';
import { planApproval, planDecline } from './decision-plan.ts';
import { previewPlan } from './decision-preview.ts';
import { approve, decline, undoDecision, type Decision } from './deployments.ts';
import { groupApprovals } from '../updates/group-approvals.ts';
import { ALL_COMPUTERS, GroupTree } from '../groups/group-tree.ts';
import { ownDecisions } from './own-decisions.ts';
import { importRevisions } from '../revisions/revisions.ts';
import { createGroup } from '../groups/target-groups.ts';

const NOW = new Date('2026-06-01T12:00:00Z');
const DECIDER = { adminName: 'ada', now: NOW, storesContent: true };
const ACTIONS = [
  'Install',
  'OptionalInstall',
  'NotApproved',
  'Remove',
  'Block',
  'PreDeploymentCheck',
] as const;

interface Request {
  readonly declines: boolean;
  readonly updateIds: string[];
  readonly groupIds: string[];
  readonly action: (typeof ACTIONS)[number];
}

describe('decisions, however many came before', () => {
  let db: Database;
  let updateIds: string[];
  let acceptEulaIds: string[];
  let groupIds: string[];

  beforeAll(() => {
    db = openDatabase(join(mkdtempSync(join(tmpdir(), 'sluice-')), 'sluice.db'));
    importRevisions(
      db,
      demoCatalogue(1).documents.map(({ document }) => ({ document, fileUrls: new Map() })),
      NOW,
    );
    const pick = (condition: string, count: number): string[] =>
      db
        .prepare<[], string>(
          `SELECT update_id FROM revision WHERE is_latest = 1 AND explicitly_deployable = 1
             AND publication_state = 'Published' AND ${condition} ORDER BY title LIMIT ${count}`,
        )
        .pluck()
        .all();
    updateIds = [
      ...pick('eula_id IS NOT NULL', 1),
      ...pick('revision_id IN (SELECT revision_id FROM bundled_update)', 3),
      ...pick("update_type = 'Driver'", 1),
    ];
    acceptEulaIds = db
      .prepare<[], string>('SELECT DISTINCT eula_id FROM revision WHERE eula_id IS NOT NULL')
      .pluck()
      .all();
    const servers = createGroup(db, 'Servers', ALL_COMPUTERS).groupId;
    const web = createGroup(db, 'Web', servers).groupId;
    createGroup(db, 'Front', web);
    createGroup(db, 'Clients', ALL_COMPUTERS);
    groupIds = GroupTree.read(db).groups.map(({ groupId }) => groupId);
  }, 60_000);
  afterAll(() => db.close());

  const forget = (): void => {
    db.exec(`DELETE FROM deployment; DELETE FROM declined_update; DELETE FROM accepted_eula;
      UPDATE file SET content_state = 'absent'`);
  };
  /** Texts of licence terms stay wanted: whoever decides anew reads them again. */
  const tables = (): unknown =>
    [
      'deployment',
      'declined_update',
      'accepted_eula',
      'file WHERE sha1 NOT IN (SELECT sha1 FROM revision_file WHERE is_eula = 1)',
    ].map((table) => db.prepare(`SELECT * FROM ${table} ORDER BY 1, 2`).all());
  const isDeclined = (updateId: string): boolean =>
    db.prepare('SELECT 1 FROM declined_update WHERE update_id = ?').get(updateId) !== undefined;
  const requests = () =>
    fc.array(
      fc.record({
        declines: fc.integer({ min: 0, max: 5 }).map((chance) => chance === 0),
        updateIds: fc.uniqueArray(fc.constantFrom(...updateIds), { minLength: 1, maxLength: 3 }),
        groupIds: fc.uniqueArray(fc.constantFrom(...groupIds), { minLength: 1, maxLength: 3 }),
        action: fc.constantFrom(...ACTIONS),
      }),
      { minLength: 1, maxLength: 6 },
    );
  const plan = (one: Request) =>
    one.declines ? planDecline(db, one.updateIds) : planApproval(db, { ...one, acceptEulaIds });
  const carryOut = (one: Request): Decision =>
    one.declines ? decline(db, one.updateIds, DECIDER) : approve(db, { ...one, acceptEulaIds }, DECIDER);

  /** The obvious way: the nearest group upwards with a decision of its own has the word. */
  const effective = (updateId: string): Map<string, string> => {
    const rows = db
      .prepare<[string], { group_id: string; action: string }>(
        'SELECT group_id, action FROM deployment WHERE update_id = ?',
      )
      .all(updateId);
    const parentOf = (groupId: string): string | null =>
      db
        .prepare<[string], string | null>('SELECT parent_id FROM target_group WHERE group_id = ?')
        .pluck()
        .get(groupId) ?? null;
    const holds = (groupId: string | null): string =>
      groupId === null
        ? 'NotApproved'
        : (rows.find((row) => row.group_id === groupId)?.action ?? holds(parentOf(groupId)));
    return new Map(groupIds.map((groupId) => [groupId, isDeclined(updateId) ? 'Declined' : holds(groupId)]));
  };

  it('do what the preview said, which changed nothing, and undo restores every row', () => {
    fc.assert(
      fc.property(requests(), (sequence) => {
        forget();
        const done: { before: unknown; decision: Decision }[] = [];
        for (const one of sequence) {
          const before = tables();
          const preview = previewPlan(db, plan(one), { now: NOW, storesContent: true });
          expect(tables()).toEqual(before);
          const was = new Map(one.updateIds.map((updateId) => [updateId, effective(updateId)]));
          const missing = wantedFiles();
          done.push({ before, decision: carryOut(one) });
          for (const { updateId, changes } of preview.updates) {
            const becomes = effective(updateId);
            for (const groupId of groupIds) {
              const change = changes.find((candidate) => candidate.groupId === groupId);
              const old = was.get(updateId)?.get(groupId);
              expect(change?.before ?? old).toBe(old);
              expect(change?.after ?? old).toBe(becomes.get(groupId));
            }
          }
          if (!one.declines && one.action === 'Install') {
            expect(wantedFiles() - missing).toBeLessThanOrEqual(preview.downloadFiles);
          }
        }
        for (const { before, decision } of done.toReversed()) {
          undoDecision(db, decision.undo, DECIDER);
          expect(tables()).toEqual(before);
        }
      }),
      { numRuns: 40 },
    );
  }, 60_000);

  const wantedFiles = (): number =>
    Number(db.prepare("SELECT count(*) FROM file WHERE content_state = 'wanted'").pluck().get());

  it('inherit down the tree as the obvious way has it, in details and in the word of the list', () => {
    const approving = new Set(['Install', 'OptionalInstall', 'Uninstall']);
    fc.assert(
      fc.property(requests(), (sequence) => {
        forget();
        for (const one of sequence) carryOut(one);
        for (const updateId of updateIds) {
          const reference = effective(updateId);
          for (const { groupId, effective: shown } of groupApprovals(
            db,
            updateId,
            isDeclined(updateId),
            new Map(),
          )) {
            const expected = reference.get(groupId) ?? '';
            expect(shown).toBe(expected === 'Declined' ? 'NotApproved' : expected);
          }
          const kinds = new Set(
            [...reference.values()].map((action) => {
              if (action === 'Declined') return 'Declined';
              return approving.has(action) ? 'Install' : 'NotApproved';
            }),
          );
          const own = ownDecisions(db, [updateId]).get(updateId) ?? new Map<string, { action: string }>();
          const actions = new Map([...own].map(([groupId, decision]) => [groupId, decision.action]));
          expect(approvalState(actions, isDeclined(updateId))).toBe(
            kinds.size === 1 ? [...kinds][0] : 'Mixed',
          );
        }
      }),
      { numRuns: 40 },
    );
  }, 60_000);

  it('want exactly the files of what is installed somewhere, of what it bundles included', () => {
    fc.assert(
      fc.property(requests(), (sequence) => {
        forget();
        for (const one of sequence) carryOut(one);
        const needed = db
          .prepare<[], string>(
            `WITH RECURSIVE whole (revision_id) AS (
               SELECT revision_id FROM deployment WHERE action IN ('Install', 'OptionalInstall')
               UNION SELECT member.revision_id FROM whole JOIN bundled_update USING (revision_id)
                 JOIN revision AS member ON member.update_id = member_update_id
                   AND member.revision_number = member_revision_number)
             SELECT DISTINCT sha1 FROM revision_file WHERE is_eula = 0 AND revision_id IN (SELECT * FROM whole) ORDER BY sha1`,
          )
          .pluck()
          .all();
        const wanted = db
          .prepare<[], string>(
            `SELECT sha1 FROM file WHERE content_state = 'wanted'
               AND sha1 NOT IN (SELECT sha1 FROM revision_file WHERE is_eula = 1) ORDER BY sha1`,
          )
          .pluck()
          .all();
        expect(wanted).toEqual(needed);
      }),
      { numRuns: 40 },
    );
  }, 60_000);
});
