import { dirname } from 'node:path';
import winston from 'winston';
import type { Database } from '../catalog/store/database/database.ts';
import { ALL_COMPUTERS } from '../catalog/store/groups/group-tree.ts';
import { requestRun } from '../catalog/store/rules/rule-runs.ts';
import { setSelectedCategories } from '../catalog/store/upstream/synchronization.ts';
import { Config, type Upstream } from '../config/schema.ts';
import type { WorkerMessage } from '../protocol/channel/messages.ts';
import { emptyDatabase } from '../scripts/testing/empty-database.ts';
import { addRule, addUpdate, decisionLines } from '../scripts/testing/rule-world.ts';
import { removeWorld } from '../scripts/testing/stored-world.ts';
import { guidOf, writeDocument } from '../scripts/testing/update-documents.ts';
import { startTestUpstream, type TestUpstream } from '../scripts/testing/upstream-server.ts';
import { RuleLooks, type RuleLooksOptions } from './rule-looks.ts';
import { Worker } from './worker.ts';

const NOW = new Date('2026-06-01T12:00:00Z');
const PRODUCT = guidOf(800);
const CLASSIFICATION = guidOf(801);
const log = winston.createLogger({ silent: true });

let db: Database;
let sent: WorkerMessage[];
beforeEach(() => {
  db = emptyDatabase();
  sent = [];
});
afterEach(() => removeWorld(db));

const looksOf = (more: Partial<RuleLooksOptions> = {}): RuleLooks =>
  new RuleLooks({
    db,
    log,
    now: () => NOW,
    send: (message) => sent.push(message),
    isReplica: false,
    storesContent: true,
    isSynchronizing: () => false,
    contentWanted: () => undefined,
    ...more,
  });

describe('the worker', () => {
  it('runs rules in their order, each to its end, and tells that something changed', async () => {
    for (let number = 1; number <= 700; number += 1) addUpdate(db, { updateId: guidOf(number) });
    addRule(db, { name: 'First', groupIds: [ALL_COMPUTERS], conditions: { titleIncludes: ['00000001-'] } });
    addRule(db, { name: 'Second', groupIds: [ALL_COMPUTERS] });
    await looksOf().look();
    expect(decisionLines(db)).toHaveLength(700);
    expect(decisionLines(db).filter((line) => line.endsWith('First'))).toHaveLength(1);
    expect(sent).toEqual([{ type: 'catalogue-changed' }, { type: 'catalogue-changed' }]);
  });

  it('runs what was asked for while it was at it', async () => {
    for (let number = 1; number <= 700; number += 1) addUpdate(db, { updateId: guidOf(number) });
    addRule(db, { name: 'On', groupIds: [ALL_COMPUTERS], conditions: { titleIncludes: ['00000001-'] } });
    const off = addRule(db, { name: 'Off', enabled: false, groupIds: [ALL_COMPUTERS] });
    const looks = looksOf();
    const first = looks.look();
    requestRun(db, off, { trigger: 'manual', requestedBy: 'ada', now: NOW });
    await Promise.all([first, looks.look()]);
    expect(decisionLines(db)).toHaveLength(700);
  });

  it('waits for the end of a synchronization, but not with what somebody asked for', async () => {
    addUpdate(db, { updateId: guidOf(1) });
    const rule = addRule(db, { name: 'On', groupIds: [ALL_COMPUTERS] });
    const looks = looksOf({ isSynchronizing: () => true });
    await looks.look();
    expect(decisionLines(db)).toEqual([]);
    requestRun(db, rule, { trigger: 'manual', requestedBy: 'ada', now: NOW });
    await looks.look();
    expect(decisionLines(db)).toHaveLength(1);
  });

  it('runs none on a replica, whatever waits', async () => {
    addUpdate(db, { updateId: guidOf(1) });
    const rule = addRule(db, { name: 'On', groupIds: [ALL_COMPUTERS] });
    requestRun(db, rule, { trigger: 'manual', requestedBy: 'ada', now: NOW });
    await looksOf({ isReplica: true }).look();
    expect(decisionLines(db)).toEqual([]);
  });
});

describe('a synchronization', () => {
  let upstream: TestUpstream;
  let worker: Worker;

  const documentOf = (updateId: string, more: Record<string, string> = {}): string =>
    writeDocument({
      updateId,
      properties: { ExplicitlyDeployable: 'true', ...more },
      texts: [{ language: 'en', title: `Sample ${updateId.slice(0, 8)}` }],
      prerequisites: [PRODUCT, CLASSIFICATION].map((id) => ({ isCategory: true, updateIds: [id] })),
    });
  const categoryOf = (updateId: string, categoryType: string): string =>
    writeDocument({
      updateId,
      updateType: 'Category',
      categoryType,
      texts: [{ language: 'en', title: categoryType }],
    });

  const synchronize = async (): Promise<void> => {
    const before = sent.filter(({ type }) => type === 'finished').length;
    worker.handle({ type: 'synchronize' });
    await until(() => sent.filter(({ type }) => type === 'finished').length > before);
  };
  const until = async (holds: () => boolean): Promise<void> => {
    while (!holds()) await new Promise((resolve) => setTimeout(resolve, 20));
  };
  const configure = (more: Partial<Upstream> = {}): Worker =>
    new Worker({
      config: Config.parse({
        dataDirectory: dirname(db.name),
        content: { store: 'none' },
        upstream: {
          url: upstream.url,
          pins: [upstream.pin],
          trustAnchors: [upstream.trustAnchorFile],
          timeout: 5000,
          ...more,
        },
      }),
      db,
      log,
      send: (message) => sent.push(message),
    });

  beforeEach(async () => {
    upstream = await startTestUpstream([
      categoryOf(PRODUCT, 'Product'),
      categoryOf(CLASSIFICATION, 'UpdateClassification'),
      documentOf(guidOf(1)),
      documentOf(guidOf(2), { MsrcSeverity: 'Critical' }),
    ]);
    worker = configure();
    worker.start();
    await synchronize();
    setSelectedCategories(db, [PRODUCT, CLASSIFICATION]);
  });
  afterEach(async () => {
    await worker.stop();
    await upstream.close();
  });

  it('is followed by the rules, which decide about what it brought', async () => {
    addRule(db, {
      name: 'Classified',
      groupIds: [ALL_COMPUTERS],
      conditions: { classifications: [CLASSIFICATION], products: [PRODUCT] },
    });
    await synchronize();
    await until(() => decisionLines(db).length > 0);
    expect(decisionLines(db)).toEqual([
      `${guidOf(1)} ${ALL_COMPUTERS} Install - Classified`,
      `${guidOf(2)} ${ALL_COMPUTERS} Install - Classified`,
    ]);
  });
});
