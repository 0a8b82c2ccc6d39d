import { approve, decline } from '../../catalog/store/decisions/deployments.ts';
import { createGroup, deleteGroup } from '../../catalog/store/groups/target-groups.ts';
import { importRevisions } from '../../catalog/store/revisions/revisions.ts';
import type { ResponseOf } from '../../protocol/soap/table.ts';
import { GetDeployments } from '../../protocol/wsusss/deployments.ts';
import { guidOf, writeDocument } from '../../scripts/testing/update-documents.ts';
import {
  START,
  cookie,
  faultOf,
  sync,
  upstream,
  useUpstream,
} from '../../scripts/testing/upstream-client.ts';

const ALL_COMPUTERS = 'a0a08746-4dbe-4a37-9adf-9e7652c0b421';
const UNASSIGNED_COMPUTERS = 'b73ca6ed-5727-47f3-84de-015e03f6a88a';
const EULA = guidOf(900);
const ADA = { adminName: 'ada', now: START, storesContent: false };

useUpstream();

const importUpdate = (number: number): void =>
  void importRevisions(
    upstream().db,
    [
      {
        document: writeDocument({
          updateId: guidOf(number),
          properties: { ExplicitlyDeployable: 'true', ...(number === 1 ? { EulaID: EULA } : {}) },
          texts: [{ language: 'en', title: `Update ${number}` }],
        }),
        fileUrls: new Map(),
      },
    ],
    START,
  );

const deploy = (number: number, groupId: string, more: object = {}): void =>
  void approve(
    upstream().db,
    { updateIds: [guidOf(number)], groupIds: [groupId], action: 'Install', acceptEulaIds: [EULA], ...more },
    ADA,
  );

/** The anchor of a replica that has the catalogue up to an import. */
const syncAnchorOf = (sequence: number): string => `${sequence},2026-03-01 12:00:00.000`;

type Answer = NonNullable<ResponseOf<typeof GetDeployments>['GetDeploymentsResult']>;

async function ask(deploymentAnchor?: string, syncAnchor = syncAnchorOf(1)): Promise<Answer> {
  const { GetDeploymentsResult: result } = await sync(GetDeployments, {
    cookie: await cookie(),
    syncAnchor,
    ...(deploymentAnchor === undefined ? {} : { deploymentAnchor }),
  });
  if (result === undefined) throw new Error('no result');
  return result;
}

const guidsIn = (answer: Answer): (string | undefined)[] =>
  (answer.Deployments ?? []).map(({ UpdateId: updateId }) => updateId);

describe('a replica that asks for deployments', () => {
  it('is told of groups with their parents, approvals, declines and accepted terms in the words of the specification', async () => {
    importUpdate(1);
    importUpdate(2);
    const { db } = upstream();
    const servers = createGroup(db, 'Servers', ALL_COMPUTERS).groupId;
    const web = createGroup(db, 'Web', servers).groupId;
    deploy(1, servers, { deadline: new Date('2026-07-01T18:30:00Z') });
    deploy(1, web, { action: 'OptionalInstall' });
    decline(db, [guidOf(2)], ADA);
    const answer = await ask(undefined, syncAnchorOf(2));
    expect(answer.Anchor).toMatch(/^\d+,2026-03-01 12:00:00\.000$/);
    const zero = '00000000-0000-0000-0000-000000000000';
    const group = (id: string, parent: string, name: string, isBuiltin: boolean) => ({
      TargetGroupID: id,
      ParentGroupId: parent,
      Name: name,
      IsBuiltin: isBuiltin,
    });
    expect(answer.Groups).toEqual([
      group(ALL_COMPUTERS, zero, 'All Computers', true),
      group(servers, ALL_COMPUTERS, 'Servers', false),
      group(UNASSIGNED_COMPUTERS, ALL_COMPUTERS, 'Unassigned Computers', true),
      group(web, servers, 'Web', false),
    ]);
    const deployment = {
      UpdateId: guidOf(1),
      RevisionNumber: 1,
      Action: 0,
      AdminName: 'ada',
      GoLiveTime: '2026-03-01T12:00:00.000',
      DeploymentGuid: expect.stringMatching(/^[-0-9a-f]{36}$/),
      DownloadPriority: 1,
    };
    expect(answer.Deployments).toEqual([
      { ...deployment, TargetGroupId: servers, IsAssigned: true, Deadline: '2026-07-01T18:30:00.000' },
      { ...deployment, TargetGroupId: web, IsAssigned: false, Deadline: '9999-12-31T23:59:59.9999999' },
    ]);
    expect(answer.DeadDeployments).toEqual([]);
    expect(answer.HiddenUpdates).toEqual([guidOf(2)]);
    expect(answer.AcceptedEulas).toEqual([EULA]);
  });

  it('is told of each kind of decision by the number that the specification has for it', async () => {
    const wire = {
      Install: [0, true],
      OptionalInstall: [0, false],
      PreDeploymentCheck: [2, true],
      Block: [3, true],
      NotApproved: [3, false],
    } as const;
    importUpdate(1);
    for (const [action, [number, isAssigned]] of Object.entries(wire)) {
      deploy(1, ALL_COMPUTERS, { action });
      expect((await ask()).Deployments).toMatchObject([{ Action: number, IsAssigned: isAssigned }]);
    }
  });

  it('is told afterwards only what is new, altered or gone, also with its group, and of groups and declines always all', async () => {
    for (const number of [1, 2, 3]) importUpdate(number);
    const { db } = upstream();
    const servers = createGroup(db, 'Servers', ALL_COMPUTERS).groupId;
    deploy(1, ALL_COMPUTERS);
    deploy(2, servers);
    const first = await ask(undefined, syncAnchorOf(3));
    expect(guidsIn(first)).toEqual([guidOf(1), guidOf(2)]);
    const gone = first.Deployments?.[1]?.DeploymentGuid;

    const nothing = await ask(first.Anchor, syncAnchorOf(3));
    expect(nothing).toMatchObject({ Anchor: first.Anchor, Deployments: [], DeadDeployments: [] });
    expect(nothing.Groups).toHaveLength(3);

    deploy(3, ALL_COMPUTERS);
    deleteGroup(db, servers);
    const second = await ask(first.Anchor, syncAnchorOf(3));
    expect(guidsIn(second)).toEqual([guidOf(3)]);
    expect(second.DeadDeployments).toEqual([gone]);
    expect(second.Groups).toHaveLength(2);
    expect(second.Anchor).not.toBe(first.Anchor);
  });

  it('is not told of updates that it has not heard of, and is told once it has', async () => {
    importUpdate(1);
    deploy(1, ALL_COMPUTERS);
    importUpdate(2);
    deploy(2, ALL_COMPUTERS);
    importUpdate(3);
    deploy(1, UNASSIGNED_COMPUTERS);
    const first = await ask(undefined, syncAnchorOf(1));
    expect(guidsIn(first)).toEqual([guidOf(1), guidOf(1)]);
    const second = await ask(first.Anchor, syncAnchorOf(3));
    expect(guidsIn(second)).toEqual([guidOf(2), guidOf(1)]);
    expect((await ask(second.Anchor, syncAnchorOf(3))).Deployments).toEqual([]);
  });

  it('has to begin anew where its anchors are of another history of the database', async () => {
    importUpdate(1);
    deploy(1, ALL_COMPUTERS);
    const { Anchor: anchor = '' } = await ask();
    const otherTime = anchor.replace('12:00', '12:01');
    expect(await faultOf(ask(otherTime))).toBe('ServerChanged: deploymentAnchor');
    expect(await faultOf(ask(anchor.replace(/^\d+/, '99')))).toBe('ServerChanged: deploymentAnchor');
    expect(await faultOf(ask(anchor, syncAnchorOf(99)))).toBe('ServerChanged: syncAnchor');
  });

  it('needs a cookie and well-formed anchors', async () => {
    importUpdate(1);
    expect(await faultOf(ask('yesterday'))).toBe('InvalidParameters: deploymentAnchor');
    expect(await faultOf(ask(undefined, 'yesterday'))).toBe('InvalidParameters: syncAnchor');
    expect(await faultOf(ask(undefined, ''))).toBe('InvalidParameters: syncAnchor');
    expect(await ask('')).toMatchObject({ Deployments: [] });
    expect(await faultOf(sync(GetDeployments, { syncAnchor: syncAnchorOf(1) }))).toMatch(/^InvalidCookie/);
  });
});
