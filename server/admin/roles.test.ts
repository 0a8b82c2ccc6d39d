/** Who may call what, by the document of the API itself, so that no new call can be forgotten. */
import { z } from 'zod';
import { permissionsOf, ROLES } from '../../protocol/console/access.ts';
import type { Role } from '../../protocol/console/access.ts';
import { api } from '../../protocol/console/api.ts';
import { ConsoleClient, ConsoleHarness } from '../../scripts/fixtures/console-harness.ts';
import { auditHead } from '../../catalog/store/audit/audit-log.ts';

const ALL_COMPUTERS = 'a0a08746-4dbe-4a37-9adf-9e7652c0b421';

const Document = z.object({
  openapi: z.literal('3.1.0'),
  paths: z.record(
    z.string(),
    z.record(
      z.string(),
      z.looseObject({
        operationId: z.string(),
        summary: z.string().min(10),
        'x-permission': z.enum(['open', 'newcomer', 'read', 'approve', 'operate', 'administer']),
        parameters: z.array(z.looseObject({ name: z.string(), in: z.enum(['path', 'query', 'header']) })),
        requestBody: z.looseObject({}).optional(),
        responses: z.record(z.string(), z.looseObject({})),
      }),
    ),
  ),
});

const SAMPLES: Readonly<Record<string, string>> = {
  updateId: '00000000-0000-4000-8000-000000000001',
  groupId: '00000000-0000-4000-8000-000000000002',
  serverId: '00000000-0000-4000-8000-000000000003',
  computerId: 'nobody',
  accountId: '999999',
  sequence: '999999',
  sha1: '0'.repeat(40),
};

let harness: ConsoleHarness;
let admin: ConsoleClient;
beforeAll(async () => {
  harness = await ConsoleHarness.start();
  admin = harness.signedInClient('root');
}, 60_000);
afterAll(() => harness.close());

const raw = async (client: ConsoleClient | undefined, method: string, path: string, body?: string) =>
  await fetch(`${harness.url}/api${path}`, {
    method,
    headers: {
      ...(client?.cookie === undefined ? {} : { Cookie: client.cookie }),
      ...(client?.csrfToken === undefined ? {} : { 'X-CSRF-Token': client.csrfToken }),
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body }),
  });

const readDocument = async (): Promise<z.infer<typeof Document>> =>
  Document.parse(await (await raw(admin, 'GET', '/openapi.json')).json());

describe('The document of the API', () => {
  it('has every call of the contract, with its parameters, and no other', async () => {
    const { paths } = await readDocument();
    const found = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { operationId, parameters }]) => {
        const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
        expect(parameters.filter((one) => one.in === 'path').map(({ name }) => name)).toEqual(named);
        return [operationId, method.toUpperCase(), path.replaceAll(/\{(\w+)\}/g, ':$1')];
      }),
    );
    const declared = Object.entries(api).map(([name, { method, path }]) => [name, method, path]);
    expect(new Set(found.map(String))).toEqual(new Set(declared.map(String)));
  });

  it('is a page that people read, without a script, for who may read', async () => {
    const page = await (await raw(admin, 'GET', '/reference')).text();
    expect(page).toContain('/updates/{updateId}');
    expect(page).not.toMatch(/<script|style=/);
    expect((await raw(undefined, 'GET', '/reference')).status).toBe(401);
    expect((await raw(undefined, 'GET', '/openapi.json')).status).toBe(401);
  });
});

describe('Each call of the API', () => {
  it('is refused without a session, refused to roles without its permission, and let in with it', async () => {
    const { paths } = await readDocument();
    let calls = 0;
    let users = 0;
    for (const [path, methods] of Object.entries(paths)) {
      const at = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => SAMPLES[name] ?? 'missing');
      for (const [verb, operation] of Object.entries(methods)) {
        const method = verb.toUpperCase();
        const body = operation.requestBody === undefined ? undefined : '{}';
        const permission = operation['x-permission'];
        const open = (await raw(undefined, method, at, body)).status;
        expect([operation.operationId, open === 401]).toEqual([operation.operationId, permission !== 'open']);
        for (const role of ROLES) {
          users += 1;
          const client = harness.signedInClient(`user${users}`, role);
          const response = await raw(client, method, at, body);
          const may =
            permission === 'open' || permission === 'newcomer' || permissionsOf(role).includes(permission);
          const text = await response.text();
          const isRefused = response.status === 403 && text.includes('NOT_PERMITTED');
          expect([operation.operationId, role, isRefused, response.status === 401]).toEqual([
            operation.operationId,
            role,
            !may,
            false,
          ]);
          calls += 1;
        }
      }
    }
    expect(calls).toBe(Object.keys(api).length * ROLES.length);
  }, 120_000);

  it('that changes something leaves an entry that says who, and one that is refused leaves none', async () => {
    const before = auditHead(harness.db).sequence;
    const viewer = harness.signedInClient('viewer', 'viewer');
    const body = { name: 'Kiosks', parentId: ALL_COMPUTERS };
    expect(await viewer.refused(api.createGroup, { body })).toMatchObject({
      status: 403,
      code: 'NOT_PERMITTED',
    });
    expect(auditHead(harness.db).sequence).toBe(before);
    const { groupId } = await admin.call(api.createGroup, { body });
    expect(await admin.refused(api.createGroup, { body })).toMatchObject({ code: 'GROUP_NAME_TAKEN' });
    expect(auditHead(harness.db).sequence).toBe(before + 1);
    const { items } = await admin.call(api.audit, { query: {} });
    const params = { sequence: String(items[0]?.sequence) };
    expect(await admin.call(api.auditEntry, { params })).toMatchObject({
      action: 'group.create',
      actor: { kind: 'user', name: 'root' },
      subjects: [{ kind: 'group', id: groupId, name: 'Kiosks' }],
    });
  });
});

describe('An approver that is limited to groups', () => {
  it('decides for these and those below them, and declines nothing', async () => {
    const pilot = await admin.call(api.createGroup, { body: { name: 'Pilot', parentId: ALL_COMPUTERS } });
    const inner = await admin.call(api.createGroup, { body: { name: 'Inner', parentId: pilot.groupId } });
    const { user, oneTimePassword } = await admin.call(api.createUser, {
      body: { userName: 'anna', role: 'approver', limitedToGroups: [pilot.groupId] },
    });
    expect(oneTimePassword.length).toBeGreaterThan(11);
    expect(user).toMatchObject({ role: 'approver', limitedToGroups: [{ name: 'Pilot' }] });
    const anna = await signIn('anna', oneTimePassword);
    const { items } = await admin.call(api.updates, { query: { search: 'Cumulative' } });
    const updateIds = [items[0]?.updateId ?? ''];
    const approveFor = (groupIds: string[]) => ({
      body: { updateIds, groupIds, action: 'Install' as const },
    });
    expect(await anna.refused(api.approve, approveFor([ALL_COMPUTERS]))).toMatchObject({
      status: 403,
      code: 'GROUP_NOT_PERMITTED',
    });
    expect(await anna.call(api.approve, approveFor([inner.groupId]))).toMatchObject({ changed: 1 });
    expect(await anna.refused(api.decline, { body: { updateIds } })).toMatchObject({
      code: 'GROUP_NOT_PERMITTED',
    });
    await admin.call(api.deleteGroup, { params: { groupId: inner.groupId } });
    await admin.call(api.deleteGroup, { params: { groupId: pilot.groupId } });
    // A limit to nothing is no freedom.
    expect(await anna.refused(api.approve, approveFor([ALL_COMPUTERS]))).toMatchObject({ status: 403 });
  });

  async function signIn(userName: string, password: string): Promise<ConsoleClient> {
    const client = new ConsoleClient(harness.url);
    const { csrfToken } = await client.call(api.signIn, { body: { userName, password } });
    client.csrfToken = csrfToken;
    const newPassword = 'another long password';
    const changed = await client.call(api.changePassword, {
      body: { currentPassword: password, newPassword },
    });
    client.csrfToken = changed.csrfToken;
    return client;
  }
});

describe('Accounts', () => {
  const make = async (userName: string, role: Role) =>
    (await admin.call(api.createUser, { body: { userName, role } })).user;

  it('are changed, disabled and deleted; sessions of who is disabled end', async () => {
    const user = await make('ben', 'viewer');
    const params = { accountId: String(user.accountId) };
    expect(await admin.call(api.changeUser, { params, body: { role: 'operator' } })).toMatchObject({
      role: 'operator',
    });
    expect(await admin.call(api.changeUser, { params, body: { isDisabled: true } })).toMatchObject({
      isDisabled: true,
      sessions: 0,
    });
    await admin.call(api.deleteUser, { params });
    expect(await admin.refused(api.deleteUser, { params })).toMatchObject({
      status: 404,
      code: 'USER_UNKNOWN',
    });
  });

  it('have names of their own, and only approvers have limits', async () => {
    await make('cleo', 'viewer');
    expect(await admin.refused(api.createUser, { body: { userName: 'CLEO', role: 'viewer' } })).toMatchObject(
      {
        code: 'USER_NAME_TAKEN',
      },
    );
    expect(
      await admin.refused(api.createUser, {
        body: { userName: 'dora', role: 'viewer', limitedToGroups: [ALL_COMPUTERS] },
      }),
    ).toMatchObject({ code: 'LIMIT_NOT_APPROVER' });
  });

  it('always hold one who administers', async () => {
    for (const { accountId, role, userName } of await admin.call(api.users)) {
      if (role !== 'administrator' || userName === 'root') continue;
      await admin.call(api.deleteUser, { params: { accountId: String(accountId) } });
    }
    const root = (await admin.call(api.users)).find(({ userName }) => userName === 'root');
    const params = { accountId: String(root?.accountId) };
    for (const refused of [
      await admin.refused(api.deleteUser, { params }),
      await admin.refused(api.changeUser, { params, body: { role: 'operator' } }),
      await admin.refused(api.changeUser, { params, body: { isDisabled: true } }),
    ])
      expect(refused).toMatchObject({ status: 409, code: 'LAST_ADMINISTRATOR' });
  });
});
