import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import fc from 'fast-check';
import {
  evict,
  isNeeded,
  leftoverFiles,
  markUsed,
  storedBytes,
} from '../../catalog/store/content/eviction.ts';
import { markWanted, markWantedBySha1 } from '../../catalog/store/content/files.ts';
import { importRevisions } from '../../catalog/store/revisions/revisions.ts';
import { ContentRelay, serveContent } from '../../scripts/testing/content-relay.ts';
import type { ContentServer } from '../../scripts/testing/content-relay.ts';
import { emptyDatabase } from '../../scripts/testing/empty-database.ts';
import { digestOf, guidOf, writeDocument } from '../../scripts/testing/update-documents.ts';
import { contentPath } from '../../catalog/content-path.ts';
import type { Database } from '../../catalog/store/database/database.ts';

const NOW = new Date('2026-05-01T12:00:00Z');
const ALL_COMPUTERS = 'a0a08746-4dbe-4a37-9adf-9e7652c0b421';
const SIZE = 1000;
const textOf = (name: string): string => name.padEnd(SIZE, '.');
const sha1Of = (name: string): string => digestOf('sha1', textOf(name));

let server: ContentServer;
let relay: ContentRelay;
beforeEach(async () => {
  server = await serveContent(({ url = '' }, response) => {
    const found = names.find((name) => url.endsWith(contentPath(sha1Of(name), '.cab')));
    if (found === undefined) response.writeHead(404).end();
    else response.end(textOf(found));
  });
});
afterEach(async () => {
  await relay.close();
  await server.close();
});

let names: string[] = [];
/** RevisionIDs grow by one from 1: updates with a file of a thousand bytes each; licence texts are of the last update. */
function know(db: Database, files: readonly string[], licences: readonly string[] = []): void {
  names = [...files, ...licences];
  const documents = files.map((name, index) => ({
    document: writeDocument({
      updateId: guidOf(index + 1),
      files: [{ fileName: `${name}.cab`, content: textOf(name) }],
      eulaFiles: (index === files.length - 1 ? licences : []).map((licence) => ({
        fileName: `${licence}.cab`,
        content: textOf(licence),
        language: 'en',
      })),
    }),
    fileUrls: new Map(),
  }));
  importRevisions(db, documents, NOW);
}
const approve = (db: Database, revisionId: number): void => {
  db.prepare(
    `INSERT INTO deployment (deployment_guid, revision_id, update_id, group_id, action, admin_name, changed_at)
     VALUES (?, ?, ?, ?, 'Install', 'tester', '')`,
  ).run(guidOf(1000 + revisionId), revisionId, guidOf(revisionId), ALL_COMPUTERS);
  markWanted(db, [revisionId], NOW);
};
const takeBack = (revisionId: number): void => {
  relay.db.prepare('DELETE FROM deployment WHERE revision_id = ?').run(revisionId);
};
const pathOf = (name: string): string => relay.pathOf({ path: contentPath(sha1Of(name), '.cab') });
const states = (): Record<string, unknown> =>
  Object.fromEntries(
    names.map((name) => [
      name,
      relay.db.prepare('SELECT content_state FROM file WHERE sha1 = ?').pluck().get(sha1Of(name)),
    ]),
  );
/** Every file that is here is on disk as it should be, and nothing else is. */
const expectConsistent = (): void => {
  const found = states();
  for (const name of names) {
    expect([name, existsSync(pathOf(name))]).toEqual([name, found[name] === 'present']);
    if (found[name] === 'present') expect(readFileSync(pathOf(name), 'utf8')).toBe(textOf(name));
  }
};
const later = async (milliseconds: number): Promise<void> => {
  relay.time += milliseconds;
  await relay.run();
};

describe('A quota that is full', () => {
  it('has what no approval needs make room, the longest unused first', async () => {
    relay = new ContentRelay(server.url, { quota: 3 * SIZE });
    know(relay.db, ['a', 'b', 'c', 'new']);
    for (const id of [1, 2, 3]) approve(relay.db, id);
    await relay.run();
    for (const id of [1, 2, 3]) takeBack(id);
    markUsed(relay.db, sha1Of('a'), '2026-06-02');
    markUsed(relay.db, sha1Of('b'), '2026-06-01');
    markUsed(relay.db, sha1Of('c'), '2026-06-03');
    approve(relay.db, 4);
    await relay.run();
    expect(states()).toEqual({ a: 'present', b: 'absent', c: 'present', new: 'present' });
    expectConsistent();
  });

  it('never deletes what approvals need: the file waits with the reason, and comes when there is room', async () => {
    relay = new ContentRelay(server.url, { quota: 2 * SIZE + 999 });
    know(relay.db, ['a', 'b', 'c']);
    for (const id of [1, 2]) approve(relay.db, id);
    await relay.run();
    approve(relay.db, 3);
    const before = server.asked.length;
    await relay.run();
    expect(server.asked).toHaveLength(before);
    expect(states()).toEqual({ a: 'present', b: 'present', c: 'wanted' });
    expect(relay.row({ sha1: sha1Of('c') }).content_error).toMatch(
      /content\.quota is 1 MB and 1 MB of it are missing.*never deleted\. Raise content\.quota/,
    );
    takeBack(1);
    await later(600_000);
    expect(states()).toEqual({ a: 'absent', b: 'present', c: 'present' });
    expectConsistent();
  });

  it('deletes nothing where all of it would not be enough', async () => {
    relay = new ContentRelay(server.url, { quota: 3 * SIZE - 1 });
    know(relay.db, ['unneeded', 'b', 'c', 'd']);
    for (const id of [1, 2]) approve(relay.db, id);
    await relay.run();
    takeBack(1);
    expect(evict(relay.db, SIZE + 1, NOW)).toBeUndefined();
    expect(states()).toMatchObject({ unneeded: 'present', b: 'present' });
  });

  it('keeps licence texts', async () => {
    relay = new ContentRelay(server.url, { quota: 2 * SIZE });
    know(relay.db, ['a', 'b'], ['terms']);
    markWantedBySha1(relay.db, [sha1Of('terms'), sha1Of('b')], NOW);
    await relay.run();
    approve(relay.db, 1);
    await relay.run();
    expect(states()).toEqual({ a: 'present', b: 'absent', terms: 'present' });
  });

  it('is not made room in by what no approval needs either, unless somebody asked for it', async () => {
    relay = new ContentRelay(server.url, { quota: SIZE, storesAll: true });
    know(relay.db, ['a', 'b']);
    markWanted(relay.db, [1], NOW);
    await relay.run();
    markWanted(relay.db, [2], NOW);
    await relay.run();
    expect(states()).toEqual({ a: 'present', b: 'wanted' });
    markWantedBySha1(relay.db, [sha1Of('b')], NOW);
    await later(600_000);
    expect(states()).toEqual({ a: 'absent', b: 'present' });
    expectConsistent();
  });

  it('counts what is being fetched at the same time', async () => {
    relay = new ContentRelay(server.url, { quota: 2 * SIZE, parallelDownloads: 4 });
    know(relay.db, ['a', 'b', 'c', 'd']);
    for (const id of [1, 2, 3, 4]) approve(relay.db, id);
    await relay.run();
    expect(storedBytes(relay.db)).toBe(2 * SIZE);
    expect(server.asked).toHaveLength(2);
  });
});

describe('A process that is killed while it makes room', () => {
  const begin = async (): Promise<void> => {
    relay = new ContentRelay(server.url, { quota: SIZE });
    know(relay.db, ['old', 'new']);
    // As the process before left it.
    mkdirSync(dirname(pathOf('old')), { recursive: true });
    writeFileSync(pathOf('old'), textOf('old'));
    relay.db.prepare("UPDATE file SET content_state = 'present' WHERE sha1 = ?").run(sha1Of('old'));
    expect(evict(relay.db, SIZE, NOW)).toHaveLength(1);
  };

  it('before it deleted the file leaves it to the next, which deletes it; its place counts until then', async () => {
    await begin();
    expect(storedBytes(relay.db)).toBe(SIZE);
    approve(relay.db, 2);
    await relay.run();
    expect(states()).toEqual({ old: 'absent', new: 'present' });
    expect(storedBytes(relay.db)).toBe(SIZE);
    expect(leftoverFiles(relay.db)).toEqual([]);
    expectConsistent();
  });

  it('after it deleted the file leaves nothing to be done', async () => {
    await begin();
    rmSync(pathOf('old'));
    await relay.run();
    expect(states()).toMatchObject({ old: 'absent' });
    expect(storedBytes(relay.db)).toBe(0);
    expectConsistent();
  });

  it('leaves a file that is wanted again by then as it was: it is verified and not fetched', async () => {
    await begin();
    approve(relay.db, 1);
    await relay.run();
    expect(server.asked).toEqual([]);
    expect(states()).toMatchObject({ old: 'present' });
    expectConsistent();
  });
});

describe('A file', () => {
  it('is needed where it is bundled, however deep, in what some group is to install', () => {
    relay = new ContentRelay(server.url);
    const member = (number: number) => [{ updateId: guidOf(number), revisionNumber: 1 }];
    const update = (
      number: number,
      bundled: number[],
    ): { document: string; fileUrls: Map<string, string> } => ({
      document: writeDocument({
        updateId: guidOf(number),
        files: [{ fileName: 'x.cab', content: textOf(`part ${number}`) }],
        bundledUpdates: bundled.map(member),
      }),
      fileUrls: new Map(),
    });
    importRevisions(relay.db, [update(1, [2]), update(2, [3, 1]), update(3, []), update(4, [3])], NOW);
    const needed = (): number[] => [1, 2, 3, 4].filter((each) => isNeeded(relay.db, sha1Of(`part ${each}`)));
    expect(needed()).toEqual([]);
    approve(relay.db, 2);
    expect(needed()).toEqual([1, 2, 3]);
    relay.db.prepare("UPDATE deployment SET action = 'Uninstall'").run();
    expect(needed()).toEqual([]);
  });
});

describe('What is evicted', () => {
  it('is what an obvious reference would choose', async () => {
    relay = new ContentRelay(server.url);
    const File = fc.record({
      isApproved: fc.boolean(),
      isPresent: fc.boolean(),
      usedOn: fc.option(fc.constantFrom('2026-04-01', '2026-05-03', '2026-06-05'), { nil: undefined }),
    });
    fc.assert(
      fc.property(fc.array(File, { minLength: 1, maxLength: 6 }), fc.nat(5 * SIZE), (files, bytes) => {
        const db = emptyDatabase();
        const called = files.map((_, index) => `file ${index}`);
        know(db, called);
        for (const [index, { isApproved, isPresent, usedOn }] of files.entries()) {
          if (isApproved) approve(db, index + 1);
          db.prepare('UPDATE file SET content_state = ?, last_used_on = ? WHERE sha1 = ?').run(
            isPresent ? 'present' : 'absent',
            usedOn ?? null,
            sha1Of(called[index]!),
          );
        }
        const unneeded = files
          .map((file, index) => ({ ...file, sha1: sha1Of(called[index]!), day: file.usedOn ?? '2026-05-01' }))
          .filter(({ isApproved, isPresent }) => isPresent && !isApproved)
          .toSorted((a, b) => (a.day + a.sha1 < b.day + b.sha1 ? -1 : 1));
        const count = Math.ceil(bytes / SIZE);
        const expected = unneeded.length < count ? undefined : unneeded.slice(0, count);
        expect(evict(db, bytes, NOW)?.map(({ sha1 }) => sha1)).toEqual(expected?.map(({ sha1 }) => sha1));
        db.close();
      }),
      { numRuns: 30 },
    );
  });
});
