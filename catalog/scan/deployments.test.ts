/** What a computer is offered by what administrators decided for its groups, case by case. */
import {
  ALL_COMPUTERS,
  approval,
  committed,
  plain,
  removeWorld,
  storeWorld,
  UNASSIGNED,
} from '../../scripts/testing/stored-world.ts';
import type { DecisionRow } from '../store/scan-rows.ts';
import type { ReferenceRevision } from './reference-scan.ts';
import type { OfferedRevision } from './scan.ts';

const SOONER = '2026-12-01T00:00:00.000Z';
const LATER = '2026-12-24T00:00:00.000Z';

/** All Computers > site > office > desks, and lab beside site. */
const GROUPS = [
  { groupId: ALL_COMPUTERS, parentId: null },
  { groupId: 'site', parentId: ALL_COMPUTERS },
  { groupId: 'office', parentId: 'site' },
  { groupId: 'desks', parentId: 'office' },
  { groupId: 'lab', parentId: ALL_COMPUTERS },
];

const UPDATE = plain(1, 'update');

interface Situation {
  readonly revisions?: readonly ReferenceRevision[];
  readonly decisions: readonly DecisionRow[];
  readonly declined?: readonly string[];
  readonly groupIds: readonly string[];
  readonly installed?: readonly number[];
}

function offersIn(situation: Situation): readonly OfferedRevision[] {
  const { revisions = [UPDATE], decisions, declined = [], groupIds, installed = [] } = situation;
  const db = storeWorld({ revisions, groups: GROUPS, decisions, declined });
  const snapshot = committed(db);
  removeWorld(db);
  return snapshot.scan({
    groupIds,
    installedNonLeafRevisionIds: installed,
    otherCachedRevisionIds: [],
    cachedDriverRevisionIds: [],
    pageSize: 100,
    pageBytes: 1_000_000,
  }).newUpdates;
}

/** `updateId action` of each. */
const actionsIn = (situation: Situation): string[] =>
  offersIn(situation).map(({ updateId, deployment }) => `${updateId} ${deployment.action}`);

const decided = (id: number, groupId: string, more: Partial<DecisionRow> = {}): DecisionRow =>
  approval(id, UPDATE, groupId, more);

describe('an approval', () => {
  it.each(['Install', 'OptionalInstall', 'Uninstall', 'PreDeploymentCheck'] as const)(
    'for %s is told as that',
    (action) => {
      const decisions = [decided(1, 'lab', { action })];
      expect(actionsIn({ decisions, groupIds: ['lab'] })).toEqual([`update ${action}`]);
    },
  );

  it('to Block is told as PreDeploymentCheck, and NotApproved as nothing', () => {
    const block = [decided(1, 'lab', { action: 'Block' })];
    expect(actionsIn({ decisions: block, groupIds: ['lab'] })).toEqual(['update PreDeploymentCheck']);
    const not = [decided(1, 'lab', { action: 'NotApproved' })];
    expect(actionsIn({ decisions: not, groupIds: ['lab'] })).toEqual([]);
  });

  it('carries its deadline, and none where it has none', () => {
    const [withDeadline] = offersIn({
      decisions: [decided(1, 'lab', { deadline: SOONER })],
      groupIds: ['lab'],
    });
    expect(withDeadline?.deployment.deadline).toBe(SOONER);
    const [without] = offersIn({ decisions: [decided(1, 'lab')], groupIds: ['lab'] });
    expect(without?.deployment).not.toHaveProperty('deadline');
  });

  it('for All Computers reaches every group, the unassigned among them; for one group it reaches no other', () => {
    for (const groupId of ['site', 'desks', 'lab', UNASSIGNED])
      expect(actionsIn({ decisions: [decided(1, ALL_COMPUTERS)], groupIds: [groupId] })).toEqual([
        'update Install',
      ]);
    for (const groupId of ['lab', UNASSIGNED])
      expect(actionsIn({ decisions: [decided(1, 'site')], groupIds: [groupId] })).toEqual([]);
  });

  it('is inherited down the tree until a group below decides otherwise, from there on', () => {
    const decisions = [decided(1, 'site'), decided(2, 'office', { action: 'Uninstall' })];
    expect(actionsIn({ decisions, groupIds: ['site'] })).toEqual(['update Install']);
    expect(actionsIn({ decisions, groupIds: ['office'] })).toEqual(['update Uninstall']);
    expect(actionsIn({ decisions, groupIds: ['desks'] })).toEqual(['update Uninstall']);
  });

  it('is not inherited past a group that is "not approved", and that group may have groups that are', () => {
    const decisions = [
      decided(1, ALL_COMPUTERS),
      decided(2, 'site', { action: 'NotApproved' }),
      decided(3, 'desks', { action: 'OptionalInstall' }),
    ];
    expect(actionsIn({ decisions, groupIds: ['site'] })).toEqual([]);
    expect(actionsIn({ decisions, groupIds: ['office'] })).toEqual([]);
    expect(actionsIn({ decisions, groupIds: ['desks'] })).toEqual(['update OptionalInstall']);
    expect(actionsIn({ decisions, groupIds: ['lab'] })).toEqual(['update Install']);
  });

  it('reaches nobody once the update is declined, whichever group it was made for', () => {
    const decisions = [decided(1, ALL_COMPUTERS), decided(2, 'lab')];
    for (const groupId of ['lab', 'desks', UNASSIGNED])
      expect(actionsIn({ decisions, declined: ['update'], groupIds: [groupId] })).toEqual([]);
  });
});

describe('a computer in several groups', () => {
  const STRONGEST_FIRST = [
    'Install',
    'OptionalInstall',
    'Uninstall',
    'PreDeploymentCheck',
    'Block',
    'NotApproved',
  ] as const;
  const pairs = STRONGEST_FIRST.flatMap((strong, place) =>
    STRONGEST_FIRST.slice(place + 1).map((weak) => [strong, weak] as const),
  );

  it.each(pairs)('takes %s rather than %s', (strong, weak) => {
    const told = strong === 'Block' ? 'PreDeploymentCheck' : strong;
    for (const [first, second] of [
      [strong, weak],
      [weak, strong],
    ] as const) {
      const decisions = [decided(1, 'desks', { action: first }), decided(2, 'lab', { action: second })];
      expect(actionsIn({ decisions, groupIds: ['desks', 'lab'] })).toEqual([`update ${told}`]);
    }
  });

  it('takes the earliest deadline of the strongest action, and that of no weaker one', () => {
    const deadlineOf = (...decisions: DecisionRow[]): string | undefined =>
      offersIn({ decisions, groupIds: ['desks', 'lab'] })[0]?.deployment.deadline;
    expect(deadlineOf(decided(1, 'site', { deadline: LATER }), decided(2, 'lab', { deadline: SOONER }))).toBe(
      SOONER,
    );
    expect(deadlineOf(decided(1, 'site', { deadline: LATER }), decided(2, 'lab'))).toBe(LATER);
    expect(
      deadlineOf(
        decided(1, 'site', { deadline: LATER }),
        decided(2, 'lab', { action: 'Uninstall', deadline: SOONER }),
      ),
    ).toBe(LATER);
  });
});

describe('what an update needs', () => {
  const PRODUCT = plain(10, 'product', { updateType: 'Category' });
  const DETECTOID = plain(11, 'detectoid', { updateType: 'Detectoid', clauses: [['product']] });
  const NEEDY = plain(12, 'needy', { clauses: [['product'], ['other', 'detectoid']] });
  const revisions = [NEEDY, DETECTOID, PRODUCT];
  const decisions = [approval(1, NEEDY, 'lab')];
  const at = (installed: readonly number[]): string[] =>
    actionsIn({ revisions, decisions, groupIds: ['lab'], installed });

  it('is sent before it, level by level, to be evaluated and no more', () => {
    expect(at([])).toEqual(['product Evaluate']);
    expect(at([10])).toEqual(['detectoid Evaluate']);
    expect(at([10, 11])).toEqual(['needy Install']);
  });

  it('must be installed in every clause, in any one of each', () => {
    expect(at([11])).not.toContain('needy Install');
    const other = plain(13, 'other', { updateType: 'Detectoid' });
    const installed = [10, 13];
    expect(
      actionsIn({ revisions: [...revisions, other], decisions, groupIds: ['lab'], installed }),
    ).toContain('needy Install');
  });

  it('is no leaf, where it is itself one', () => {
    const leaves = new Map(
      [[], [10], [10, 11]]
        .flatMap((installed) => offersIn({ revisions, decisions, groupIds: ['lab'], installed }))
        .map(({ updateId, isLeaf }) => [updateId, isLeaf]),
    );
    expect(leaves).toEqual(
      new Map([
        ['product', false],
        ['detectoid', false],
        ['needy', true],
      ]),
    );
  });
});

describe('a bundle', () => {
  const INNER_MEMBER = plain(20, 'inner-member');
  const INNER = plain(21, 'inner', { bundled: [{ updateId: 'inner-member', revisionNumber: 1 }] });
  const OUTER = plain(22, 'outer', {
    bundled: [
      { updateId: 'inner', revisionNumber: 1 },
      { updateId: 'not-here', revisionNumber: 1 },
    ],
  });
  const revisions = [OUTER, INNER, INNER_MEMBER];

  it('comes after its members, members of members first, each to be installed with it alone', () => {
    expect(actionsIn({ revisions, decisions: [approval(1, OUTER, 'lab')], groupIds: ['lab'] })).toEqual([
      'inner-member Bundle',
      'inner Bundle',
      'outer Install',
    ]);
  });

  it('leaves a member that was approved by itself to that approval', () => {
    const decisions = [
      approval(1, OUTER, 'lab'),
      approval(2, INNER_MEMBER, ALL_COMPUTERS, { action: 'OptionalInstall' }),
    ];
    expect(actionsIn({ revisions, decisions, groupIds: ['lab'] })).toContain('inner-member OptionalInstall');
  });
});

describe('an update with several revisions', () => {
  const OLD = plain(1, 'update');
  const NEW = plain(2, 'update', { revisionNumber: 2 });
  const numbersOf = (...decisions: DecisionRow[]): number[] =>
    offersIn({ revisions: [OLD, NEW], decisions, groupIds: ['desks', 'lab'] }).map(
      ({ revisionNumber }) => revisionNumber,
    );

  it('is sent in the one that is deployed, the highest where several are, and in one only', () => {
    expect(numbersOf(approval(1, OLD, 'lab'))).toEqual([1]);
    expect(numbersOf(approval(1, OLD, 'lab'), approval(2, NEW, 'desks'))).toEqual([2]);
  });
});

describe('an update that another supersedes', () => {
  const OLD = plain(1, 'old');
  const NEW = plain(2, 'new', {
    core: '<Relationships><SupersededUpdates><UpdateIdentity UpdateID="old" /></SupersededUpdates></Relationships>',
  });
  const revisions = [OLD, NEW];
  const decisions = [approval(1, OLD, 'lab'), approval(2, NEW, 'lab')];

  it('is sent beside it while both are approved: agents see by the metadata which of them is to be installed', () => {
    const offers = offersIn({ revisions, decisions, groupIds: ['lab'] });
    expect(offers.map(({ updateId }) => updateId)).toEqual(['old', 'new']);
    expect(offers[1]?.core.toString()).toContain('&lt;SupersededUpdates&gt;');
  });

  it('is gone once it is declined', () => {
    expect(actionsIn({ revisions, decisions, declined: ['old'], groupIds: ['lab'] })).toEqual([
      'new Install',
    ]);
  });
});
