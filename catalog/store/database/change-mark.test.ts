import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { ChangeMark } from './change-mark.ts';
import { openDatabase } from './database.ts';
import { writeSetting } from './settings.ts';

function openTwice() {
  const file = join(mkdtempSync(join(tmpdir(), 'sluice-')), 'sluice.db');
  const db = openDatabase(file);
  return { db, other: openDatabase(file), mark: ChangeMark.of(db) };
}

describe('the mark of changes', () => {
  it('stands still while nothing is written', async () => {
    const { mark } = openTwice();
    const before = mark.read();
    await nextTurn();
    expect(mark.read()).toBe(before);
  });

  it('moves at once with what this connection writes, also twice in a turn', () => {
    const { db, mark } = openTwice();
    const seen = [mark.read()];
    for (const value of [1, 2]) {
      writeSetting(db, 'test', value);
      seen.push(mark.read());
    }
    expect(new Set(seen).size).toBe(3);
  });

  it('moves with what another connection committed, in the next turn', async () => {
    const { other, mark } = openTwice();
    const before = mark.read();
    writeSetting(other, 'test', 1);
    await nextTurn();
    expect(mark.read()).not.toBe(before);
  });
});
