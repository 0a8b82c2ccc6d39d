import SqliteDatabase from 'better-sqlite3';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CommitGroup } from './commit-group.ts';
import { openDatabase } from './database.ts';
import { writeSetting } from './settings.ts';

function openWithObserver() {
  const file = join(mkdtempSync(join(tmpdir(), 'sluice-')), 'sluice.db');
  const db = openDatabase(file);
  const observer = new SqliteDatabase(file, { readonly: true });
  const count = observer.prepare("SELECT count(*) FROM setting WHERE name LIKE 'test.%'").pluck();
  return { db, observed: () => count.get() };
}

describe('writes that are committed together', () => {
  it('are visible to others before any of their callers hears of it', async () => {
    const { db, observed } = openWithObserver();
    const group = new CommitGroup(db, { slice: Number.POSITIVE_INFINITY });
    const seen = await Promise.all(
      Array.from({ length: 50 }, async (_, index) => {
        await group.add(() => writeSetting(db, `test.${index}`, index));
        return observed();
      }),
    );
    expect(seen).toEqual(Array.from({ length: 50 }, () => 50));
  });

  it('are not begun in the turn in which they are asked for, so that others can join', () => {
    const { db, observed } = openWithObserver();
    const group = new CommitGroup(db);
    const done = group.add(() => writeSetting(db, 'test.1', 1));
    expect(observed()).toBe(0);
    return done;
  });

  it('do not suffer from one that fails, and nothing of that one stays', async () => {
    const { db, observed } = openWithObserver();
    const group = new CommitGroup(db);
    const good = group.add(() => writeSetting(db, 'test.good', 1));
    const bad = group.add(() => {
      writeSetting(db, 'test.bad', 1);
      throw new RangeError('no such computer');
    });
    const alsoGood = group.add(() => writeSetting(db, 'test.alsoGood', 1));
    await expect(bad).rejects.toThrow('no such computer');
    await Promise.all([good, alsoGood]);
    expect(observed()).toBe(2);
  });

  it('give each caller what its own work gave', async () => {
    const { db } = openWithObserver();
    const group = new CommitGroup(db);
    const values = await Promise.all([1, 2, 3].map((value) => group.add(() => value * 2)));
    expect(values).toEqual([2, 4, 6]);
  });

  it('all fail, and are not acknowledged, when the transaction cannot be had', async () => {
    const { db } = openWithObserver();
    const other = new SqliteDatabase(db.name);
    db.pragma('busy_timeout = 0');
    other.exec('BEGIN IMMEDIATE');
    const group = new CommitGroup(db);
    const works = ['a', 'b'].map((name) => group.add(() => writeSetting(db, `test.${name}`, 1)));
    for (const work of works) await expect(work).rejects.toMatchObject({ code: 'SQLITE_BUSY' });
    other.exec('ROLLBACK');
    await group.add(() => writeSetting(db, 'test.c', 1));
  });

  it('wait for another process without keeping this one from anything else', async () => {
    const { db, observed } = openWithObserver();
    const other = new SqliteDatabase(db.name);
    other.exec('BEGIN IMMEDIATE');
    const group = new CommitGroup(db);
    let isKept = false;
    const work = group.add(() => writeSetting(db, 'test.1', 1)).then(() => (isKept = true));
    // Whoever stood still until the other one ends would never come to end it: it is in the same thread.
    for (let turns = 0; turns < 10; turns += 1) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(isKept).toBe(false);
    other.exec('COMMIT');
    await work;
    expect(observed()).toBe(1);
    expect(db.pragma('busy_timeout', { simple: true })).toBe(10_000);
  });

  it('wait for the disk unless none of them need be durable', async () => {
    const { db, observed } = openWithObserver();
    const group = new CommitGroup(db);
    const write = (name: string) => () => {
      writeSetting(db, `test.${name}`, 1);
      return db.pragma('synchronous', { simple: true });
    };
    const [full, normal] = [2, 1];
    expect(await group.add(write('a'))).toBe(full);
    expect(await group.add(write('b'), { isDurable: false })).toBe(normal);
    const mixed = [group.add(write('c'), { isDurable: false }), group.add(write('d'))];
    expect(await Promise.all(mixed)).toEqual([full, full]);
    expect(observed()).toBe(4);
    expect(db.pragma('synchronous', { simple: true })).toBe(full);
  });

  it('wait for the disk also where one is asked for by another that need not be durable', async () => {
    const { db } = openWithObserver();
    const group = new CommitGroup(db, { slice: Number.POSITIVE_INFINITY });
    const kind = (): unknown => db.pragma('synchronous', { simple: true });
    const { promise, resolve } = Promise.withResolvers<unknown>();
    await group.add(() => resolve(group.add(kind)), { isDurable: false });
    expect(await promise).toBe(2);
  });

  it('go on in further transactions where they take longer than one is given', async () => {
    const { db, observed } = openWithObserver();
    const group = new CommitGroup(db, { slice: 0 });
    const seen = await Promise.all(
      [1, 2, 3].map(async (index) => {
        await group.add(() => writeSetting(db, `test.${index}`, index));
        return observed();
      }),
    );
    expect(seen).toEqual([1, 2, 3]);
  });
});
