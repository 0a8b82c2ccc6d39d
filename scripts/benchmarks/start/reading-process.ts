/** A process that starts, opens the database, reads the rows that a scan needs, and says so: the floor of a cold start. */
import SqliteDatabase from 'better-sqlite3';
import { readFileSync } from 'node:fs';
import { readSameRows } from './same-rows.ts';

const [databaseFile = '', keysFile = ''] = process.argv.slice(2);
const db = new SqliteDatabase(databaseFile, { readonly: true });
const [revisionIds = '', updateIds = ''] = readFileSync(keysFile, 'utf8').split('\n');
const begun = performance.now();
const rows = readSameRows(db, { revisionIds, updateIds });
const milliseconds = performance.now() - begun;
db.close();
process.send?.({ rows, milliseconds });
