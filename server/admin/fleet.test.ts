import { api } from '../../protocol/console/api.ts';
import { UPDATE_STATES, type UpdateState } from '../../protocol/console/status.ts';
import { ConsoleHarness, type ConsoleClient } from '../../scripts/fixtures/console-harness.ts';

const ALL_COMPUTERS = 'a0a08746-4dbe-4a37-9adf-9e7652c0b421';
const UNASSIGNED = 'b73ca6ed-5727-47f3-84de-015e03f6a88a';
const UNKNOWN_GROUP = '00000000-1111-4222-8333-444444444444';

describe('target groups', () => {
  let harness: ConsoleHarness;
  let admin: ConsoleClient;
  beforeEach(async () => {
    harness = await ConsoleHarness.start({ catalogue: false });
    admin = harness.signedInClient();
  }, 60_000);
  afterEach(() => harness.close());

  const make = async (name: string, parentId = ALL_COMPUTERS): Promise<string> =>
    (await admin.call(api.createGroup, { body: { name, parentId } })).groupId;

  it('are made, renamed, moved and deleted', async () => {
    const servers = await make('Servers');
    const web = await make(' Web ', servers);
    expect((await admin.call(api.groups)).map(({ name, parentId }) => [name, parentId])).toEqual([
      ['All Computers', undefined],
      ['Servers', ALL_COMPUTERS],
      ['Unassigned Computers', ALL_COMPUTERS],
      ['Web', servers],
    ]);
    const params = { groupId: web };
    expect(await admin.call(api.changeGroup, { params, body: { name: 'web' } })).toMatchObject({
      name: 'web',
    });
    expect(await admin.call(api.changeGroup, { params, body: { parentId: ALL_COMPUTERS } })).toMatchObject({
      name: 'web',
      parentId: ALL_COMPUTERS,
    });
    await admin.call(api.deleteGroup, { params });
    expect(await admin.refused(api.deleteGroup, { params })).toMatchObject({
      status: 404,
      code: 'GROUP_UNKNOWN',
    });
  });

  it('have names of their own, whatever the case', async () => {
    await make('Servers');
    const second = await make('Clients');
    for (const name of ['Servers', 'SERVERS', 'all computers']) {
      expect(await admin.refused(api.createGroup, { body: { name, parentId: ALL_COMPUTERS } })).toMatchObject(
        {
          status: 409,
          code: 'GROUP_NAME_TAKEN',
        },
      );
    }
    expect(
      await admin.refused(api.changeGroup, { params: { groupId: second }, body: { name: 'servers' } }),
    ).toMatchObject({ code: 'GROUP_NAME_TAKEN' });
  });

  it('never end up below themselves', async () => {
    const top = await make('Top');
    const middle = await make('Middle', top);
    const bottom = await make('Bottom', middle);
    for (const parentId of [top, middle, bottom]) {
      expect(
        await admin.refused(api.changeGroup, { params: { groupId: top }, body: { parentId } }),
      ).toMatchObject({ status: 409, code: 'GROUP_CYCLE' });
    }
  });

  const refuseBelow = (parentId: string) =>
    admin.refused(api.createGroup, { body: { name: 'New', parentId } });

  it('that are built in stay as they are, and only one of them has groups below it', async () => {
    for (const groupId of [ALL_COMPUTERS, UNASSIGNED]) {
      const params = { groupId };
      expect(await admin.refused(api.deleteGroup, { params })).toMatchObject({ code: 'GROUP_BUILTIN' });
      expect(await admin.refused(api.changeGroup, { params, body: { name: 'Mine' } })).toMatchObject({
        code: 'GROUP_BUILTIN',
      });
    }
    expect(await refuseBelow(UNASSIGNED)).toMatchObject({ status: 422, code: 'GROUP_PARENT' });
    expect(await refuseBelow(UNKNOWN_GROUP)).toMatchObject({ status: 404, code: 'GROUP_UNKNOWN' });
  });

  it('are deleted only when nothing is below; their computers become unassigned and their decisions go', async () => {
    const servers = await make('Servers');
    const web = await make('Web', servers);
    harness.db.exec("INSERT INTO computer (computer_id, first_contact, last_contact) VALUES ('c1', '', '')");
    await admin.call(api.assignGroups, { body: { computerIds: ['C1'], groupIds: [servers] } });
    const params = { groupId: servers };
    const refusal = await admin.refused(api.deleteGroup, { params });
    expect(refusal).toMatchObject({ status: 409, code: 'GROUP_NOT_EMPTY' });
    expect(refusal.detail).toContain('Web');
    await admin.call(api.deleteGroup, { params: { groupId: web } });
    await admin.call(api.deleteGroup, { params });
    const computer = await admin.call(api.computer, { params: { computerId: 'c1' } });
    expect(computer.groups).toEqual([{ groupId: UNASSIGNED, name: 'Unassigned Computers' }]);
  });

  const assign = (computerIds: string[], groupIds: string[]) => ({ body: { computerIds, groupIds } });

  it('take exactly the computers that are assigned to them', async () => {
    const [one, two] = [await make('One'), await make('Two')];
    for (const id of ['c1', 'c2', 'c3']) {
      harness.db
        .prepare("INSERT INTO computer (computer_id, first_contact, last_contact) VALUES (?, '', '')")
        .run(id);
    }
    expect(await admin.call(api.assignGroups, assign(['c1', 'c2', 'c1'], [one, two]))).toEqual({
      changed: 2,
    });
    expect(await admin.call(api.assignGroups, assign(['c1', 'c3'], [two, one]))).toEqual({ changed: 1 });
    expect(await admin.call(api.assignGroups, assign(['c1'], [UNASSIGNED]))).toEqual({ changed: 1 });
    expect(await admin.call(api.assignGroups, assign(['c2'], []))).toEqual({ changed: 1 });
    const counts = new Map((await admin.call(api.groups)).map(({ name, computers }) => [name, computers]));
    expect(counts).toEqual(
      new Map([
        ['All Computers', 0],
        ['One', 1],
        ['Two', 1],
        ['Unassigned Computers', 2],
      ]),
    );
    const refusal = async (computerIds: string[], groupIds: string[]): Promise<string> =>
      (await admin.refused(api.assignGroups, assign(computerIds, groupIds))).code;
    expect(await refusal(['c1', 'c9'], [one])).toBe('COMPUTER_UNKNOWN');
    expect(await refusal(['c1'], [UNKNOWN_GROUP])).toBe('GROUP_UNKNOWN');
    expect(await refusal(['c1'], [ALL_COMPUTERS])).toBe('GROUP_NOT_ASSIGNABLE');
    expect(await refusal(['c1'], [one, UNASSIGNED])).toBe('GROUP_NOT_ASSIGNABLE');
  });
});

const counted = (states: Iterable<UpdateState>): Record<string, number> => {
  const counts = Object.fromEntries(UPDATE_STATES.map((state) => [state, 0]));
  for (const state of states) counts[state] = (counts[state] ?? 0) + 1;
  return counts;
};

describe('computers and their status', () => {
  let harness: ConsoleHarness;
  let admin: ConsoleClient;
  let servers: string;
  let web: string;
  let updateIds: string[];

  beforeAll(async () => {
    harness = await ConsoleHarness.start();
    admin = harness.signedInClient();
    servers = (await admin.call(api.createGroup, { body: { name: 'Servers', parentId: ALL_COMPUTERS } }))
      .groupId;
    web = (await admin.call(api.createGroup, { body: { name: 'Web', parentId: servers } })).groupId;
    for (let index = 0; index < 25; index += 1) {
      harness.db
        .prepare(
          `INSERT INTO computer (computer_id, dns_name, ip_address, os_description, model, computer_info, first_contact, last_contact)
           VALUES (?, ?, ?, ?, ?, '{"BiosName":"Contoso","BiosVersion":"1.2","BiosReleaseDate":"2025-03-14T00:00:00"}', ?, ?)`,
        )
        .run(
          `c${index}`,
          `${index % 2 === 0 ? 'srv' : 'PC'}-${index}.example`,
          `10.0.0.${index}`,
          index % 2 === 0 ? 'Windows Server 2025' : 'Windows 11',
          index === 3 ? '50%_off' : 'Model',
          '2026-01-01T00:00:00.000Z',
          `2026-0${index % 5 === 0 ? 4 : 5}-20T00:00:00.000Z`,
        );
      const group = [servers, web, undefined][index % 3];
      if (group !== undefined)
        harness.db.prepare('INSERT INTO computer_group VALUES (?, ?)').run(`c${index}`, group);
    }
    updateIds = harness.db
      .prepare<[], string>(
        `SELECT update_id FROM revision WHERE is_latest = 1 AND explicitly_deployable = 1 AND eula_id IS NULL
           AND publication_state = 'Published' ORDER BY title LIMIT 6`,
      )
      .pluck()
      .all();
    const install = (ids: string[], groupId: string, action = 'Install') =>
      admin.call(api.approve, { body: { updateIds: ids, groupIds: [groupId], action } });
    await install(updateIds.slice(0, 2), ALL_COMPUTERS);
    await install(updateIds.slice(2, 5), servers);
    await install(updateIds.slice(4, 5), web, 'NotApproved');
    const states = UPDATE_STATES.filter((state) => state !== 'Unknown');
    for (let computer = 0; computer < 25; computer += 1) {
      for (const [index, updateId] of updateIds.entries()) {
        if ((computer + index) % 4 === 0) continue;
        harness.db
          .prepare(
            `INSERT INTO computer_update_status (computer_id, update_id, revision_number, state, error_code, changed_at)
             VALUES (?, ?, 1, ?, ?, '2026-05-20T00:00:00.000Z')`,
          )
          .run(`c${computer}`, updateId, states[(computer * 5 + index * 3) % 6], -2145116147);
      }
    }
  }, 60_000);
  afterAll(() => harness.close());

  /** What is approved for a computer, and its state, the plain way. */
  function reference(index: number): Map<string, UpdateState> {
    const approved = [updateIds.slice(0, 5), updateIds.slice(0, 4), updateIds.slice(0, 2)][index % 3]!;
    return new Map(
      approved.map((updateId) => [
        updateId,
        harness.db
          .prepare<[string, string], UpdateState>(
            'SELECT state FROM computer_update_status WHERE computer_id = ? AND update_id = ?',
          )
          .pluck()
          .get(`c${index}`, updateId) ?? 'Unknown',
      ]),
    );
  }
  const indexes = Array.from({ length: 25 }, (_, index) => index);

  it('count the updates approved for each computer by state, with Unknown for those it said nothing of', async () => {
    const { items, total } = await admin.call(api.computers);
    expect(total).toBe(25);
    for (const index of indexes) {
      const item = items.find(({ computerId }) => computerId === `c${index}`);
      expect(item?.status).toEqual(counted(reference(index).values()));
      const details = await admin.call(api.computer, { params: { computerId: `C${index}` } });
      expect(new Map(details.updates.map(({ updateId, state }) => [updateId, state]))).toEqual(
        reference(index),
      );
    }
    const overview = await admin.call(api.overview);
    expect(overview.status).toEqual(counted(indexes.flatMap((index) => [...reference(index).values()])));
    expect(overview.computers).toEqual({
      total: 25,
      unassigned: 8,
      notSeenFor30Days: 5,
      withFailures: indexes.filter((index) => [...reference(index).values()].includes('Failed')).length,
    });
  });

  it('are filtered by the state of an approved update', async () => {
    for (const status of [
      ['Failed'],
      ['Unknown'],
      ['Installed', 'Unknown'],
      ['Downloaded', 'NotApplicable'],
    ]) {
      const { items, total } = await admin.call(api.computers, { query: { status } });
      const expected = indexes.filter((index) =>
        [...reference(index).values()].some((state) => status.includes(state)),
      );
      expect(items.map(({ computerId }) => computerId).sort()).toEqual(
        expected.map((index) => `c${index}`).sort(),
      );
      expect(total).toBe(expected.length);
    }
  });

  const found = async (query: Record<string, string | string[]>): Promise<number> =>
    (await admin.call(api.computers, { query })).total;

  it('are found by words in name, address, system and model, and by group with the groups below it', async () => {
    expect(await found({ search: 'SRV' })).toBe(13);
    expect(await found({ search: 'windows 11 pc' })).toBe(12);
    expect(await found({ search: '10.0.0.24' })).toBe(1);
    expect(await found({ search: '%_' })).toBe(1);
    expect(await found({ search: '\\' })).toBe(0);
    expect(await found({ group: servers })).toBe(17);
    expect(await found({ group: [web, UNASSIGNED] })).toBe(16);
    expect(await found({ group: ALL_COMPUTERS })).toBe(25);
    expect(await found({ group: 'nothing' })).toBe(0);
  });

  it('are walked in pages exactly once, in whatever order', async () => {
    for (const sort of ['name', '-name', 'lastContact', '-lastContact', 'os', '-os']) {
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await admin.call(api.computers, { query: { sort, limit: 4, cursor } });
        seen.push(...page.items.map(({ computerId }) => computerId));
        cursor = page.nextCursor;
      } while (cursor !== undefined);
      expect(seen).toHaveLength(25);
      expect(new Set(seen).size).toBe(25);
    }
    const { nextCursor } = await admin.call(api.computers, { query: { limit: 4 } });
    expect(await admin.refused(api.computers, { query: { cursor: nextCursor, sort: 'os' } })).toMatchObject({
      status: 422,
      code: 'CURSOR_INVALID',
    });
  });

  it('are listed for one update, by state and in pages', async () => {
    const updateId = updateIds[0]!;
    const stateOf = (index: number): UpdateState => reference(index).get(updateId) ?? 'Unknown';
    const details = await admin.call(api.update, { params: { updateId } });
    expect(details.status).toEqual(counted(indexes.map(stateOf)));
    expect(details.groups.find(({ groupId }) => groupId === web)?.status).toEqual(
      counted(indexes.filter((index) => index % 3 === 1).map(stateOf)),
    );
    for (const state of ['Unknown', 'Failed', undefined]) {
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await admin.call(api.updateComputers, {
          params: { updateId },
          query: { state, limit: 3, cursor },
        });
        seen.push(...page.items.map(({ computerId }) => computerId));
        cursor = page.nextCursor;
      } while (cursor !== undefined);
      const expected = indexes.filter((index) => state === undefined || stateOf(index) === state);
      expect(seen.sort()).toEqual(expected.map((index) => `c${index}`).sort());
    }
  });

  it('of an update that is not here are a 404, not a list of computers that never heard of it', async () => {
    const params = { updateId: '00000000-0000-4000-8000-000000000000' };
    const refusal = await admin.refused(api.updateComputers, { params, query: { limit: 3 } });
    expect(refusal).toMatchObject({ status: 404, code: 'UPDATE_UNKNOWN' });
  });

  it('tell their events by name, the newest first', async () => {
    for (const [id, event, at] of [
      ['e1', 182, '2026-05-01T00:00:00.000Z'],
      ['e2', 9999, '2026-05-02T00:00:00.000Z'],
    ]) {
      harness.db
        .prepare(
          `INSERT INTO reporting_event (event_instance_id, computer_id, event_id, update_id, win32_hresult, time_at_target, received_at)
           VALUES (?, 'c1', ?, ?, -5, ?, ?)`,
        )
        .run(id, event, updateIds[0], at, at);
    }
    const { events, ...computer } = await admin.call(api.computer, { params: { computerId: 'c1' } });
    expect(events.map(({ name, hresult }) => [name, hresult])).toEqual([
      ['Event 9999', -5],
      ['Installation failed', -5],
    ]);
    expect(events[1]?.updateTitle).toEqual(expect.any(String));
    expect(computer).toMatchObject({
      biosName: 'Contoso',
      biosVersion: '1.2',
      biosReleaseDate: '2025-03-14T00:00:00',
    });
  });

  it('are deleted with all that they reported', async () => {
    await admin.call(api.deleteComputer, { params: { computerId: 'c24' } });
    expect(await admin.refused(api.computer, { params: { computerId: 'c24' } })).toMatchObject({
      status: 404,
      code: 'COMPUTER_UNKNOWN',
    });
    expect(
      harness.db
        .prepare("SELECT count(*) FROM computer_update_status WHERE computer_id = 'c24'")
        .pluck()
        .get(),
    ).toBe(0);
  });
});
