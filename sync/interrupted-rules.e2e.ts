import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { ALL_COMPUTERS } from '../catalog/store/groups/group-tree.ts';
import type { Database } from '../catalog/store/database/database.ts';
import { emptyDatabase } from '../scripts/testing/empty-database.ts';
import { addGroup, addRule, addUpdate, decisionLines, lookAtRules } from '../scripts/testing/rule-world.ts';
import { removeWorld } from '../scripts/testing/stored-world.ts';
import { guidOf } from '../scripts/testing/update-documents.ts';

const STEP = fileURLToPath(new URL('../scripts/testing/rule-step.ts', import.meta.url));
const NOW = new Date('2026-06-01T12:00:00Z');
const GROUPS = Array.from({ length: 100 }, (_, index) => guidOf(1000 + index));

/** Two rules that together decide 12,000 times, in some slices each. */
function world(): Database {
  const db = emptyDatabase();
  db.transaction(() => {
    for (const groupId of GROUPS) addGroup(db, groupId, ALL_COMPUTERS);
    for (let number = 1; number <= 120; number += 1)
      addUpdate(db, { updateId: guidOf(number), severity: number % 2 === 0 ? 'Critical' : 'Low' });
    const [first = '', ...others] = GROUPS;
    addRule(db, { name: 'Critical', groupIds: others, conditions: { severities: ['Critical'] } });
    addRule(db, { name: 'All', groupIds: [first, ...others], action: 'OptionalInstall' });
  })();
  return db;
}

/** @returns whether it came through before the nth write; it was killed otherwise */
const goUpTo = async (nth: number, db: Database): Promise<boolean> =>
  await new Promise((resolve, reject) => {
    execFile(process.execPath, [STEP, db.name, NOW.toISOString(), String(nth)], (error, _, err) => {
      if (error === null) resolve(true);
      else if (error.signal === 'SIGKILL') resolve(false);
      else reject(new Error(err));
    });
  });

describe('Killed again and again in the middle of its work, and started anew', () => {
  it('a relay decides by its rules what one does that nobody killed, each once and with its trace', async () => {
    const whole = world();
    lookAtRules(whole, NOW);
    const db = world();
    const number = (sql: string): number => Number(db.prepare(sql).pluck().get());
    let kills = 0;
    let partly = 0;
    for (let nth = 1500; !(await goUpTo(nth, db)); nth += 2500) {
      kills += 1;
      const decided = number('SELECT count(*) FROM deployment');
      if (decided > 0) partly += 1;
      expect(number('SELECT count(*) FROM deployment WHERE rule_decision_id IS NOT NULL')).toBe(decided);
      expect(number('SELECT count(*) FROM rule_decision')).toBe(decided);
      expect(number('SELECT coalesce(sum(decisions), 0) FROM rule_run')).toBe(decided);
    }
    expect(kills).toBeGreaterThan(2);
    expect(partly).toBeGreaterThan(1);
    expect(decisionLines(db)).toEqual(decisionLines(whole));
    expect(decisionLines(db)).toHaveLength(12_000);
    // One entry a run, however often it was interrupted.
    expect(number('SELECT count(*) FROM audit_entry')).toBe(2);
    removeWorld(db);
    removeWorld(whole);
  }, 600_000);
});
