import { setTimeout as sleep } from 'node:timers/promises';
import {
  MOST_HARDWARE_IDS,
  noteHardware,
  readHardware,
} from '../../catalog/store/computers/reported-hardware.ts';
import { CommitGroup } from '../../catalog/store/database/commit-group.ts';
import { createLogger } from '../../config/logging.ts';
import { emptyDatabase } from '../../scripts/testing/empty-database.ts';
import { ReportedHardware } from './reported-hardware.ts';

const COMPUTER = 'AAAAAAAA-0000-4000-8000-000000000001';

function reporting() {
  const db = emptyDatabase();
  const clock = { now: new Date('2026-03-01T12:00:00Z') };
  const log = createLogger({ level: 'error', terminal: false });
  const hardware = new ReportedHardware({ db, commits: CommitGroup.of(db), log, now: () => clock.now });
  const scan = async (hardwareIds: readonly string[], computerHardwareIds: readonly string[] = []) => {
    hardware.note({ devices: [{ hardwareIds, compatibleIds: [] }], computerHardwareIds });
    await hardware.flush();
  };
  return { db, clock, hardware, scan };
}

describe('hardware that agents name', () => {
  it('is kept once, in lower case', async () => {
    const { db, hardware } = reporting();
    hardware.note({
      devices: [
        { hardwareIds: ['PCI\\VEN_8086&DEV_1502', 'PCI\\VEN_8086'], compatibleIds: ['PCI\\CC_0200'] },
        { hardwareIds: ['pci\\ven_8086'], compatibleIds: [] },
      ],
      computerHardwareIds: [COMPUTER],
    });
    await hardware.flush();
    expect(readHardware(db, 'device')).toEqual(['pci\\cc_0200', 'pci\\ven_8086', 'pci\\ven_8086&dev_1502']);
    expect(readHardware(db, 'computer')).toEqual([COMPUTER.toLowerCase()]);
  });

  it('is written without being asked to, a moment later', async () => {
    const { db, hardware } = reporting();
    hardware.note({ devices: [{ hardwareIds: ['USB\\1'], compatibleIds: [] }], computerHardwareIds: [] });
    while (readHardware(db, 'device').length === 0) await sleep(50);
    expect(readHardware(db, 'device')).toEqual(['usb\\1']);
  });

  it('is not kept where it has not the form of an id', async () => {
    const { db, scan } = reporting();
    await scan(['', 'with space', 'new\nline', 'comma,', 'é', 'x'.repeat(201)], ['no guid']);
    expect(readHardware(db, 'device')).toEqual([]);
    expect(readHardware(db, 'computer')).toEqual([]);
    await scan(['x'.repeat(200)]);
    expect(readHardware(db, 'device')).toHaveLength(1);
  });

  it('is written once a day, with the day on which it was last named', async () => {
    const { db, clock, scan } = reporting();
    const written = (): unknown => db.prepare('SELECT total_changes()').pluck().get();
    const days = (): unknown => db.prepare('SELECT reported_on FROM reported_hardware').pluck().all();
    await scan(['usb\\1']);
    const before = written();
    await scan(['USB\\1']);
    expect(written()).toBe(before);
    expect(days()).toEqual(['2026-03-01']);
    clock.now = new Date('2026-03-02T00:00:01Z');
    await scan(['usb\\1']);
    expect(days()).toEqual(['2026-03-02']);
  });

  it('is kept within bounds, the one named last before the others', async () => {
    const { db, clock, scan } = reporting();
    const many = (name: string) =>
      Array.from({ length: MOST_HARDWARE_IDS }, (_, index) => `${name}\\${index}`);
    noteHardware(db, 'device', many('old'), new Date('2026-02-01T00:00:00Z'));
    await scan([...many('new'), 'one\\more']);
    expect(readHardware(db, 'device')).toEqual(many('new').sort());
    clock.now = new Date('2026-03-02T12:00:00Z');
    await scan(['one\\more']);
    const kept = readHardware(db, 'device');
    expect(kept).toContain('one\\more');
    expect(kept).toHaveLength(MOST_HARDWARE_IDS);
  });
});
