/**
 * One look at the rules of a database as a process that ends, as by `kill -9`, before its nth write. Ends with 0 where it
 * came through with fewer.
 */
import winston from 'winston';
import { openDatabase } from '../../catalog/store/database/database.ts';
import { RuleLooks } from '../../sync/rule-looks.ts';

const [file = '', at = '', nth = ''] = process.argv.slice(2);
let left = Number(nth);

const db = openDatabase(file);
const statements: unknown = Object.getPrototypeOf(db.prepare('SELECT 1'));
if (typeof statements !== 'object' || statements === null) throw new Error('There is nothing to count.');
const original: unknown = Reflect.get(statements, 'run');
if (typeof original !== 'function') throw new Error('There is no run to count.');
Reflect.set(statements, 'run', function counted(this: unknown, ...args: unknown[]): unknown {
  left -= 1;
  if (left <= 0) process.kill(process.pid, 'SIGKILL');
  const result: unknown = Reflect.apply(original, this, args);
  return result;
});

const looks = new RuleLooks({
  db,
  log: winston.createLogger({ silent: true }),
  now: () => new Date(at),
  send: () => undefined,
  isReplica: false,
  storesContent: true,
  isSynchronizing: () => false,
  contentWanted: () => undefined,
});
await looks.look();
db.close();
