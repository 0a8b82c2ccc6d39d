import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { syntheticCatalogue } from '../../scripts/fixtures/synthetic-catalogue.ts';
import { emptyDatabase } from '../../scripts/testing/empty-database.ts';
import { prepareRevision } from '../../catalog/store/revisions/prepared-revision.ts';
import { startRun } from '../../catalog/store/upstream/synchronization.ts';
import { importBatch } from './document-import.ts';

const NOW = new Date('2026-11-10T18:00:00Z');
const documents = [...syntheticCatalogue(3, 200)].slice(0, 5);

/** Writes as the server does when it stores a report, for a moment. */
const WRITER = `
  const { parentPort, workerData } = require('node:worker_threads');
  const db = require('better-sqlite3')(workerData);
  db.exec("BEGIN IMMEDIATE; INSERT INTO setting VALUES ('written.meanwhile', '1')");
  parentPort.postMessage('writes');
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300);
  db.exec('COMMIT');
  db.close();
`;

describe('a batch of documents', () => {
  it('is stored once another process that is writing has ended', async () => {
    const db = emptyDatabase();
    const runId = startRun(db, 'manual', NOW);
    const writer = new Worker(WRITER, { eval: true, workerData: db.name });
    const ended = once(writer, 'exit');
    await once(writer, 'message');
    const batch = documents.map(({ document, updateId, revisionNumber }) => ({
      updateId,
      revisionNumber,
      revision: prepareRevision(document),
    }));
    importBatch(
      db,
      'updates',
      { documents: batch, fileUrls: new Map(), refused: [] },
      { runId, now: NOW, isReplica: false, storesContent: false },
    );
    await ended;
    expect(db.prepare('SELECT count(*) FROM revision').pluck().get()).toBe(documents.length);
    expect(db.prepare("SELECT value FROM setting WHERE name = 'written.meanwhile'").pluck().get()).toBe('1');
    db.close();
  });
});
