import { jest } from '@jest/globals';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Database } from '../catalog/store/database/database.ts';
import { ALL_COMPUTERS } from '../catalog/store/groups/group-tree.ts';
import { decisionsOf } from '../scripts/testing/replica.ts';
import { ReplicaScene, decide, expectAlike, make } from '../scripts/testing/replica-scene.ts';
import { guidOf } from '../scripts/testing/update-documents.ts';
import { faultOf } from '../scripts/testing/upstream-answers.ts';

/** Milliseconds; a busy machine takes its time, and nothing here depends on it. */
jest.setTimeout(300_000);

const scene = new ReplicaScene();
afterEach(() => scene.close());

/** The answer with one group below another. */
function putBelow(body: string, name: string, aboveName: string): string {
  const group = (of: string): RegExp =>
    new RegExp(`<TargetGroupID>([^<]*)</TargetGroupID><ParentGroupId>([^<]*)</ParentGroupId><Name>${of}<`);
  const aboveId = group(aboveName).exec(body)?.[1] ?? '';
  return body.replace(group(name), (whole, _id: string, parentId: string) =>
    whole.replace(parentId, aboveId),
  );
}

/** The answer with so many more groups, each below the one before or all below All Computers. */
function withGroups(body: string, count: number, isChain: boolean): string {
  const groups = Array.from({ length: count }, (_, index) => {
    const parentId = isChain && index > 0 ? guidOf(5000 + index - 1) : ALL_COMPUTERS;
    const ids = `<TargetGroupID>${guidOf(5000 + index)}</TargetGroupID><ParentGroupId>${parentId}</ParentGroupId>`;
    return `<ServerSyncTargetGroup>${ids}<Name>more ${index}</Name><IsBuiltin>false</IsBuiltin></ServerSyncTargetGroup>`;
  });
  return body.replace('</Groups>', `${groups.join('')}</Groups>`);
}

/** The decisions and their history as an older copy of the database has them. */
function putBack(db: Database, copy: Buffer): void {
  const file = join(mkdtempSync(join(tmpdir(), 'sluice-')), 'copy.db');
  writeFileSync(file, copy);
  db.prepare('ATTACH ? AS older').run(file);
  db.transaction(() => {
    // The history last: triggers write it with the decisions.
    for (const table of ['deployment', 'deployment_history', 'deployment_anchor'])
      db.exec(`DELETE FROM main.${table}; INSERT INTO main.${table} SELECT * FROM older.${table};`);
    db.exec(
      'UPDATE main.sqlite_sequence AS now SET seq = (SELECT seq FROM older.sqlite_sequence WHERE name = now.name)',
    );
  })();
  db.exec('DETACH older');
}

describe('an upstream server', () => {
  it('whose database was put back from a copy has a replica that is what it is now', async () => {
    const top = await scene.startTop();
    const replica = scene.replicaOf(top);
    decide(top.db, 2, ALL_COMPUTERS);
    await expectAlike(top, replica);
    const copy = top.db.serialize();

    decide(top.db, 3, ALL_COMPUTERS);
    await expectAlike(top, replica);
    putBack(top.db, copy);
    // As many changes as were lost, so that the count alone tells nothing.
    decide(top.db, 4, ALL_COMPUTERS);
    await expectAlike(top, replica);
    expect(replica.db.prepare('SELECT update_id FROM deployment ORDER BY 1').pluck().all()).toEqual(
      [guidOf(2), guidOf(4)].sort(),
    );
  });

  it('that no longer understands the anchor is asked for everything', async () => {
    const top = await scene.startTop();
    const replica = scene.replicaOf(top);
    decide(top.db, 2, ALL_COMPUTERS);
    await expectAlike(top, replica);
    for (const fault of ['ServerChanged', 'InvalidParameters']) {
      top.spoil = (operation) => {
        if (operation !== 'GetDeployments') return undefined;
        top.spoil = undefined;
        return { status: 500, body: faultOf(fault) };
      };
      await expectAlike(top, replica);
    }
  });

  const unusable: readonly (readonly [string, (body: string) => string, RegExp])[] = [
    ['names no group All Computers', (body) => body.replaceAll(ALL_COMPUTERS, guidOf(77)), /All Computers/],
    ['gives no anchor', (body) => body.replace(/<Anchor>.*?<\/Anchor>/, ''), /without an anchor/],
    ['has two groups of one name', (body) => body.replace('<Name>B<', '<Name>a<'), /same name/],
    ['has a group without a name', (body) => body.replace('<Name>B<', '<Name> <'), /which none can have/],
    ['has groups in a circle', (body) => putBelow(body, 'A', 'B'), /circle/],
    ['has groups below each other without end', (body) => withGroups(body, 33, true), /more than 32 levels/],
    ['has more groups than are kept', (body) => withGroups(body, 2_000, false), /no more than 2000/],
    [
      'gives an anchor without end',
      (body) => body.replace(/<Anchor>.*?<\/Anchor>/, `<Anchor>${'1'.repeat(1001)}</Anchor>`),
      /an anchor of 1001 characters/,
    ],
  ];
  for (const [what, spoilt, sentence] of unusable) {
    it(`that ${what} changes nothing here`, async () => {
      const top = await scene.startTop();
      make(top.db, 'B', make(top.db, 'A'));
      const replica = scene.replicaOf(top);
      await expectAlike(top, replica);
      decide(top.db, 2, ALL_COMPUTERS);
      const before = decisionsOf(replica.db);
      top.spoil = (operation, body) =>
        operation === 'GetDeployments' ? { body: Buffer.from(spoilt(body.toString())) } : undefined;
      const run = await replica.synchronize();
      expect(run).toMatchObject({ state: 'failed', failedCheck: 'response' });
      expect(run.failureMessage).toMatch(sentence);
      expect(decisionsOf(replica.db)).toEqual(before);
      top.spoil = undefined;
      await expectAlike(top, replica);
    });
  }
});
