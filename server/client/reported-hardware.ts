/**
 * Hardware that agents name when they scan for drivers: what drivers are synchronized for. An id is written once a day
 * and process, with others a moment later; a crash loses what the next scan says again.
 */
import type { DriverScan } from '../../catalog/scan/driver-match.ts';
import { MOST_HARDWARE_IDS, noteHardware } from '../../catalog/store/computers/reported-hardware.ts';
import type { HardwareKind } from '../../catalog/store/computers/reported-hardware.ts';
import type { CommitGroup } from '../../catalog/store/database/commit-group.ts';
import type { Database } from '../../catalog/store/database/database.ts';
import type { Logger } from '../../config/logging.ts';
import { isGuid } from '../../protocol/guid.ts';

/** Milliseconds. */
const DELAY = 2000;

/** Characters that Windows allows an id of a device (MAX_DEVICE_ID_LEN). */
const LONGEST_ID = 200;

/** Printable, without a space and a comma: as Windows has them. */
const DEVICE_ID = /^[!-+\--~]+$/;

export interface ReportedHardwareParts {
  readonly db: Database;
  readonly commits: CommitGroup;
  readonly log: Logger;
  readonly now: () => Date;
}

export class ReportedHardware {
  readonly #parts: ReportedHardwareParts;
  #day = '';
  /** Told today. It grows to as many as are kept, and no further: whoever invents ids gains nothing. */
  readonly #told: Record<HardwareKind, Set<string>> = { device: new Set(), computer: new Set() };
  #pending: Record<HardwareKind, string[]> = { device: [], computer: [] };
  #isWaiting = false;

  constructor(parts: ReportedHardwareParts) {
    this.#parts = parts;
  }

  note({ devices, computerHardwareIds }: DriverScan): void {
    this.#beginDay();
    for (const { hardwareIds, compatibleIds } of devices) {
      for (const ids of [hardwareIds, compatibleIds])
        for (const id of ids) if (id.length <= LONGEST_ID && DEVICE_ID.test(id)) this.#add('device', id);
    }
    for (const id of computerHardwareIds) if (isGuid(id)) this.#add('computer', id);
  }

  /** Writes what is pending, together with what else is written then; nothing once the database is closed. */
  async flush(): Promise<void> {
    const { db, commits, log, now } = this.#parts;
    const { device, computer } = this.#pending;
    this.#pending = { device: [], computer: [] };
    this.#isWaiting = false;
    if (!db.open || device.length + computer.length === 0) return;
    try {
      await commits.add(() => {
        noteHardware(db, 'device', device, now());
        noteHardware(db, 'computer', computer, now());
      });
    } catch (error) {
      log.warn('Hardware that agents named could not be written', {
        ids: device.length + computer.length,
        error,
      });
    }
  }

  #beginDay(): void {
    const day = this.#parts.now().toISOString().slice(0, 10);
    if (day === this.#day) return;
    this.#day = day;
    for (const told of Object.values(this.#told)) told.clear();
  }

  #add(kind: HardwareKind, id: string): void {
    const told = this.#told[kind];
    const lower = id.toLowerCase();
    if (told.has(lower) || told.size >= MOST_HARDWARE_IDS) return;
    told.add(lower);
    this.#pending[kind].push(lower);
    if (this.#isWaiting) return;
    this.#isWaiting = true;
    setTimeout(() => void this.flush(), DELAY).unref();
  }
}
