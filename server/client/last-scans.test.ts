/** What a computer said it has when its scan ended is kept, for whoever asks why it is not offered an update. */
import { explainUpdate } from '../../catalog/explanation/explain-update.ts';
import { lastScanOf } from '../../catalog/store/computers/last-scans.ts';
import { USUAL_SELECTION } from '../../catalog/store/content/selection.ts';
import type { Explanation } from '../../protocol/console/explanation.ts';
import {
  ALL_COMPUTERS,
  ClientServices,
  deploy,
  storeRevision,
} from '../../scripts/testing/client-services.ts';
import { TestAgent } from '../../scripts/testing/test-agent.ts';

const PC = '5c7f4f80-3896-4d10-8a38-469286a0febc';
const guid = (index: number): string => `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;

const DETECTOID = { revisionId: 1, updateId: guid(1), updateType: 'Detectoid', isLeaf: false } as const;
const UPDATE = { revisionId: 2, updateId: guid(2), requires: [guid(1)] } as const;

interface Scene {
  readonly server: ClientServices;
  readonly agent: TestAgent;
  written(): Promise<ReturnType<typeof lastScanOf>>;
  explain(): Promise<Explanation>;
}

async function begin(): Promise<Scene> {
  const server = new ClientServices();
  for (const revision of [DETECTOID, UPDATE]) storeRevision(server.db, revision);
  const agent = await new TestAgent(server, PC, '2.90').enrol();
  return {
    server,
    agent,
    written: async () => {
      await server.flush();
      return lastScanOf(server.db, PC);
    },
    explain: async () => {
      await server.flush();
      return explainUpdate(server.db, PC, UPDATE.updateId, {
        storesContent: true,
        selection: USUAL_SELECTION,
      });
    },
  };
}

describe('what a computer has', () => {
  it('is kept when its scan ends, and not while it may ask for more', async () => {
    const { server, agent, written } = await begin();
    deploy(server.db, UPDATE);
    expect((await agent.sync()).NewUpdates?.map(({ ID }) => ID)).toEqual([1]);
    expect(await written()).toBeUndefined();
    await agent.sync({ InstalledNonLeafUpdateIDs: [1] });
    expect((await written())?.installed).toEqual([1]);
    await agent.sync({ OtherCachedUpdateIDs: [1] });
    expect((await written())?.installed).toEqual([]);
  });

  it('is not touched by scans for drivers or by categories, which do not name all of it', async () => {
    const { server, agent, written } = await begin();
    deploy(server.db, UPDATE);
    await agent.sync({ InstalledNonLeafUpdateIDs: [1] });
    await agent.sync({ SkipSoftwareSync: true, SystemSpec: [] });
    await agent.sync({ FilterCategoryIds: [{ Id: guid(7) }] });
    expect((await written())?.installed).toEqual([1]);
  });

  it('goes with the computer', async () => {
    const { server, agent, written } = await begin();
    await agent.sync({ InstalledNonLeafUpdateIDs: [1] });
    await written();
    server.db.prepare('DELETE FROM computer').run();
    expect(await written()).toBeUndefined();
  });
});

describe('why a computer gets an update, or does not', () => {
  it('is that nobody approved it, then that it has not asked since, then what its scan comes to', async () => {
    const { server, agent, explain } = await begin();
    await agent.sync();
    expect(await explain()).toMatchObject({
      verdict: 'NOT_APPROVED',
      groups: [{ name: 'Unassigned Computers', isUndecided: true }],
    });
    deploy(server.db, UPDATE);
    server.db.prepare("UPDATE deployment SET changed_at = '2999-01-01T00:00:00.000Z'").run();
    expect(await explain()).toMatchObject({
      verdict: 'NOT_ASKED_SINCE',
      groups: [{ action: 'Install', inheritedFrom: { groupId: ALL_COMPUTERS } }],
    });
    server.db.prepare("UPDATE deployment SET changed_at = '2020-01-01T00:00:00.000Z'").run();
    await agent.sync({ OtherCachedUpdateIDs: [1] });
    expect(await explain()).toMatchObject({
      verdict: 'PREREQUISITE_MISSED',
      scan: { isOffered: false },
      clauses: [
        { isMet: false, anyOf: [{ update: { updateId: guid(1) }, isInstalled: false, isOffered: true }] },
      ],
    });
    await agent.sync({ InstalledNonLeafUpdateIDs: [1] });
    expect(await explain()).toMatchObject({
      verdict: 'OFFERED',
      scan: { isOffered: true },
      clauses: [{ isMet: true }],
    });
  });

  it('is that it never scanned, where it only registered', async () => {
    const { server, explain } = await begin();
    deploy(server.db, UPDATE);
    server.db.prepare("UPDATE deployment SET changed_at = '2020-01-01T00:00:00.000Z'").run();
    expect(await explain()).toMatchObject({ verdict: 'NEVER_SCANNED' });
  });

  it('is that it was declined, whatever groups have', async () => {
    const { server, agent, explain } = await begin();
    deploy(server.db, UPDATE);
    await agent.sync({ InstalledNonLeafUpdateIDs: [1] });
    server.db
      .prepare("INSERT INTO declined_update VALUES (?, 'anna', '2026-11-01T00:00:00.000Z')")
      .run(guid(2));
    expect(await explain()).toMatchObject({
      verdict: 'DECLINED',
      declined: { adminName: 'anna' },
      scan: { isOffered: false },
    });
  });

  it('is what the computer itself reports, once it did', async () => {
    const { server, agent, explain } = await begin();
    deploy(server.db, UPDATE);
    server.db.prepare("UPDATE deployment SET changed_at = '2020-01-01T00:00:00.000Z'").run();
    await agent.sync({ InstalledNonLeafUpdateIDs: [1] });
    const report = server.db.prepare(
      `INSERT INTO computer_update_status (computer_id, update_id, revision_number, state, error_code, changed_at)
       VALUES (?, ?, 1, ?, ?, '2026-11-11T00:00:00.000Z')
       ON CONFLICT DO UPDATE SET state = excluded.state, error_code = excluded.error_code`,
    );
    for (const [state, code, verdict] of [
      ['NotInstalled', null, 'WAITING'],
      ['Failed', -2145124329, 'FAILED'],
      ['InstalledPendingReboot', null, 'PENDING_RESTART'],
      ['Installed', null, 'INSTALLED'],
    ] as const) {
      report.run(PC, UPDATE.updateId, state, code);
      expect(await explain()).toMatchObject({
        verdict,
        report: { state, ...(code === null ? {} : { errorCode: code }) },
      });
    }
  });

  it('is refused for a computer or an update that is not here', async () => {
    const { server } = await begin();
    const options = { storesContent: false, selection: USUAL_SELECTION };
    expect(() => explainUpdate(server.db, 'nobody', UPDATE.updateId, options)).toThrow(
      'There is no computer nobody',
    );
    expect(() => explainUpdate(server.db, PC, guid(9), options)).toThrow(`no software or driver ${guid(9)}`);
  });
});
