/** What an agent tells the server: events, queued and sent in batches ([MS-WUSP] 3.1.6.1). */
import { randomUUID } from 'node:crypto';
import type { Write } from '../../protocol/soap/table.ts';
import { ReportEventBatch, reportingService } from '../../protocol/wusp/reporting.ts';
import type { ReportingEvent } from '../../protocol/wusp/reporting.ts';
import { BIOS_DATE, CLIENT_VERSION, reportedComputer } from './computer-info.ts';
import { AgentError } from './error.ts';
import type { SimulatedMachine } from './machine.ts';
import type { ScanParts } from './scan.ts';

export const EVENT = {
  scanFinished: 147,
  scanFailed: 148,
  status: 156,
  downloadFailed: 161,
  downloadSucceeded: 162,
  downloadStarted: 167,
  installStarted: 181,
  installFailed: 182,
  installSucceeded: 183,
  restartNeeded: 184,
} as const;

const NO_UPDATE = { updateId: '00000000-0000-0000-0000-000000000000', revisionNumber: 0 };
const LARGEST_BATCH = 40;

export interface ReportedUpdate {
  readonly updateId: string;
  readonly revisionNumber: number;
  /** Bundles its files. */
  readonly isBundle?: boolean;
  /** `1` for a driver's download, empty otherwise. */
  readonly deviceId?: string;
}

/** UpdateIDs by what they are on the computer: the lists of event 156. */
export interface StatusLists {
  readonly needed: readonly string[];
  readonly installed: readonly string[];
  readonly pendingRestart: readonly string[];
  readonly failed: readonly string[];
  readonly downloaded: readonly string[];
}

export class EventQueue {
  readonly #machine: SimulatedMachine;
  readonly #now: () => Date;
  #waiting: Write<typeof ReportingEvent>[] = [];
  /** Events that the server acknowledged. */
  acknowledged = 0;

  constructor(machine: SimulatedMachine, now: () => Date) {
    this.#machine = machine;
    this.#now = now;
  }

  scanFinished(applicable: number): void {
    this.#add(EVENT.scanFinished, NO_UPDATE, { strings: [String(applicable)], misc: [`D=${applicable}`] });
  }

  status(lists: StatusLists): void {
    this.#add(EVENT.status, NO_UPDATE, {
      misc: [
        ...list('U', lists.needed),
        ...list('V', lists.installed),
        ...list('W', lists.pendingRestart),
        ...list('g', lists.failed),
        ...list('h', lists.downloaded),
      ],
    });
  }

  /** @param bytes downloaded, for the event that says so */
  ofUpdate(
    eventId: number,
    update: ReportedUpdate,
    title: string,
    details: { bytes?: number; hresult?: number } = {},
  ): void {
    this.#add(eventId, update, {
      strings: [title],
      misc: details.bytes === undefined ? [] : [`B=${details.bytes}`],
      hresult: details.hresult ?? 0,
    });
  }

  /** Sends what waits; what was not acknowledged goes on waiting. */
  async flush({ client, session }: Pick<ScanParts, 'client' | 'session'>): Promise<void> {
    while (this.#waiting.length > 0) {
      const eventBatch = this.#waiting.slice(0, LARGEST_BATCH);
      const { ReportEventBatchResult } = await session.withCookie((cookie) =>
        client.call(reportingService, ReportEventBatch, {
          cookie,
          clientTime: localTime(this.#now()),
          eventBatch,
        }),
      );
      if (!ReportEventBatchResult) {
        throw new AgentError(
          'REPORT_REFUSED',
          `The server did not take ${eventBatch.length} events: it answered false.`,
        );
      }
      this.#waiting = this.#waiting.slice(eventBatch.length);
      this.acknowledged += eventBatch.length;
    }
  }

  #add(
    EventID: number,
    update: ReportedUpdate,
    {
      strings = [],
      misc = [],
      hresult = 0,
    }: { strings?: readonly string[]; misc?: readonly string[]; hresult?: number },
  ): void {
    const { profile } = this.#machine;
    this.#waiting.push({
      BasicData: {
        TargetID: { Sid: profile.computerId },
        SequenceNumber: 0,
        TimeAtTarget: localTime(this.#now()),
        EventInstanceID: randomUUID(),
        NamespaceID: 1,
        EventID,
        SourceID: 101,
        UpdateID: { UpdateID: update.updateId, RevisionNumber: update.revisionNumber },
        Win32HResult: hresult,
        AppName: 'AutomaticUpdates',
      },
      ExtendedData: {
        ReplacementStrings: strings,
        MiscData: [
          ...misc,
          `Q=${update.isBundle === true ? 2 : 1}`,
          `G=${CLIENT_VERSION}`,
          'J=703',
          `K=${profile.biosVersion}`,
          `L=${BIOS_DATE}`,
        ],
        ...reportedComputer(this.#machine),
        DeviceID: update.deviceId ?? '',
      },
      PrivateData: { ComputerDnsName: '', UserAccountName: '' },
    });
  }
}

const list = (tag: string, ids: readonly string[]): readonly string[] =>
  ids.length === 0 ? [] : [`${tag}=${ids.map((id) => id.toUpperCase()).join(';')}`];

/** Agents write times without a zone. */
const localTime = (time: Date): string => time.toISOString().replace('Z', '');
