/** What the upstream server was told and accepted, so that only changes go ([MS-WSUSSS] 3.2.4.5). */
import type { Database, Statement } from 'better-sqlite3';
import { z } from 'zod';
import { readSetting, writeSetting } from '../database/settings.ts';

/** Undefined: to be sent. */
export interface SentComputer {
  readonly contact: string | undefined;
  readonly details: string | undefined;
  readonly rollupNumber: number;
  readonly statusVersion: string | undefined;
}

const UNSENT: SentComputer = {
  contact: undefined,
  details: undefined,
  rollupNumber: 0,
  statusVersion: undefined,
};

const Row = z.object({
  contact: z.string().nullable(),
  details: z.string().nullable(),
  rollup_number: z.int(),
  status_version: z.string().nullable(),
});

export class RollupSent {
  readonly #db: Database;
  readonly #read: Statement<[string]>;
  readonly #note: Statement<[Record<'computerId' | 'contact', string> & { readonly details: string | null }]>;
  readonly #askDetails: Statement<[string]>;
  readonly #askStatus: Statement<[string]>;
  readonly #noteStatus: Statement<[Record<'computerId' | 'statusVersion', string>]>;

  constructor(db: Database) {
    this.#db = db;
    this.#read = db.prepare('SELECT * FROM rollup_sent WHERE computer_id = ?');
    this.#note = db.prepare(
      `INSERT INTO rollup_sent (computer_id, contact, details) VALUES (@computerId, @contact, @details)
       ON CONFLICT (computer_id) DO UPDATE SET contact = excluded.contact,
         details = ifnull(excluded.details, details)`,
    );
    this.#askDetails = db.prepare(
      'UPDATE rollup_sent SET contact = NULL, details = NULL WHERE computer_id = ?',
    );
    this.#askStatus = db.prepare('UPDATE rollup_sent SET status_version = NULL WHERE computer_id = ?');
    this.#noteStatus = db.prepare(
      `INSERT INTO rollup_sent (computer_id, rollup_number, status_version) VALUES (@computerId, 1, @statusVersion)
       ON CONFLICT (computer_id) DO UPDATE SET rollup_number = rollup_number + 1,
         status_version = excluded.status_version`,
    );
  }

  of(computerId: string): SentComputer {
    const row = this.#read.get(computerId);
    if (row === undefined) return UNSENT;
    const { contact, details, rollup_number: rollupNumber, status_version: version } = Row.parse(row);
    return {
      contact: contact ?? undefined,
      details: details ?? undefined,
      rollupNumber,
      statusVersion: version ?? undefined,
    };
  }

  /** @param details left out: they were not sent this time */
  noteComputers(
    computers: readonly {
      readonly computerId: string;
      readonly contact: string;
      readonly details?: string;
    }[],
  ): void {
    this.#db.transaction(() => {
      for (const { details = null, ...computer } of computers) this.#note.run({ ...computer, details });
    })();
  }

  /** The upstream server wants the details of these too. */
  askDetails(computerIds: readonly string[]): void {
    this.#db.transaction(() => computerIds.forEach((computerId) => this.#askDetails.run(computerId)))();
  }

  /** The upstream server knows another state of these. */
  askStatus(computerIds: readonly string[]): void {
    this.#db.transaction(() => computerIds.forEach((computerId) => this.#askStatus.run(computerId)))();
  }

  noteStatus(computers: readonly { readonly computerId: string; readonly statusVersion: string }[]): void {
    this.#db.transaction(() => {
      for (const computer of computers) this.#noteStatus.run(computer);
    })();
  }

  /** Of computers that are here no longer, so that one that comes back is told of anew. */
  forgetGone(): void {
    this.#db
      .prepare(
        `DELETE FROM rollup_sent WHERE computer_id NOT IN (SELECT computer_id FROM computer)
           AND computer_id NOT IN (SELECT computer_id FROM downstream_computer)`,
      )
      .run();
  }

  /**
   * Whoever is told must be the one that was told before; otherwise everything is to be told anew.
   *
   * @param listedEvery milliseconds after which every computer is told of again, changed or not
   */
  begin(upstream: RollupUpstream, now: Date, listedEvery: number): void {
    const known = readSetting(this.#db, UPSTREAM_SETTING, KnownUpstream);
    const isSame = known?.serverId === upstream.serverId && known.resetGuid === upstream.resetGuid;
    if (!isSame) this.#db.prepare('DELETE FROM rollup_sent').run();
    const isListed = isSame && now.getTime() - Date.parse(known.listedAt) < listedEvery;
    if (isListed) return;
    this.#db.prepare('UPDATE rollup_sent SET contact = NULL').run();
    writeSetting(this.#db, UPSTREAM_SETTING, { ...upstream, listedAt: now.toISOString() });
  }
}

export interface RollupUpstream {
  readonly serverId: string;
  readonly resetGuid: string;
}

const UPSTREAM_SETTING = 'rollup.upstream';
const KnownUpstream = z.object({ serverId: z.string(), resetGuid: z.string(), listedAt: z.iso.datetime() });

const ACTIVITY_SETTING = 'rollup.activity-until';

/** Until when the upstream server was told what computers installed, ISO 8601 UTC; empty for never. */
export const activityToldUntil = (db: Database): string =>
  readSetting(db, ACTIVITY_SETTING, z.string()) ?? '';

export const noteActivityTold = (db: Database, until: string): void =>
  writeSetting(db, ACTIVITY_SETTING, until);
