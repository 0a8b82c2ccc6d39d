/** Scans limited to categories: which StartCategoryScan prefers ([MS-WUSP] 3.1.5.6), and what SyncUpdates brings of them. */
import { clientService, StartCategoryScan } from '../../protocol/wusp/client.ts';
import { ClientServices, deploy, storeRevision } from '../../scripts/testing/client-services.ts';
import { TestAgent } from '../../scripts/testing/test-agent.ts';

const PC = '5c7f4f80-3896-4d10-8a38-469286a0febc';
const guid = (index: number): string => `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;

const category = (
  index: number,
  categoryType: 'Product' | 'UpdateClassification' | 'ProductFamily',
): Parameters<typeof storeRevision>[1] => ({
  revisionId: index,
  updateId: guid(index),
  updateType: 'Category',
  categoryType,
  isLeaf: false,
});
const PRODUCT = category(101, 'Product');
const OTHER_PRODUCT = category(102, 'Product');
const CLASSIFICATION = category(103, 'UpdateClassification');
const OTHER_CLASSIFICATION = category(104, 'UpdateClassification');
const FAMILY = category(105, 'ProductFamily');
const DETECTOID = { revisionId: 106, updateId: guid(106), updateType: 'Detectoid', isLeaf: false } as const;
const UNKNOWN = guid(999);

function startServer(): ClientServices {
  const server = new ClientServices();
  const stored = [PRODUCT, OTHER_PRODUCT, CLASSIFICATION, OTHER_CLASSIFICATION, FAMILY, DETECTOID];
  for (const revision of stored) storeRevision(server.db, revision);
  return server;
}

/** @param groups each the categories of one AND group */
const prefer = async (...groups: readonly (readonly string[])[]) =>
  await startServer().call(clientService, StartCategoryScan, {
    requestedCategories: groups.flatMap((group, IndexOfAndGroup) =>
      group.map((CategoryId) => ({ IndexOfAndGroup, CategoryId })),
    ),
  });

describe('StartCategoryScan', () => {
  it('prefers a product that stands alone', async () => {
    expect(await prefer([PRODUCT.updateId])).toEqual({
      preferredCategoryIds: [PRODUCT.updateId],
      requestedCategoryIdsInError: [],
    });
  });

  it('prefers the product alone of a product with a classification, whichever comes first', async () => {
    for (const group of [
      [PRODUCT.updateId, CLASSIFICATION.updateId],
      [CLASSIFICATION.updateId, PRODUCT.updateId],
    ])
      expect((await prefer(group)).preferredCategoryIds).toEqual([PRODUCT.updateId]);
  });

  it('prefers the products of all groups, each once', async () => {
    const { preferredCategoryIds } = await prefer(
      [PRODUCT.updateId],
      [OTHER_PRODUCT.updateId, CLASSIFICATION.updateId],
      [PRODUCT.updateId, OTHER_CLASSIFICATION.updateId],
    );
    expect(preferredCategoryIds).toEqual([PRODUCT.updateId, OTHER_PRODUCT.updateId]);
  });

  it('names what it does not know, and leaves out the whole group, but no other', async () => {
    expect(await prefer([OTHER_PRODUCT.updateId, UNKNOWN], [PRODUCT.updateId])).toEqual({
      preferredCategoryIds: [PRODUCT.updateId],
      requestedCategoryIdsInError: [UNKNOWN],
    });
  });

  it('knows no category in a detectoid', async () => {
    expect((await prefer([DETECTOID.updateId])).requestedCategoryIdsInError).toEqual([DETECTOID.updateId]);
  });

  it.each([
    ['two products', [PRODUCT.updateId, OTHER_PRODUCT.updateId]],
    ['a classification alone', [CLASSIFICATION.updateId]],
    ['two classifications', [CLASSIFICATION.updateId, OTHER_CLASSIFICATION.updateId]],
    [
      'a product with two classifications',
      [PRODUCT.updateId, CLASSIFICATION.updateId, OTHER_CLASSIFICATION.updateId],
    ],
    ['a family of products', [FAMILY.updateId]],
    ['a product with its family', [PRODUCT.updateId, FAMILY.updateId]],
  ])(
    'prefers nothing at all where a group is %s, and still names what it does not know',
    async (_what, group) => {
      expect(await prefer([OTHER_PRODUCT.updateId], group, [UNKNOWN])).toEqual({
        preferredCategoryIds: [],
        requestedCategoryIdsInError: [UNKNOWN],
      });
    },
  );
});

const IN_PRODUCT = { revisionId: 1, updateId: guid(1), requires: [DETECTOID.updateId] };
const ELSEWHERE = { revisionId: 2, updateId: guid(2) };
const NOT_DEPLOYED = { revisionId: 3, updateId: guid(3) };

async function begin(protocolVersion?: string): Promise<TestAgent> {
  const server = startServer();
  for (const revision of [IN_PRODUCT, ELSEWHERE, NOT_DEPLOYED]) storeRevision(server.db, revision);
  server.db.prepare('INSERT INTO revision_category VALUES (?, ?)').run(1, PRODUCT.updateId);
  for (const revision of [IN_PRODUCT, ELSEWHERE]) deploy(server.db, revision);
  return await new TestAgent(server, PC, protocolVersion).enrol();
}
const ids = (updates: readonly { readonly ID: number }[] | undefined): number[] =>
  (updates ?? []).map(({ ID }) => ID);
const FILTER = { FilterCategoryIds: [{ Id: PRODUCT.updateId }] };

describe('FilterCategoryIds', () => {
  it('limits a scan to what is in these categories and what that depends on', async () => {
    const agent = await begin();
    expect(ids((await agent.sync(FILTER)).NewUpdates)).toEqual([106]);
    expect(ids((await agent.sync({ ...FILTER, InstalledNonLeafUpdateIDs: [106] })).NewUpdates)).toEqual([1]);
  });

  it('limits nothing where it is empty, and leaves nothing where no such category is known', async () => {
    const agent = await begin();
    expect(ids((await agent.sync({ FilterCategoryIds: [] })).NewUpdates)).toEqual([106, 2]);
    expect((await agent.sync({ FilterCategoryIds: [{ Id: UNKNOWN }] })).NewUpdates).toBeUndefined();
  });

  it('changes nothing in how an update is deployed that is there as a dependency and approved by itself', async () => {
    const agent = await begin();
    deploy(agent.server.db, DETECTOID, { action: 'PreDeploymentCheck' });
    const [detectoid] = (await agent.sync(FILTER)).NewUpdates ?? [];
    expect(detectoid).toMatchObject({ ID: 106, Deployment: { Action: 'PreDeploymentCheck' } });
    expect((await agent.sync()).NewUpdates).toContainEqual(detectoid);
  });
});

describe('NeedTwoGroupOutOfScopeUpdates', () => {
  const cached = { ...FILTER, InstalledNonLeafUpdateIDs: [106], OtherCachedUpdateIDs: [1, 2, 3, 777] };

  it('has what is deployed but outside the categories told apart from what is to be removed', async () => {
    const answer = await (await begin()).sync({ ...cached, NeedTwoGroupOutOfScopeUpdates: true });
    expect(answer.OutOfScopeRevisionIDs).toEqual([3, 777]);
    expect(answer.DeployedOutOfScopeRevisionIds).toEqual([2]);
  });

  it('is needed for that, and a protocol of 1.7', async () => {
    for (const [version, NeedTwoGroupOutOfScopeUpdates] of [
      ['2.90', false],
      ['1.6', true],
    ] as const) {
      const answer = await (await begin(version)).sync({ ...cached, NeedTwoGroupOutOfScopeUpdates });
      expect(answer.OutOfScopeRevisionIDs?.toSorted((a, b) => a - b)).toEqual([2, 3, 777]);
      expect(answer.DeployedOutOfScopeRevisionIds).toBeUndefined();
    }
  });

  it('lists nothing as deployed where the scan is of all categories', async () => {
    const { FilterCategoryIds: _none, ...unfiltered } = cached;
    const answer = await (await begin()).sync({ ...unfiltered, NeedTwoGroupOutOfScopeUpdates: true });
    expect(answer.OutOfScopeRevisionIDs).toEqual([3, 777]);
    expect(answer.DeployedOutOfScopeRevisionIds).toBeUndefined();
  });
});
