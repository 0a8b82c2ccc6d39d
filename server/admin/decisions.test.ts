import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { contentPath } from '../../catalog/content-path.ts';
import { api } from '../../protocol/console/api.ts';
import type { GroupApproval } from '../../protocol/console/updates.ts';
import { ConsoleHarness, type ConsoleClient } from '../../scripts/fixtures/console-harness.ts';
import { demoCatalogue } from '../../scripts/fixtures/demo-catalogue.ts';

const ALL_COMPUTERS = 'a0a08746-4dbe-4a37-9adf-9e7652c0b421';

const first = (ids: readonly string[]): string => {
  const [id] = ids;
  if (id === undefined) throw new Error('The demonstration’s catalogue has no such update.');
  return id;
};

const approval = (body: object) => ({ body: { action: 'Install', ...body } });

/** Made before anything is connected: it takes long enough for an idle connection to be closed. */
const catalogue = demoCatalogue(1);

describe('deciding about updates', () => {
  let harness: ConsoleHarness;
  let admin: ConsoleClient;
  const groups: Record<'servers' | 'web' | 'databases' | 'clients', string> = {
    servers: '',
    web: '',
    databases: '',
    clients: '',
  };

  beforeAll(async () => {
    harness = await ConsoleHarness.start();
    admin = harness.signedInClient('ada');
    const make = async (name: string, parentId: string): Promise<string> =>
      (await admin.call(api.createGroup, { body: { name, parentId } })).groupId;
    groups.servers = await make('Servers', ALL_COMPUTERS);
    groups.web = await make('Web', groups.servers);
    groups.databases = await make('Databases', groups.servers);
    groups.clients = await make('Clients', ALL_COMPUTERS);
    for (const [name, groupId] of Object.entries(groups)) {
      for (let index = 0; index < 3; index += 1) addComputer(`${name}-${index}`, groupId);
    }
    addComputer('stranger');
  }, 60_000);
  afterAll(() => harness.close());
  afterEach(() => {
    harness.db.exec(`DELETE FROM deployment; DELETE FROM declined_update; DELETE FROM accepted_eula;
      DELETE FROM computer_update_status; UPDATE file SET content_state = 'absent', content_error = NULL`);
    harness.sent.length = 0;
  });

  function addComputer(computerId: string, groupId?: string): void {
    harness.db
      .prepare(
        'INSERT INTO computer (computer_id, dns_name, first_contact, last_contact) VALUES (?, ?, ?, ?)',
      )
      .run(computerId, computerId, '2026-01-01T00:00:00.000Z', '2026-05-31T00:00:00.000Z');
    if (groupId !== undefined) {
      harness.db.prepare('INSERT INTO computer_group VALUES (?, ?)').run(computerId, groupId);
    }
  }

  function report(computerId: string, updateId: string, state: string): void {
    harness.db
      .prepare(
        `INSERT INTO computer_update_status (computer_id, update_id, revision_number, state, changed_at)
         VALUES (?, ?, 1, ?, '2026-05-31T00:00:00.000Z')`,
      )
      .run(computerId, updateId, state);
  }

  /** Updates that are listed and fit the condition, by title. */
  const updatesWhere = (condition: string): string[] =>
    harness.db
      .prepare<[], string>(
        `SELECT update_id FROM revision WHERE is_latest = 1 AND explicitly_deployable = 1 AND ${condition} ORDER BY title`,
      )
      .pluck()
      .all();
  const plain = (): string[] => updatesWhere("publication_state = 'Published' AND eula_id IS NULL");
  const tables = (): unknown =>
    ['deployment', 'declined_update', 'accepted_eula', 'file'].map((table) =>
      harness.db.prepare(`SELECT * FROM ${table} ORDER BY 1, 2`).all(),
    );
  const groupsOf = async (updateId: string): Promise<Record<string, GroupApproval>> => {
    const details = await admin.call(api.update, { params: { updateId } });
    return Object.fromEntries(details.groups.map((group) => [group.groupName, group]));
  };

  it('approves for a group and those below it, with a deadline, in the name of who did', async () => {
    const updateId = first(plain());
    const { changed } = await admin.call(
      api.approve,
      approval({ updateIds: [updateId], groupIds: [groups.servers], deadline: '2026-07-01T02:00:00+02:00' }),
    );
    expect(changed).toBe(1);
    const found = await groupsOf(updateId);
    expect(found['Servers']).toMatchObject({
      own: { action: 'Install', deadline: '2026-07-01T00:00:00.000Z', adminName: 'ada' },
      effective: 'Install',
      computers: 9,
    });
    expect(found['Web']).toMatchObject({ effective: 'Install', inheritedFromGroupId: groups.servers });
    expect(found['Web']?.own).toBeUndefined();
    expect(found['Clients']).toMatchObject({ effective: 'NotApproved' });
  });

  it('stores the latest revision’s id and moves the catalogue’s generation', async () => {
    const updateId = first(plain());
    const generation = (): unknown =>
      harness.db.prepare("SELECT value FROM setting WHERE name = 'catalogue.generation'").pluck().get();
    const before = generation();
    await admin.call(api.approve, approval({ updateIds: [updateId], groupIds: [ALL_COMPUTERS] }));
    expect(generation()).not.toBe(before);
    const { revisionId } = await admin.call(api.update, { params: { updateId } });
    expect(harness.db.prepare('SELECT revision_id FROM deployment').pluck().all()).toEqual([revisionId]);
  });

  it('stops inheritance with NotApproved, and begins it again with Remove', async () => {
    const updateId = first(plain());
    await admin.call(api.approve, approval({ updateIds: [updateId], groupIds: [ALL_COMPUTERS] }));
    await admin.call(api.approve, {
      body: { updateIds: [updateId], groupIds: [groups.servers], action: 'NotApproved' },
    });
    expect((await groupsOf(updateId))['Web']).toMatchObject({
      effective: 'NotApproved',
      inheritedFromGroupId: groups.servers,
    });
    await admin.call(api.approve, {
      body: { updateIds: [updateId], groupIds: [groups.servers], action: 'Remove' },
    });
    expect((await groupsOf(updateId))['Web']).toMatchObject({
      effective: 'Install',
      inheritedFromGroupId: ALL_COMPUTERS,
    });
  });

  it('wants the files of what is approved and of what that bundles, and tells the worker', async () => {
    const updateId = first(
      updatesWhere(
        "revision_id IN (SELECT revision_id FROM bundled_update) AND publication_state = 'Published'",
      ),
    );
    const preview = await admin.call(
      api.previewApproval,
      approval({ updateIds: [updateId], groupIds: [ALL_COMPUTERS] }),
    );
    expect(preview.downloadFiles).toBeGreaterThan(1);
    await admin.call(api.approve, approval({ updateIds: [updateId], groupIds: [ALL_COMPUTERS] }));
    const { files } = await admin.call(api.update, { params: { updateId } });
    expect(files).toHaveLength(preview.downloadFiles);
    expect(files.every(({ contentState }) => contentState === 'wanted')).toBe(true);
    expect(files.reduce((sum, { size }) => sum + size, 0)).toBe(preview.downloadBytes);
    expect(harness.sent).toEqual([{ type: 'content-wanted' }]);
  });

  it('does not fetch any more what nobody is to install any more, unless another approval needs it', async () => {
    const updateId = first(
      updatesWhere(
        "revision_id IN (SELECT revision_id FROM bundled_update) AND publication_state = 'Published'",
      ),
    );
    const states = async (): Promise<string[]> => {
      const { files } = await admin.call(api.update, { params: { updateId } });
      return [...new Set(files.map(({ contentState }) => contentState))];
    };
    const groupIds = [groups.web, groups.clients];
    await admin.call(api.approve, approval({ updateIds: [updateId], groupIds }));
    await admin.call(api.approve, {
      body: { updateIds: [updateId], groupIds: [groups.web], action: 'Remove' },
    });
    expect(await states()).toEqual(['wanted']);
    await admin.call(api.approve, {
      body: { updateIds: [updateId], groupIds: [groups.clients], action: 'Remove' },
    });
    expect(await states()).toEqual(['absent']);
  });

  it('refuses to install what was withdrawn, and changes nothing at all then', async () => {
    const expired = first(updatesWhere("publication_state = 'Expired'"));
    const before = tables();
    const request = approval({ updateIds: [first(plain()), expired], groupIds: [ALL_COMPUTERS] });
    expect(await admin.refused(api.approve, request)).toMatchObject({ status: 409, code: 'UPDATE_EXPIRED' });
    expect(tables()).toEqual(before);
    const preview = await admin.call(api.previewApproval, request);
    expect(preview.warnings.map(({ text }) => text).join()).toContain('withdrew');
    expect(preview.updates.map(({ changes }) => changes.length > 0)).toEqual([true, false]);
    await expect(admin.call(api.decline, { body: { updateIds: [expired] } })).resolves.toMatchObject({
      changed: 1,
    });
  });

  const uninstall = (updateId: string) => ({
    body: { updateIds: [updateId], groupIds: [groups.web], action: 'Uninstall' },
  });

  it('removes only what can be removed', async () => {
    const [removable, permanent] = [updatesWhere('can_uninstall = 1'), updatesWhere('can_uninstall = 0')];
    expect(await admin.refused(api.approve, uninstall(first(permanent)))).toMatchObject({
      status: 409,
      code: 'UPDATE_NOT_REMOVABLE',
    });
    await admin.call(api.approve, uninstall(first(removable)));
    expect(harness.sent).toEqual([]);
    const { items } = await admin.call(api.updates, { query: { approval: 'Mixed' } });
    expect(items.map(({ updateId }) => updateId)).toEqual([first(removable)]);
  });

  it('asks for licence terms to be accepted, shows their text, and remembers who accepted', async () => {
    const updateId = first(updatesWhere('eula_id IS NOT NULL'));
    const request = { updateIds: [updateId], groupIds: [groups.clients] };
    const { eula } = await admin.call(api.update, { params: { updateId } });
    const eulaId = eula?.eulaId ?? '';
    const refusal = await admin.refused(api.approve, approval(request));
    expect(refusal).toMatchObject({ status: 409, code: 'EULA_NOT_ACCEPTED' });
    expect(refusal.detail).toContain(eulaId);
    expect((await admin.call(api.previewApproval, approval(request))).eulas).toMatchObject([
      { eulaId, text: expect.stringContaining('being fetched') },
    ]);
    expect(harness.sent).toEqual([{ type: 'content-wanted' }]);

    storeTermsOf(updateId);
    expect((await admin.call(api.previewApproval, approval(request))).eulas[0]?.text).toMatch(/licen[cs]e/i);
    await admin.call(api.approve, approval({ ...request, acceptEulaIds: [eulaId, 'of-nothing'] }));
    expect(harness.db.prepare('SELECT eula_id, admin_name FROM accepted_eula').all()).toEqual([
      { eula_id: eulaId, admin_name: 'ada' },
    ]);
    const other = approval({ updateIds: [updateId], groupIds: [groups.servers] });
    expect((await admin.call(api.previewApproval, other)).eulas).toEqual([]);
    await expect(admin.call(api.approve, other)).resolves.toMatchObject({ changed: 1 });
    expect((await admin.call(api.update, { params: { updateId } })).eula).toMatchObject({ accepted: true });
  });

  /** Puts the files of the licence terms where fetched content is. */
  function storeTermsOf(updateId: string): void {
    const { documents, files } = catalogue;
    for (const { sha1, fileName } of documents.find((one) => one.updateId === updateId)?.files ?? []) {
      const content = files.get(sha1);
      if (content === undefined || !fileName.endsWith('.txt')) continue;
      expect(createHash('sha1').update(content).digest('hex')).toBe(sha1);
      const path = join(dirname(harness.db.name), 'content', contentPath(sha1, '.txt'));
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content);
      harness.db.prepare("UPDATE file SET content_state = 'present' WHERE sha1 = ?").run(sha1);
    }
  }

  it('refuses a deadline where none makes sense, unknown updates and groups, and what is no update of its own', async () => {
    const updateId = first(plain());
    const unknown = '00000000-1111-2222-3333-444444444444';
    const refusal = async (body: object): Promise<string> =>
      (
        await admin.refused(
          api.approve,
          approval({ updateIds: [updateId], groupIds: [ALL_COMPUTERS], ...body }),
        )
      ).code;
    const deadline = '2026-07-01T00:00:00Z';
    expect(await refusal({ action: 'NotApproved', deadline })).toBe('DEADLINE_NOT_ALLOWED');
    expect(await refusal({ action: 'Remove', deadline })).toBe('DEADLINE_NOT_ALLOWED');
    expect(await refusal({ deadline: 'tomorrow' })).toBe('SCHEMA_MISMATCH');
    expect(await refusal({ updateIds: [unknown] })).toBe('UPDATE_UNKNOWN');
    expect(await refusal({ groupIds: [unknown] })).toBe('GROUP_UNKNOWN');
    const [detectoid] = harness.db
      .prepare<[], string>("SELECT update_id FROM revision WHERE update_type = 'Detectoid'")
      .pluck()
      .all();
    expect(await refusal({ updateIds: [detectoid] })).toBe('UPDATE_NOT_DEPLOYABLE');
  });

  it('shows who would feel it: computers of the groups and of those below that inherit', async () => {
    const updateId = first(plain());
    report('web-0', updateId, 'NotInstalled');
    report('web-1', updateId, 'Installed');
    report('databases-0', updateId, 'Failed');
    report('clients-0', updateId, 'NotInstalled');
    await admin.call(api.approve, {
      body: { updateIds: [updateId], groupIds: [groups.databases], action: 'NotApproved' },
    });
    const preview = await admin.call(
      api.previewApproval,
      approval({ updateIds: [updateId], groupIds: [groups.servers] }),
    );
    expect(preview.computers).toBe(6);
    expect(preview.updates[0]).toMatchObject({
      needing: 1,
      changes: [
        { groupName: 'Servers', before: 'NotApproved', after: 'Install' },
        { groupName: 'Web', before: 'NotApproved', after: 'Install' },
      ],
    });
  });

  const install = (updateId: string) => approval({ updateIds: [updateId], groupIds: [ALL_COMPUTERS] });

  it('names what an approval would replace, and warns of what has been replaced', async () => {
    const [newer, older] = harness.db
      .prepare<[], [string, string]>(
        `SELECT revision.update_id, superseded_update_id FROM superseded_update JOIN revision USING (revision_id)
           JOIN revision AS older ON older.update_id = superseded_update_id AND older.is_latest = 1
         WHERE revision.publication_state = 'Published' AND older.publication_state = 'Published'
           AND revision.explicitly_deployable = 1 AND older.explicitly_deployable = 1
           AND revision.eula_id IS NULL AND older.eula_id IS NULL`,
      )
      .raw()
      .get()!;
    expect((await admin.call(api.previewApproval, install(older))).warnings).toContainEqual({
      code: 'SUPERSEDED',
      text: expect.stringContaining('Newer updates replace'),
    });
    await admin.call(api.approve, install(older));
    expect(
      (await admin.call(api.previewApproval, install(newer))).supersedes.map(({ updateId }) => updateId),
    ).toContain(older);
  });

  it('declines for everybody: approvals go, and an approval takes the decline back', async () => {
    const updateId = first(plain());
    await admin.call(
      api.approve,
      approval({ updateIds: [updateId], groupIds: [groups.web, groups.clients] }),
    );
    const preview = await admin.call(api.previewDecline, { body: { updateIds: [updateId] } });
    expect(preview.updates[0]?.changes).toContainEqual({
      groupId: groups.web,
      groupName: 'Web',
      before: 'Install',
      after: 'Declined',
    });
    expect(preview.computers).toBe(13);
    await admin.call(api.decline, { body: { updateIds: [updateId] } });
    const details = await admin.call(api.update, { params: { updateId } });
    expect(details).toMatchObject({ approval: 'Declined', declined: { adminName: 'ada' } });
    expect(
      details.groups.every(({ own, effective }) => own === undefined && effective === 'NotApproved'),
    ).toBe(true);
    await admin.call(api.approve, approval({ updateIds: [updateId], groupIds: [ALL_COMPUTERS] }));
    expect(await admin.call(api.update, { params: { updateId } })).toMatchObject({ approval: 'Install' });
  });

  it('offers to take a decision back once, for a quarter of an hour, to who made it', async () => {
    const updateId = first(plain());
    const approve = () =>
      admin.call(api.approve, approval({ updateIds: [updateId], groupIds: [ALL_COMPUTERS] }));
    const body = { undoToken: (await approve()).undoToken };
    const other = harness.signedInClient('grace');
    expect(await other.refused(api.undoDecision, { body })).toMatchObject({
      status: 404,
      code: 'UNDO_UNKNOWN',
    });
    await expect(admin.call(api.undoDecision, { body })).resolves.toEqual({ changed: 1 });
    expect(await admin.refused(api.undoDecision, { body })).toMatchObject({ code: 'UNDO_UNKNOWN' });
    const late = { undoToken: (await approve()).undoToken };
    harness.pass(15 * 60_000);
    expect(await admin.refused(api.undoDecision, { body: late })).toMatchObject({ code: 'UNDO_UNKNOWN' });
  });

  it('takes nothing back where somebody has decided otherwise since', async () => {
    const updateId = first(plain());
    const request = { updateIds: [updateId], groupIds: [groups.web, groups.clients] };
    const { undoToken } = await admin.call(api.approve, approval(request));
    harness.pass(1000);
    await admin.call(
      api.approve,
      approval({ ...request, groupIds: [groups.web], deadline: '2026-07-01T00:00:00Z' }),
    );
    const before = tables();
    expect(await admin.refused(api.undoDecision, { body: { undoToken } })).toMatchObject({
      status: 409,
      code: 'UNDO_OUTDATED',
    });
    expect(tables()).toEqual(before);
  });
});
