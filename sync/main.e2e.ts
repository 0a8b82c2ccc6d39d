/** A sync worker that dies at any instant: SIGKILL again and again, at random points, until the work is done. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { approve } from '../catalog/store/decisions/deployments.ts';
import { olderDecisions } from '../catalog/store/decisions/older-decisions.ts';
import { openDatabase } from '../catalog/store/database/database.ts';
import type { Database } from '../catalog/store/database/database.ts';
import { ALL_COMPUTERS } from '../catalog/store/groups/group-tree.ts';
import { importRevisions } from '../catalog/store/revisions/revisions.ts';
import { readAnchor, readPending, readRefused } from '../catalog/store/upstream/revision-list.ts';
import { listRuns, setSelectedCategories } from '../catalog/store/upstream/synchronization.ts';
import { Config } from '../config/schema.ts';
import { SeededRandom } from '../scripts/fixtures/seeded-random.ts';
import { syntheticCatalogue } from '../scripts/fixtures/synthetic-catalogue.ts';
import { catalogueDigest } from '../scripts/testing/catalogue-digest.ts';
import { startTestUpstream } from '../scripts/testing/upstream-server.ts';
import type { TestUpstream } from '../scripts/testing/upstream-server.ts';
import { WorkerProcess } from '../scripts/testing/worker-process.ts';

/** Milliseconds; a busy machine takes its time, and nothing here depends on it. */
import.meta.jest.setTimeout(300_000);

/** Workers that are killed, over as many synchronizations as it takes. */
const KILLS = 32;
const SEED = 20_260;
/** Milliseconds from a worker's readiness within which it is killed. */
const LONGEST_LIFE = 450;
/** Milliseconds from the fork within which the few are killed that are not to become ready. */
const BIRTH = 300;
const DOCUMENTS_PER_REQUEST = 6;

/** Updates that are approved in an older revision before anything is synchronized. */
const APPROVED = 60;
const ADA = { adminName: 'ada', now: new Date('2026-06-01T12:00:00Z'), storesContent: true };

/** An upstream server lists the highest revision of each update only, so the catalogue has no other. */
const published = [
  ...new Map([...syntheticCatalogue(11, 400)].map((update) => [update.updateId, update])).values(),
];
const approved = published
  .filter(({ updateType, explicitlyDeployable }) => updateType === 'Software' && explicitlyDeployable)
  .slice(0, APPROVED);
/** The newer revision of every fourth of them is expired. */
const withdrawn = new Set(approved.filter((_, index) => index % 4 === 0).map(({ updateId }) => updateId));
const catalogue = published.map((update) =>
  withdrawn.has(update.updateId)
    ? {
        ...update,
        document: update.document.replace('PublicationState="Published"', 'PublicationState="Expired"'),
      }
    : update,
);

/** Workers begin the sooner. */
const compiled = mkdtempSync(join(tmpdir(), 'sluice-compiled-'));

let upstream: TestUpstream;
beforeAll(async () => {
  upstream = await startTestUpstream(catalogue.map(({ document }) => document));
  upstream.spoil = (operation, body) =>
    operation === 'GetConfigData'
      ? {
          body: Buffer.from(
            body.toString().replace(/(<MaxNumberOfUpdatesPerRequest>)\d+/, `$1${DOCUMENTS_PER_REQUEST}`),
          ),
        }
      : undefined;
});
afterAll(() => upstream.close());

/** A relay that has nothing yet but older revisions that are approved, and will want everything. */
function newRelay(): Config {
  const { url, pin, trustAnchorFile } = upstream;
  const folder = mkdtempSync(join(tmpdir(), 'sluice-'));
  const db = openDatabase(join(folder, 'sluice.db'));
  setSelectedCategories(
    db,
    catalogue.filter(({ updateType }) => updateType === 'Category').map(({ updateId }) => updateId),
  );
  importRevisions(
    db,
    approved.map(({ document }) => ({
      document: document.replace(/RevisionNumber="\d+"/, 'RevisionNumber="1"'),
      fileUrls: new Map(),
    })),
    ADA.now,
  );
  const updateIds = approved.map(({ updateId }) => updateId);
  approve(db, { updateIds, groupIds: [ALL_COMPUTERS], action: 'Install', acceptEulaIds: [] }, ADA);
  db.close();
  return Config.parse({
    dataDirectory: folder,
    log: { level: 'error' },
    upstream: { url, pins: [pin], trustAnchors: [trustAnchorFile] },
  });
}

const databaseOf = (config: Config): Database => openDatabase(join(config.dataDirectory, 'sluice.db'));

/**
 * One worker's life: it synchronizes until it has, or until it is killed.
 *
 * @returns whether the synchronization ended
 */
async function live(
  config: Config,
  deadline?: (worker: WorkerProcess) => Promise<unknown>,
): Promise<boolean> {
  const worker = new WorkerProcess(config, { NODE_COMPILE_CACHE: compiled });
  const ended = worker
    .seen(({ type }) => type === 'ready')
    .then(() => {
      worker.send({ type: 'synchronize' });
      return worker.seen(({ type }) => type === 'finished');
    });
  const gone = worker.ended().then((status) => {
    throw new Error(`The worker ended by itself, with status ${String(status)}.`);
  });
  gone.catch(() => undefined);
  const due = deadline?.(worker).then(() => 'due');
  const first = await Promise.race([ended, gone, ...(due === undefined ? [] : [due])]);
  const finished = worker.messages.find((message) => message.type === 'finished');
  await worker.kill();
  if (first !== 'due') expect(finished).toMatchObject({ state: 'succeeded' });
  return finished !== undefined;
}

/** Everything that a synchronization leaves but its history. */
function endState(config: Config): Record<string, unknown> {
  const db = databaseOf(config);
  try {
    return {
      ...catalogueDigest(db),
      decisions: db
        .prepare(
          `SELECT deployment.update_id, revision_number, action FROM deployment JOIN revision USING (revision_id)
           ORDER BY 1`,
        )
        .all(),
      declined: db.prepare('SELECT update_id, admin_name FROM declined_update ORDER BY 1').all(),
      followed: db
        .prepare(
          `SELECT update_id, outcome, from_revision_number, to_revision_number, decisions FROM followed_revision
           ORDER BY 1, 3`,
        )
        .all(),
      wanted: db.prepare("SELECT sha1 FROM file WHERE content_state = 'wanted' ORDER BY 1").pluck().all(),
      pending: [readPending(db, 'categories').length, readPending(db, 'updates').length],
      refused: readRefused(db, 'updates'),
      hasAnchors: readAnchor(db, 'categories') !== undefined && readAnchor(db, 'updates') !== undefined,
      integrity: db.pragma('integrity_check', { simple: true }),
      foreignKeys: db.pragma('foreign_key_check'),
    };
  } finally {
    db.close();
  }
}

it('a worker that is killed with SIGKILL at random points dozens of times ends with the catalogue of one that was not', async () => {
  const undisturbed = newRelay();
  expect(await live(undisturbed)).toBe(true);
  const expected = endState(undisturbed);
  expect(expected).toMatchObject({
    pending: [0, 0],
    refused: [],
    hasAnchors: true,
    integrity: 'ok',
    foreignKeys: [],
  });
  expect(expected['declined']).toHaveLength(withdrawn.size);
  expect(expected['decisions']).toHaveLength(APPROVED - withdrawn.size);
  expect(JSON.stringify(expected['decisions'])).not.toContain('"revision_number":1,');

  const random = new SeededRandom(SEED);
  let kills = 0;
  let inTheMidst = 0;
  let rounds = 0;
  while (kills < KILLS) {
    const config = newRelay();
    rounds += 1;
    for (let isDone = false; !isDone;) {
      const isAtBirth = random.chance(0.15);
      const after = random.next() * (isAtBirth ? BIRTH : LONGEST_LIFE);
      isDone = await live(config, async (worker) => {
        if (!isAtBirth) await worker.seen(({ type }) => type === 'ready');
        await sleep(after);
      });
      if (isDone) break;
      kills += 1;
      const db = databaseOf(config);
      if (listRuns(db, 1)[0]?.state === 'running') inTheMidst += 1;
      const without = db
        .prepare(
          'SELECT count(*) FROM revision WHERE revision_id NOT IN (SELECT revision_id FROM revision_fragments)',
        )
        .pluck()
        .get();
      expect(without).toBe(0);
      // Both or neither: what is here in a newer revision is approved in it, or declined.
      expect(olderDecisions(db).filter(({ obstacle }) => obstacle !== 'PartsMissing')).toEqual([]);
      db.close();
      // The last synchronization is let through to its end.
      if (kills >= KILLS) isDone = await live(config);
    }
    expect(endState(config)).toEqual(expected);
    // What an undisturbed relay would not ask for again, this one does not either.
    upstream.calls.length = 0;
    expect(await live(config)).toBe(true);
    expect(upstream.calls).not.toContain('GetUpdateData');
  }
  process.stdout.write(
    `${kills} kills, ${inTheMidst} of them in the midst of a run, ${rounds} synchronizations\n`,
  );
  expect(inTheMidst).toBeGreaterThanOrEqual(KILLS / 2);
});
