/** Which groups a computer is in decides what it is offered, whoever says so: the computer itself or an administrator. */
import {
  ClientServices,
  deploy,
  storeRevision,
  ALL_COMPUTERS,
} from '../../scripts/testing/client-services.ts';
import { TestAgent } from '../../scripts/testing/test-agent.ts';

const PC = '5c7f4f80-3896-4d10-8a38-469286a0febc';
const guid = (index: number): string => `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;
const FOR_SITE = { revisionId: 1, updateId: guid(1) };
const FOR_DESKS = { revisionId: 2, updateId: guid(2) };
const FOR_LAB = { revisionId: 3, updateId: guid(3) };
const FOR_ALL = { revisionId: 4, updateId: guid(4) };

/** Site > Desks, and Lab beside Site; one update for each of them, and one for All Computers. */
function startServer(targeting: 'client' | 'server'): ClientServices {
  const server = new ClientServices({ config: { client: { targeting } } });
  for (const [groupId, parentId, name] of [
    ['g-site', ALL_COMPUTERS, 'Site'],
    ['g-desks', 'g-site', 'Desks'],
    ['g-lab', ALL_COMPUTERS, 'Lab'],
  ])
    server.db.prepare('INSERT INTO target_group VALUES (?, ?, ?, 0)').run(groupId, parentId, name);
  for (const revision of [FOR_SITE, FOR_DESKS, FOR_LAB, FOR_ALL]) storeRevision(server.db, revision);
  deploy(server.db, FOR_SITE, { groupId: 'g-site' });
  deploy(server.db, FOR_DESKS, { groupId: 'g-desks' });
  deploy(server.db, FOR_LAB, { groupId: 'g-lab' });
  deploy(server.db, FOR_ALL);
  return server;
}

const offeredTo = async (agent: TestAgent): Promise<number[]> =>
  ((await agent.sync()).NewUpdates ?? []).map(({ ID }) => ID);

describe('client-side targeting', () => {
  it.each([
    ['the group above as well', 'Desks', [1, 2, 4]],
    ['only what is for the groups above, not below', 'Site', [1, 4]],
    ['all of several groups', 'Lab;Desks', [1, 2, 3, 4]],
    ['what is for all computers where no such group exists', 'Nowhere', [4]],
    ['what is for all computers where it names none', undefined, [4]],
  ])('offers a computer %s', async (_what, named, expected) => {
    const agent = await new TestAgent(startServer('client'), PC).enrol(named);
    expect(await offeredTo(agent)).toEqual(expected);
  });

  it('follows a computer that names another group, with the very cookie it gets for it', async () => {
    const agent = await new TestAgent(startServer('client'), PC).enrol('Desks');
    await agent.getCookie(agent.cookie, 'Lab');
    const { NewUpdates, OutOfScopeRevisionIDs } = await agent.sync({ OtherCachedUpdateIDs: [1, 2, 4] });
    expect(NewUpdates?.map(({ ID }) => ID)).toEqual([3]);
    expect(OutOfScopeRevisionIDs).toEqual([1, 2]);
  });
});

describe('server-side targeting', () => {
  it('goes by where an administrator put the computer, whatever it names', async () => {
    const server = startServer('server');
    const agent = await new TestAgent(server, PC).enrol('Lab');
    expect(await offeredTo(agent)).toEqual([4]);
    server.db.prepare('INSERT INTO computer_group VALUES (?, ?)').run(PC, 'g-desks');
    expect(await offeredTo(agent)).toEqual([1, 2, 4]);
  });
});
