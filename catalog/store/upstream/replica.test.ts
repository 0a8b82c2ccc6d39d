import { emptyDatabase } from '../../../scripts/testing/empty-database.ts';
import { guidOf, writeDocument } from '../../../scripts/testing/update-documents.ts';
import type { Database } from '../database/database.ts';
import { ALL_COMPUTERS } from '../groups/group-tree.ts';
import { importRevisions } from '../revisions/revisions.ts';
import { applyUpstreamDecisions } from './replica.ts';
import { deploymentsOfMissingRevisions } from './replica-deployments.ts';
import type { UpstreamDecisions, UpstreamDeployment } from './upstream-decisions.ts';

const NOW = new Date('2026-06-01T12:00:00Z');

const importUpdate = (db: Database, revisionNumber: number): void =>
  void importRevisions(
    db,
    [{ document: writeDocument({ updateId: guidOf(1), revisionNumber }), fileUrls: new Map() }],
    NOW,
  );

const deployment = (number: number, more: Partial<UpstreamDeployment> = {}): UpstreamDeployment => ({
  deploymentGuid: guidOf(100 + number),
  updateId: guidOf(1),
  revisionNumber: 1,
  groupId: ALL_COMPUTERS,
  action: 'Install',
  deadline: null,
  adminName: 'ada',
  goLiveAt: '2026-05-01T00:00:00.000Z',
  ...more,
});

/** @returns deployments of revisions that are not here */
function tell(db: Database, told: Partial<UpstreamDecisions>, now = NOW): UpstreamDeployment[] {
  applyUpstreamDecisions(
    db,
    {
      anchor: 'anchor',
      isWhole: false,
      groups: [],
      deployments: [],
      dead: [],
      declined: [],
      acceptedEulas: [],
      ...told,
    },
    { upstreamUrl: 'https://top.example', adminName: 'top.example', now },
  );
  return deploymentsOfMissingRevisions(db);
}

const held = (db: Database): unknown =>
  db.prepare('SELECT deployment_guid FROM deployment ORDER BY 1').pluck().all();

describe('what an upstream server tells its replica', () => {
  let db: Database;
  beforeEach(() => {
    db = emptyDatabase();
    importUpdate(db, 1);
    importUpdate(db, 2);
  });
  afterEach(() => void db.close());

  it('has one approval an update and group: that of the highest revision, and the next where that one ends', () => {
    const [older, newer] = [deployment(1), deployment(2, { revisionNumber: 2 })];
    tell(db, { deployments: [older] });
    tell(db, { deployments: [newer] });
    expect(held(db)).toEqual([newer.deploymentGuid]);
    tell(db, { deployments: [{ ...older, deadline: '2026-07-01T00:00:00.000Z' }] });
    expect(held(db)).toEqual([newer.deploymentGuid]);
    tell(db, { dead: [newer.deploymentGuid] });
    expect(held(db)).toEqual([older.deploymentGuid]);
    expect(db.prepare('SELECT deadline FROM deployment').pluck().get()).toBe('2026-07-01T00:00:00.000Z');
  });

  it('does not hold before its time, nor for a group that is not here', () => {
    const later = deployment(1, { goLiveAt: '2026-06-02T00:00:00.000Z' });
    expect(tell(db, { deployments: [later, deployment(2, { groupId: guidOf(77) })] })).toEqual([]);
    expect(held(db)).toEqual([]);
    tell(db, {}, new Date('2026-06-02T00:00:01Z'));
    expect(held(db)).toEqual([later.deploymentGuid]);
  });

  it('takes the place of an approval that is now of a revision that is not here', () => {
    tell(db, { deployments: [deployment(1)] });
    const moved = deployment(1, { revisionNumber: 3 });
    expect(tell(db, { deployments: [moved] })).toEqual([moved]);
    expect(held(db)).toEqual([]);
    importUpdate(db, 3);
    expect(tell(db, {})).toEqual([]);
    expect(held(db)).toEqual([moved.deploymentGuid]);
  });

  it('alters nothing where it is told again what is here already', () => {
    const told = { isWhole: true, deployments: [deployment(1)], declined: [guidOf(5)] };
    tell(db, told);
    const before = db.prepare("SELECT value FROM setting WHERE name = 'catalogue.generation'").pluck().get();
    tell(db, told);
    expect(db.prepare("SELECT value FROM setting WHERE name = 'catalogue.generation'").pluck().get()).toBe(
      before,
    );
  });
});
