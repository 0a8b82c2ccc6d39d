import { z } from 'zod';
import { emptyDatabase } from '../../../scripts/testing/empty-database.ts';
import {
  addGroup,
  addRule,
  addUpdate,
  decisionLines,
  lookAtRules,
  runToEnd,
} from '../../../scripts/testing/rule-world.ts';
import { removeWorld } from '../../../scripts/testing/stored-world.ts';
import { guidOf } from '../../../scripts/testing/update-documents.ts';
import { RuleBody } from '../../../protocol/console/rules.ts';
import type { Database } from '../database/database.ts';
import { approve, undoDecision } from '../decisions/deployments.ts';
import { ALL_COMPUTERS } from '../groups/group-tree.ts';
import { deleteGroup } from '../groups/target-groups.ts';
import { groupApprovals } from '../updates/group-approvals.ts';
import { previewRule } from './rule-preview.ts';
import { failRun, planRuns, runSlice } from './rule-run.ts';
import { listedRuns, nextRun, requestRun } from './rule-runs.ts';
import { ruleTraces } from './rule-traces.ts';
import {
  changeRule,
  createRule,
  deleteRule,
  listRules,
  readRule,
  ruleHistory,
  setRuleEnabled,
} from './rules.ts';

const NOW = new Date('2026-06-01T12:00:00Z');
const HOUR = 3_600_000;
const ADA = { adminName: 'ada', now: NOW, storesContent: true };
const EDITOR = { userName: 'grace', now: NOW };
const PILOT = guidOf(201);
const RING = guidOf(202);
const UPDATE = guidOf(1);

let db: Database;
beforeEach(() => {
  db = emptyDatabase();
  addGroup(db, PILOT, ALL_COMPUTERS);
  addGroup(db, RING, PILOT);
});
afterEach(() => removeWorld(db));

const after = (hours: number): Date => new Date(NOW.getTime() + hours * HOUR);
const bodyOf = (ruleId: number): RuleBody => {
  const { definition, enabled } = readRule(db, ruleId);
  return RuleBody.parse({ ...definition, enabled });
};

describe('a rule', () => {
  it('decides as a person would: files are wanted, and the trace says which version of it', () => {
    const revisionId = addUpdate(db, { updateId: UPDATE });
    db.exec(
      `INSERT INTO file (sha1, size, extension, content_state, changed_at) VALUES ('aa', 5, '.cab', 'absent', '')`,
    );
    db.prepare("INSERT INTO revision_file (revision_id, sha1, file_name) VALUES (?, 'aa', 'a.cab')").run(
      revisionId,
    );
    const { ruleId } = addRule(db, { name: 'Everything', groupIds: [PILOT] });
    expect(lookAtRules(db, NOW)).toBe(1);
    expect(decisionLines(db)).toEqual([`${UPDATE} ${PILOT} Install - Everything`]);
    expect(db.prepare('SELECT content_state FROM file').pluck().get()).toBe('wanted');
    const traces = ruleTraces(db, UPDATE);
    expect([...traces.values()]).toEqual([
      {
        ruleId,
        ruleName: 'Everything',
        presentName: 'Everything',
        ruleVersion: 1,
        groupId: PILOT,
        groupName: `Group ${PILOT}`,
        action: 'Install',
        revisionNumber: 1,
        at: NOW.toISOString(),
        stands: true,
      },
    ]);
    const pilot = groupApprovals(db, UPDATE, false, traces).find(({ groupId }) => groupId === PILOT);
    expect(pilot?.own?.rule).toEqual({ ruleId, name: 'Everything', version: 1 });
  });

  it('stays traceable when it is renamed, when it is deleted and when its group is', () => {
    addUpdate(db, { updateId: UPDATE });
    const { ruleId } = addRule(db, { name: 'First name', groupIds: [RING] });
    lookAtRules(db, NOW);
    changeRule(db, ruleId, { ...bodyOf(ruleId), name: 'Second name' }, EDITOR);
    expect([...ruleTraces(db, UPDATE).values()][0]).toMatchObject({
      ruleName: 'First name',
      ruleVersion: 1,
      presentName: 'Second name',
      stands: true,
    });
    deleteRule(db, ruleId);
    const [gone] = ruleTraces(db, UPDATE).values();
    expect(gone).toMatchObject({ ruleName: 'First name', stands: true });
    expect(gone?.presentName).toBeUndefined();
    expect(ruleHistory(db, ruleId).versions.map(({ definition }) => definition.name)).toEqual([
      'Second name',
      'First name',
    ]);
    deleteGroup(db, RING);
    const [groupGone] = ruleTraces(db, UPDATE).values();
    expect(groupGone).toMatchObject({ groupId: RING, stands: false });
    expect(groupGone?.groupName).toBeUndefined();
  });

  it('leaves the same trace on the approval when a person takes a change of it back', () => {
    addUpdate(db, { updateId: UPDATE });
    addRule(db, { name: 'Everything', groupIds: [PILOT] });
    lookAtRules(db, NOW);
    const stands = (): boolean | undefined => [...ruleTraces(db, UPDATE).values()][0]?.stands;
    const { undo } = approve(
      db,
      { updateIds: [UPDATE], groupIds: [PILOT], action: 'Block', acceptEulaIds: [] },
      ADA,
    );
    expect(stands()).toBe(false);
    undoDecision(db, undo, ADA);
    expect(stands()).toBe(true);
  });

  it('never decides again what a person took away, not even made anew under another name', () => {
    addUpdate(db, { updateId: UPDATE });
    const { ruleId } = addRule(db, { name: 'Everything', groupIds: [PILOT] });
    lookAtRules(db, NOW);
    approve(db, { updateIds: [UPDATE], groupIds: [PILOT], action: 'Remove', acceptEulaIds: [] }, ADA);
    expect(lookAtRules(db, after(1))).toBe(0);
    changeRule(db, ruleId, { ...bodyOf(ruleId), action: 'OptionalInstall' }, EDITOR);
    deleteRule(db, ruleId);
    addRule(db, { name: 'Again', groupIds: [PILOT] });
    expect(lookAtRules(db, after(2))).toBe(0);
    expect(decisionLines(db)).toEqual([]);
  });

  it('leaves groups alone that inherit what a person decided, and decides below what a rule did', () => {
    addUpdate(db, { updateId: UPDATE });
    addUpdate(db, { updateId: guidOf(2) });
    approve(
      db,
      { updateIds: [UPDATE], groupIds: [ALL_COMPUTERS], action: 'NotApproved', acceptEulaIds: [] },
      ADA,
    );
    addRule(db, { name: 'Pilot', groupIds: [PILOT] });
    addRule(db, { name: 'Ring', groupIds: [PILOT, RING], action: 'OptionalInstall' });
    lookAtRules(db, NOW);
    expect(decisionLines(db)).toEqual([
      `${UPDATE} ${ALL_COMPUTERS} NotApproved - ada`,
      `${guidOf(2)} ${PILOT} Install - Pilot`,
      `${guidOf(2)} ${RING} OptionalInstall - Ring`,
    ]);
  });

  it('lets an update wait whose terms nobody accepted, and decides once somebody did', async () => {
    addUpdate(db, { updateId: guidOf(9), eulaId: 'of the part', isExpired: true });
    db.prepare('UPDATE revision SET explicitly_deployable = 0').run();
    addUpdate(db, { updateId: UPDATE, members: [guidOf(9)] });
    const rule = addRule(db, { name: 'Everything', groupIds: [PILOT] });
    requestRun(db, rule, { trigger: 'manual', requestedBy: 'ada', now: NOW });
    expect(lookAtRules(db, NOW)).toBe(0);
    expect(listedRuns(db, rule.ruleId, 1)).toMatchObject([{ trigger: 'manual', updates: 0, waiting: 1 }]);
    const preview = await previewRule(db, rule, { now: NOW, storesContent: true });
    expect(preview.heldItems).toMatchObject([
      { updateId: UPDATE, reason: 'LicenceTerms', groupIds: [PILOT] },
    ]);
    db.prepare("INSERT INTO accepted_eula VALUES ('of the part', 'ada', '')").run();
    expect(lookAtRules(db, after(1))).toBe(1);
  });

  it('accepts terms in its own name where it says so', () => {
    addUpdate(db, { updateId: UPDATE, eulaId: 'terms' });
    addRule(db, { name: 'Trusting', groupIds: [PILOT], acceptTerms: true });
    expect(lookAtRules(db, NOW)).toBe(1);
    expect(db.prepare('SELECT eula_id, admin_name FROM accepted_eula').get()).toEqual({
      eula_id: 'terms',
      admin_name: 'Trusting',
    });
  });

  it('decides at the first hourly look after an update has come of age, and not before', async () => {
    addUpdate(db, { updateId: UPDATE, arrivedAt: NOW });
    const rule = addRule(db, { name: 'Ripe', groupIds: [PILOT], conditions: { ageDays: 2 } });
    const preview = await previewRule(db, rule, { now: NOW, storesContent: true });
    expect(preview).toMatchObject({
      updates: 0,
      held: [{ reason: 'TooYoung', updates: 1 }],
      heldItems: [{ updateId: UPDATE, until: after(48).toISOString() }],
    });
    let decidedAt: number | undefined;
    for (let hour = 0; hour <= 50 && decidedAt === undefined; hour += 1)
      if (lookAtRules(db, after(hour)) > 0) decidedAt = hour;
    expect(decidedAt).toBe(48);
    expect(listedRuns(db, rule.ruleId, 10)).toMatchObject([{ trigger: 'time', updates: 1 }]);
  });

  it('is not looked at between the hours unless revisions arrived or the clock was set back', () => {
    addRule(db, { name: 'Everything', groupIds: [PILOT] });
    const due = (at: Date): string | undefined => {
      planRuns(db, at);
      const trigger = nextRun(db)?.trigger;
      runToEnd(db, { now: at, storesContent: false });
      return trigger;
    };
    expect(due(NOW)).toBe('arrival');
    expect(due(after(0.9))).toBeUndefined();
    addUpdate(db, { updateId: UPDATE });
    expect(due(after(0.9))).toBe('arrival');
    expect(due(after(1.8))).toBeUndefined();
    expect(due(after(1.9))).toBe('time');
    expect(due(after(-5))).toBe('time');
  });

  it('that is off decides nothing by itself, and what is asked for when somebody asks', () => {
    addUpdate(db, { updateId: UPDATE });
    const rule = addRule(db, { name: 'Off', groupIds: [PILOT], enabled: false });
    expect(lookAtRules(db, NOW)).toBe(0);
    expect(requestRun(db, rule, { trigger: 'manual', requestedBy: 'ada', now: NOW })).toBeDefined();
    expect(requestRun(db, rule, { trigger: 'manual', requestedBy: 'ada', now: NOW })).toBeUndefined();
    expect(lookAtRules(db, NOW)).toBe(1);
    expect(listRules(db)[0]?.lastRun).toMatchObject({ requestedBy: 'ada', state: 'succeeded', updates: 1 });
  });

  it('that is changed or deleted while it runs decides nothing more', () => {
    for (let number = 1; number <= 600; number += 1) addUpdate(db, { updateId: guidOf(number) });
    const rule = addRule(db, { name: 'Everything', groupIds: [PILOT] });
    planRuns(db, NOW);
    const runId = nextRun(db)?.runId ?? 0;
    expect(runSlice(db, runId, { now: NOW, storesContent: true })).toMatchObject({
      isOver: false,
      updates: 500,
    });
    setRuleEnabled(db, rule.ruleId, false, EDITOR);
    expect(runSlice(db, runId, { now: NOW, storesContent: true })).toMatchObject({
      isOver: true,
      updates: 0,
    });
    expect(listedRuns(db, rule.ruleId, 1)).toMatchObject([{ state: 'stopped', updates: 500 }]);
    setRuleEnabled(db, rule.ruleId, true, EDITOR);
    expect(lookAtRules(db, after(1))).toBe(100);
    expect(listRules(db)[0]?.approvedUpdates).toBe(600);
  });

  it('passes groups over that are no more, and says so', () => {
    addUpdate(db, { updateId: UPDATE });
    addRule(db, { name: 'Ring', groupIds: [RING, PILOT] });
    addRule(db, { name: 'Ring alone', groupIds: [RING] });
    deleteGroup(db, RING);
    expect(lookAtRules(db, NOW)).toBe(1);
    expect(listRules(db).map(({ missingGroupIds }) => missingGroupIds)).toEqual([[RING], [RING]]);
    expect(decisionLines(db)).toEqual([`${UPDATE} ${PILOT} Install - Ring`]);
  });

  it('is entered into the audit log once a run, as an actor of its own', () => {
    for (let number = 1; number <= 600; number += 1)
      addUpdate(db, { updateId: guidOf(number), title: `T${number}` });
    const { ruleId } = addRule(db, { name: 'Everything', groupIds: [PILOT, RING] });
    lookAtRules(db, NOW);
    lookAtRules(db, after(1));
    const Entry = z.object({
      actor_kind: z.string(),
      actor_name: z.string(),
      action: z.string(),
      subjects: z.string(),
      value_after: z.string(),
    });
    const entries = z.array(Entry).parse(db.prepare('SELECT * FROM audit_entry').all());
    expect(entries).toHaveLength(1);
    const { subjects, value_after: made, ...entry } = entries[0]!;
    expect(entry).toEqual({ actor_kind: 'rule', actor_name: 'Everything', action: 'approval.set' });
    const named = z.array(z.unknown()).parse(JSON.parse(subjects));
    expect(named).toHaveLength(501);
    expect(named[0]).toEqual({ kind: 'rule', id: String(ruleId), name: 'Everything' });
    expect(named[1]).toEqual({ kind: 'update', id: guidOf(1), name: 'T1' });
    expect(JSON.parse(made)).toMatchObject({ updates: 600, decisions: 1200, state: 'succeeded' });
  });

  it('whose run failed leaves it in the history, and the next look tries again', () => {
    addUpdate(db, { updateId: UPDATE });
    const { ruleId } = addRule(db, { name: 'Everything', groupIds: [PILOT] });
    planRuns(db, NOW);
    failRun(db, nextRun(db)?.runId ?? 0, NOW);
    expect(listedRuns(db, ruleId, 5)).toMatchObject([{ state: 'failed', updates: 0 }]);
    expect(lookAtRules(db, after(1))).toBe(1);
  });
});

describe('rules', () => {
  it('are refused under a name that is taken, for groups, categories and zones that are not here', () => {
    addRule(db, { name: 'One', groupIds: [PILOT] });
    const make = (body: object) => () =>
      createRule(db, RuleBody.parse({ name: 'Two', groupIds: [PILOT], ...body }), EDITOR);
    expect(make({ name: 'ONE' })).toThrow(/already/);
    expect(make({ groupIds: [guidOf(404)] })).toThrow(/group/);
    expect(make({ conditions: { products: [guidOf(404)] } })).toThrow(/no product or classification/);
    expect(make({ deadline: { days: 1, timeZone: 'Mars/Olympus' } })).toThrow(/IANA/);
    expect(make({ action: 'PreDeploymentCheck', deadline: { days: 1 } })).toThrow(/Only Install/);
    expect(make({ conditions: { titleIncludes: ['a*b*c*d*e*f*g'] } })).toThrow(/asterisks/);
    expect(listRules(db)).toHaveLength(1);
  });
});
