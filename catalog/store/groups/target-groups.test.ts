/** How many target groups there may be, how deep they may stand, and what moving one costs. */
import fc from 'fast-check';
import { emptyDatabase } from '../../../scripts/testing/empty-database.ts';
import type { Database } from '../database/database.ts';
import { RefusalError } from '../database/refusal.ts';
import { ALL_COMPUTERS, GroupTree, MOST_GROUPS, MOST_LEVELS } from './group-tree.ts';
import { changeGroup, createGroup, deleteGroup } from './target-groups.ts';

const codeOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    if (error instanceof RefusalError) return error.code;
    throw error;
  }
  return 'not refused';
};

const make = (db: Database, name: string, parentId = ALL_COMPUTERS): string =>
  createGroup(db, name, parentId).groupId;

const chain = (db: Database, levels: number, name: string): string[] => {
  const ids: string[] = [];
  for (let level = 1; level <= levels; level += 1) ids.push(make(db, `${name} ${level}`, ids.at(-1)));
  return ids;
};

const lines = (db: Database, table: string): unknown[] =>
  db.prepare(`SELECT group_id, above_id, distance FROM ${table} ORDER BY group_id, distance`).raw().all();

describe('target groups', () => {
  it('stand no deeper than they may, made or moved, alone or with what is below them', () => {
    const db = emptyDatabase();
    const deep = chain(db, MOST_LEVELS, 'a');
    expect(codeOf(() => make(db, 'deeper', deep.at(-1)))).toBe('GROUP_TOO_DEEP');
    const [top = '', , bottom = ''] = chain(db, 3, 'b');
    const above = (levels: number): string => deep[MOST_LEVELS - levels - 1] ?? '';
    expect(codeOf(() => changeGroup(db, top, { parentId: above(2) }))).toBe('GROUP_TOO_DEEP');
    expect(codeOf(() => changeGroup(db, top, { parentId: above(3) }))).toBe('not refused');
    expect(GroupTree.read(db).levelOf(bottom)).toBe(MOST_LEVELS);
    expect(codeOf(() => changeGroup(db, bottom, { parentId: top }))).toBe('not refused');
  });

  it('are no more than they may be', () => {
    const db = emptyDatabase();
    const insert = db.prepare('INSERT INTO target_group (group_id, parent_id, name) VALUES (?, ?, ?)');
    const ids = Array.from({ length: MOST_GROUPS - 2 }, (_, index) => `group-${index}`);
    for (const id of ids) insert.run(id, ALL_COMPUTERS, id);
    expect(codeOf(() => make(db, 'one more'))).toBe('GROUPS_TOO_MANY');
    deleteGroup(db, ids[0] ?? '');
    expect(codeOf(() => make(db, 'one more'))).toBe('not refused');
  });

  it('change the lines of what moves and of nothing else', () => {
    const db = emptyDatabase();
    const others = Array.from({ length: 100 }, (_, index) => make(db, `other ${index}`));
    const [top = ''] = chain(db, 2, 'a');
    const changes = (): number => Number(db.prepare('SELECT total_changes()').pluck().get());
    const before = changes();
    changeGroup(db, top, { parentId: others[0] ?? '' });
    // Two groups; of each, one line goes and two come, and some rows more say that a group was moved.
    expect(changes() - before).toBeLessThan(20);
  });

  it('have the lines that their parents make, however they are moved', () => {
    const Moves = fc.array(fc.tuple(fc.nat(7), fc.nat(8)), { maxLength: 20 });
    fc.assert(
      fc.property(Moves, (moves) => {
        const db = emptyDatabase();
        const ids = Array.from({ length: 8 }, (_, index) => make(db, `group ${index}`));
        for (const [moved, target] of moves)
          codeOf(() => changeGroup(db, ids[moved] ?? '', { parentId: ids[target] ?? ALL_COMPUTERS }));
        expect(lines(db, 'group_line')).toEqual(lines(db, 'group_line_now'));
        db.close();
      }),
      { numRuns: 25 },
    );
  });
});
