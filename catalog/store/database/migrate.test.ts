import { existsSync, mkdtempSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { openDatabase } from './database.ts';
import { MigrationError, NEWEST_VERSION, migrate } from './migrate.ts';
import type { Migration } from './migrate.ts';

const newFile = (): string => join(mkdtempSync(join(tmpdir(), 'sluice-')), 'sluice.db');
const FIRST: Migration = {
  name: '0001_first.sql',
  sql: 'CREATE TABLE thing (name TEXT); INSERT INTO thing VALUES (1)',
};
const SECOND: Migration = { name: '0002_second.sql', sql: 'ALTER TABLE thing ADD COLUMN size INTEGER' };
const BROKEN: Migration = {
  name: '0002_broken.sql',
  sql: 'CREATE TABLE other (name TEXT); INSERT INTO thing VALUES (2); INSERT INTO nowhere VALUES (3)',
};

describe('openDatabase', () => {
  it('creates a file that only its owner can read, at the newest version', () => {
    const file = newFile();
    const db = openDatabase(file);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(db.pragma('user_version', { simple: true })).toBe(NEWEST_VERSION);
    db.close();
  });

  it('keeps what was acknowledged through a power cut, and refuses dangling references', () => {
    const db = openDatabase(newFile());
    expect(db.pragma('journal_mode', { simple: true })).toBe('wal');
    expect(db.pragma('synchronous', { simple: true })).toBe(2);
    expect(() => db.exec("INSERT INTO computer_group VALUES ('nobody', 'nowhere')")).toThrow(/FOREIGN KEY/);
    db.close();
  });

  it('opens a file again as it was left', () => {
    const file = newFile();
    const first = openDatabase(file);
    first.exec("INSERT INTO setting VALUES ('x', '1')");
    first.close();
    const again = openDatabase(file);
    expect(again.prepare("SELECT value FROM setting WHERE name = 'x'").pluck().get()).toBe('1');
    expect(readdirSync(join(file, '..')).filter((name) => name.includes('before'))).toEqual([]);
    again.close();
  });

  it('refuses a file that a newer Sluice wrote, and leaves it alone', () => {
    const file = newFile();
    const newer = openDatabase(file);
    newer.pragma(`user_version = ${NEWEST_VERSION + 1}`);
    newer.close();
    expect(() => openDatabase(file)).toThrow(MigrationError);
    expect(() => openDatabase(file)).toThrow(/newer Sluice \(version \d+; this one knows \d+\)/);
    const raw = new SqliteDatabase(file);
    expect(raw.pragma('user_version', { simple: true })).toBe(NEWEST_VERSION + 1);
    raw.close();
  });

  it('refuses a file that is no database, and leaves it alone', () => {
    const file = newFile();
    writeFileSync(file, 'a letter to somebody'.repeat(100));
    expect(() => openDatabase(file)).toThrow(/not a database/);
    expect(readFileSync(file, 'utf8')).toMatch(/^a letter to somebody/);
  });
});

describe('migrate', () => {
  it('runs each migration once, and keeps a copy from before where there is data', () => {
    const file = newFile();
    const db = new SqliteDatabase(file);
    migrate(db, file, [FIRST]);
    migrate(db, file, [FIRST]);
    expect(existsSync(`${file}.before-2`)).toBe(false);
    migrate(db, file, [FIRST, SECOND]);
    expect(db.prepare('SELECT name, size FROM thing').all()).toEqual([{ name: '1', size: null }]);
    expect(statSync(`${file}.before-2`).mode & 0o777).toBe(0o600);
    db.close();
    const copy = new SqliteDatabase(`${file}.before-2`);
    expect(copy.prepare('SELECT * FROM thing').all()).toEqual([{ name: '1' }]);
    expect(copy.pragma('user_version', { simple: true })).toBe(1);
    copy.close();
  });

  it('leaves nothing of a migration that fails, and names it', () => {
    const file = newFile();
    const db = new SqliteDatabase(file);
    migrate(db, file, [FIRST]);
    expect(() => migrate(db, file, [FIRST, BROKEN, SECOND])).toThrow(/0002_broken\.sql.*nowhere/);
    expect(db.prepare('SELECT * FROM thing').all()).toEqual([{ name: '1' }]);
    expect(() => db.prepare('SELECT * FROM other')).toThrow(/no such table/);
    expect(db.pragma('user_version', { simple: true })).toBe(1);
    migrate(db, file, [FIRST, SECOND]);
    expect(db.pragma('user_version', { simple: true })).toBe(2);
    db.close();
  });

  it('can be tried again after a start that was cut off while the copy was made', () => {
    const file = newFile();
    const db = new SqliteDatabase(file);
    migrate(db, file, [FIRST]);
    expect(() => migrate(db, file, [FIRST, BROKEN])).toThrow(MigrationError);
    expect(existsSync(`${file}.before-2`)).toBe(true);
    migrate(db, file, [FIRST, SECOND]);
    expect(db.pragma('user_version', { simple: true })).toBe(2);
    db.close();
  });
});
