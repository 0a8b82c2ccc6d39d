import { RuleBody, type Rule } from '../../../protocol/console/rules.ts';
import { buildTree } from '../tree/tree.ts';
import { blankDraft, draftOf, ruleOf, topmost, unknownTo } from './rule-draft.ts';
import { texts } from './texts.ts';

const GROUP = 'a0a08746-4dbe-4a37-9adf-9e7652c0b421';
const GONE = 'b73ca6ed-5727-47f3-84de-015e03f6a88a';
const t = texts.en;

const ruleFrom = (body: RuleBody): Rule => ({
  ...body,
  ruleId: 1,
  version: 1,
  missingGroupIds: [],
  createdBy: 'ada',
  createdAt: '',
  changedBy: 'ada',
  changedAt: '',
  approvedUpdates: 0,
});

describe('a rule that is edited', () => {
  it('is saved as it was read where nobody changes anything', () => {
    const body = RuleBody.parse({
      name: 'Monthly',
      enabled: true,
      groupIds: [GROUP],
      conditions: {
        classifications: [GONE],
        titleIncludes: ['Cumulative*x64', '.NET'],
        titleExcludes: ['Preview'],
        severities: ['Critical', 'None'],
        updateTypes: ['Software'],
        superseded: 'include',
        ageDays: 3,
      },
      deadline: { days: 5, time: '21:30', timeZone: 'Asia/Seoul' },
      acceptTerms: true,
    });
    expect(ruleOf(draftOf(ruleFrom(body), 'UTC'), true, t)).toEqual({ body });
  });

  it('leaves out groups that are no more', () => {
    const rule = ruleFrom(RuleBody.parse({ name: 'x', groupIds: [GROUP, GONE] }));
    expect(draftOf({ ...rule, missingGroupIds: [GONE] }, 'UTC').groupIds).toEqual([GROUP]);
  });

  it('says with each field what is amiss, in the reader’s language', () => {
    const draft = {
      ...blankDraft('UTC'),
      titleIncludes: 'fine\n***',
      ageDays: 'two',
      hasDeadline: true,
      days: '-1',
      time: '25:00',
    };
    const result = ruleOf(draft, false, texts.ko);
    expect(new Map('problems' in result ? result.problems : [])).toEqual(
      new Map([
        ['name', texts.ko.problem.name],
        ['titleIncludes', texts.ko.problem.titles],
        ['ageDays', texts.ko.problem.ageDays],
        ['groupIds', texts.ko.problem.groupIds],
        ['days', texts.ko.problem.days],
        ['time', texts.ko.problem.time],
      ]),
    );
  });

  it('has a deadline for installation alone', () => {
    const draft = { ...blankDraft('UTC'), name: 'x', groupIds: [GROUP], hasDeadline: true };
    expect(ruleOf(draft, false, t)).toMatchObject({ body: { deadline: { days: 7, time: '03:00' } } });
    const optional = ruleOf({ ...draft, action: 'OptionalInstall' }, false, t);
    expect('body' in optional && optional.body.deadline).toBeUndefined();
  });
});

it('A family that is chosen stands for what is below it, and what the tree does not know stays chosen', () => {
  const tree = buildTree(
    [
      { id: 'windows' },
      { id: 'windows-10', parentId: 'windows' },
      { id: 'windows-11', parentId: 'windows' },
      { id: 'office' },
    ],
    ({ id }) => id,
  );
  expect(topmost(tree, new Set(['windows', 'windows-10', 'windows-11']))).toEqual(['windows']);
  expect(topmost(tree, new Set(['windows-10', 'office']))).toEqual(['windows-10', 'office']);
  expect(unknownTo(tree, ['office', 'elsewhere'])).toEqual(['elsewhere']);
});

it('Every sentence is there in Korean, and none is the English one', () => {
  const leaves = (value: object, path = ''): [string, unknown][] =>
    Object.entries(value).flatMap(([key, one]: [string, unknown]): [string, unknown][] =>
      typeof one === 'object' && one !== null ? leaves(one, `${path}${key}.`) : [[`${path}${key}`, one]],
    );
  const en = new Map(leaves(texts.en));
  const ko = new Map(leaves(texts.ko));
  expect([...ko.keys()]).toEqual([...en.keys()]);
  for (const [key, text] of ko) {
    if (typeof text === 'string') expect([key, text]).not.toEqual([key, en.get(key)]);
  }
});
