import fc from 'fast-check';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ComputerStore } from './computers.ts';
import { UNASSIGNED_COMPUTERS } from '../groups/group-tree.ts';
import { openDatabase } from '../database/database.ts';

const NOW = new Date('2026-11-10T08:00:00Z');
const PC = { computerId: 'pc-1', dnsName: 'pc1.example', ipAddress: '10.0.0.7', requestedTargetGroup: '' };

function openWithGroups() {
  const db = openDatabase(join(mkdtempSync(join(tmpdir(), 'sluice-')), 'sluice.db'));
  const addGroup = db.prepare('INSERT INTO target_group VALUES (?, ?, ?, 0)');
  for (const [id, name] of [
    ['g-1', 'Pilot'],
    ['g-2', 'Servers'],
  ])
    addGroup.run(id, 'a0a08746-4dbe-4a37-9adf-9e7652c0b421', name);
  const computers = new ComputerStore(db);
  computers.introduce(PC, NOW);
  return { db, computers };
}

describe('a computer', () => {
  it('that nobody knows has no target', () => {
    expect(openWithGroups().computers.targetOf('pc-2')).toBeUndefined();
  });

  it('that is new is unassigned and not registered', () => {
    const { computers } = openWithGroups();
    expect(computers.targetOf('pc-1')).toEqual({ isRegistered: false, groupIds: [UNASSIGNED_COMPUTERS] });
  });

  it('that an administrator moved is in its new groups at the next look', () => {
    const { db, computers } = openWithGroups();
    db.prepare("INSERT INTO computer_group VALUES ('pc-1', 'g-2'), ('pc-1', 'g-1')").run();
    expect(computers.targetOf('pc-1')?.groupIds).toEqual(['g-1', 'g-2']);
  });

  it('that comes back keeps its first contact and is not registered anew', () => {
    const { db, computers } = openWithGroups();
    computers.introduce({ ...PC, dnsName: 'renamed.example' }, new Date('2026-11-11T08:00:00Z'));
    expect(db.prepare('SELECT dns_name, first_contact, last_contact FROM computer').all()).toEqual([
      {
        dns_name: 'renamed.example',
        first_contact: '2026-11-10T08:00:00.000Z',
        last_contact: '2026-11-11T08:00:00.000Z',
      },
    ]);
  });
});

describe('client-side targeting', () => {
  it('puts a computer in the groups it names, in any case of letters, and in no others', () => {
    const { computers } = openWithGroups();
    computers.assignRequestedGroups('pc-1', 'pilot; SERVERS');
    expect(computers.targetOf('pc-1')?.groupIds).toEqual(['g-1', 'g-2']);
    computers.assignRequestedGroups('pc-1', 'Servers');
    expect(computers.targetOf('pc-1')?.groupIds).toEqual(['g-2']);
  });

  it.each(['', 'No such group', 'All Computers', 'Unassigned Computers', ';;'])(
    'leaves a computer that asks for %j unassigned',
    (requested) => {
      const { db, computers } = openWithGroups();
      computers.assignRequestedGroups('pc-1', 'Pilot');
      computers.assignRequestedGroups('pc-1', requested);
      expect(computers.targetOf('pc-1')?.groupIds).toEqual([UNASSIGNED_COMPUTERS]);
      expect(db.prepare('SELECT count(*) FROM target_group').pluck().get()).toBe(4);
    },
  );
});

describe('a computer that introduces itself again', () => {
  it('is told from one that says something new of itself', () => {
    const { computers } = openWithGroups();
    expect(computers.isIntroduced(PC, false)).toBe(true);
    for (const other of [
      { computerId: 'pc-2' },
      { dnsName: 'PC1.example' },
      { ipAddress: '10.0.0.8' },
      { requestedTargetGroup: 'Pilot' },
    ])
      expect(computers.isIntroduced({ ...PC, ...other }, false)).toBe(false);
  });

  it('has nothing to write just where it is in the groups that it names, and in no others', () => {
    const { db, computers } = openWithGroups();
    const named = fc.constantFrom('Pilot', 'pilot', ' SERVERS ', 'Servers', 'Nowhere', 'All Computers', '');
    fc.assert(
      fc.property(
        fc.array(named, { maxLength: 5 }),
        fc.subarray(['g-1', 'g-2']),
        fc.boolean(),
        (names, groupIds, isTargeting) => {
          const introduction = { ...PC, requestedTargetGroup: names.join(';') };
          computers.introduce(introduction, NOW);
          db.prepare('DELETE FROM computer_group').run();
          for (const groupId of groupIds)
            db.prepare('INSERT INTO computer_group VALUES (?, ?)').run('pc-1', groupId);
          const answer = computers.isIntroduced(introduction, isTargeting);
          const before = computers.targetOf('pc-1');
          computers.assignRequestedGroups('pc-1', introduction.requestedTargetGroup);
          expect(answer).toBe(
            !isTargeting || before?.groupIds.join() === computers.targetOf('pc-1')?.groupIds.join(),
          );
        },
      ),
    );
  });
});

describe('the last contact of a computer', () => {
  it('never goes back', () => {
    const { db, computers } = openWithGroups();
    computers.noteContact({
      computerId: 'pc-1',
      ipAddress: '10.0.0.8',
      at: new Date('2026-11-10T07:00:00Z'),
    });
    expect(db.prepare('SELECT ip_address, last_contact FROM computer').get()).toEqual({
      ip_address: '10.0.0.7',
      last_contact: '2026-11-10T08:00:00.000Z',
    });
    computers.noteContact({
      computerId: 'pc-1',
      ipAddress: '10.0.0.8',
      at: new Date('2026-11-10T09:00:00Z'),
    });
    expect(db.prepare('SELECT ip_address FROM computer').pluck().get()).toBe('10.0.0.8');
  });
});
