/** The engine on one update alone says what it says of that update when it answers an agent. */
import fc from 'fast-check';
import { aWorld, someGroups, someRevisionIds } from '../../scripts/testing/random-world.ts';
import {
  ALL_COMPUTERS,
  committed,
  plain,
  removeWorld,
  storeWorld,
} from '../../scripts/testing/stored-world.ts';
import { openReader } from '../store/database/database.ts';
import type { Database } from '../store/database/database.ts';
import { ScanRows } from '../store/scan-rows.ts';
import { scanSingleUpdate } from './single-update.ts';
import type { SingleUpdateScan } from './single-update.ts';

const EMPTY = {
  otherCachedRevisionIds: [],
  cachedDriverRevisionIds: [],
  pageSize: 1000,
  pageBytes: 1_000_000,
};

function scanOf(
  db: Database,
  update: { readonly updateId: string; readonly latestRevisionId: number },
  groupIds: readonly string[],
  installed: readonly number[],
): SingleUpdateScan {
  const reader = openReader(db);
  const rows = new ScanRows(reader);
  rows.begin();
  try {
    return scanSingleUpdate(rows, update, groupIds, installed);
  } finally {
    rows.end();
    reader.close();
  }
}

describe('the scan of a single update', () => {
  it('offers a revision exactly where a whole scan of the same computer does, and names a clause that is missed exactly where it does not', () => {
    let offered = 0;
    let heldBack = 0;
    fc.assert(
      fc.property(aWorld({ circles: true }), someGroups, someRevisionIds, (world, groupIds, installed) => {
        const db = storeWorld(world);
        const whole = committed(db).scan({ ...EMPTY, groupIds, installedNonLeafRevisionIds: installed });
        // What a computer has it is not offered anew: a whole scan tells of it by not taking it back.
        for (const updateId of new Set(world.revisions.map((revision) => revision.updateId))) {
          const [latest] = world.revisions
            .filter((revision) => revision.updateId === updateId && revision.updateType === 'Software')
            .toSorted((a, b) => b.revisionNumber - a.revisionNumber);
          if (latest === undefined) continue;
          const single = scanOf(db, { updateId, latestRevisionId: latest.revisionId }, groupIds, installed);
          if (single.decision === undefined || installed.includes(single.revisionId)) continue;
          const isOffered = whole.newUpdates.some(({ revisionId }) => revisionId === single.revisionId);
          expect(single.isOffered).toBe(isOffered);
          const isMissed = single.clauses.some((clause) => !clause.some(({ isInstalled }) => isInstalled));
          expect(isMissed).toBe(!isOffered);
          offered += isOffered ? 1 : 0;
          heldBack += isOffered ? 0 : 1;
        }
        removeWorld(db);
      }),
      { numRuns: 150 },
    );
    expect(offered).toBeGreaterThan(30);
    expect(heldBack).toBeGreaterThan(30);
  }, 90_000);

  it('says of an update that nobody decided on whether it would be offered', () => {
    const detectoid = plain(1, 'u2', { updateType: 'Detectoid' });
    const update = plain(2, 'u4', { clauses: [['u2']] });
    const db = storeWorld({
      revisions: [detectoid, update],
      decisions: [],
      declined: [],
      groups: [{ groupId: ALL_COMPUTERS, parentId: null }],
    });
    const scan = (installed: readonly number[]): boolean =>
      scanOf(db, { updateId: 'u4', latestRevisionId: 2 }, [], installed).isOffered;
    expect(scan([])).toBe(false);
    expect(scan([1])).toBe(true);
    removeWorld(db);
  });

  it('follows what a prerequisite waits for itself, down to what the computer is asked and does not have', () => {
    const system = plain(1, 'system', { updateType: 'Detectoid' });
    const feature = plain(2, 'feature', { updateType: 'Detectoid', clauses: [['system']] });
    const update = plain(3, 'update', { clauses: [['feature', 'elsewhere'], ['system']] });
    const db = storeWorld({
      revisions: [system, feature, update],
      decisions: [],
      declined: [],
      groups: [{ groupId: ALL_COMPUTERS, parentId: null }],
    });
    const { clauses, clausesBelow } = scanOf(db, { updateId: 'update', latestRevisionId: 3 }, [], []);
    expect(clauses).toEqual([
      [
        { updateId: 'elsewhere', isInstalled: false, isOffered: false },
        { updateId: 'feature', isInstalled: false, isOffered: false },
      ],
      [{ updateId: 'system', isInstalled: false, isOffered: true }],
    ]);
    expect(clausesBelow).toEqual(
      new Map([['feature', [[{ updateId: 'system', isInstalled: false, isOffered: true }]]]]),
    );
    removeWorld(db);
  });
});
