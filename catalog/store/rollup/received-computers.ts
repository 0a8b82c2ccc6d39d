/** Computers of downstream servers ([MS-WSUSSS] 3.1.4.15 and 3.1.4.16): each is below the server that it was seen at last. */
import type { Database, Statement } from 'better-sqlite3';
import { z } from 'zod';
import { RefusalError } from '../database/refusal.ts';
import { BELOW } from './received-servers.ts';
import { roundOf } from './rollup-round.ts';

/** Times are ISO 8601 UTC. */
export interface ReportedComputer {
  readonly computerId: string;
  readonly parentId: string;
  readonly lastSync: string;
  readonly lastSyncResult: number;
  readonly lastReboot: string;
  readonly lastStatus: string;
  readonly lastInventory: string;
  /** Left out: as told before. */
  readonly details?: ReportedDetails;
}

export interface ReportedDetails {
  readonly dnsName: string;
  readonly ipAddress: string;
  readonly osDescription: string;
  /** major.minor.build */
  readonly osVersion: string;
  /** All of it, as it goes further up. */
  readonly whole: object;
}

export interface LastNumber {
  readonly computerId: string;
  readonly rollupNumber: number;
}

/** What came of a report. */
export interface Kept {
  /** Ids of computers whose details must be told too: new ones, and those with another parent. */
  readonly lacking: readonly string[];
  /** Computers that were below another server until now. */
  readonly moved: readonly { readonly computerId: string; readonly fromId: string; readonly toId: string }[];
}

type Known = { parentId: string; lastSync: string; rollupNumber: number };

/** Computers that are kept of one server: what it names costs it nothing. */
export const MOST_COMPUTERS = 100_000;

export class ReceivedComputers {
  readonly #db: Database;
  readonly #known: Statement<[string], Known>;
  readonly #write: Statement<[Record<string, string | number>]>;
  readonly #writeDetails: Statement<[Record<string, string>]>;
  readonly #mention: Statement<[number, string]>;
  readonly #claim: Statement<[string, string, number]>;
  readonly #mentionClaims: Statement<[number, string, string]>;
  readonly #unclaim: Statement<[string, string]>;
  readonly #count: Statement<[string], number>;

  constructor(db: Database) {
    this.#db = db;
    this.#known = db.prepare(
      `SELECT parent_id AS parentId, last_sync AS lastSync, rollup_number AS rollupNumber
       FROM downstream_computer WHERE computer_id = ?`,
    );
    this.#write = db.prepare(
      `INSERT INTO downstream_computer (computer_id, parent_id, last_sync, last_sync_result, last_reboot, last_status,
         last_inventory, seen_round)
       VALUES (@computerId, @parentId, @lastSync, @lastSyncResult, @lastReboot, @lastStatus, @lastInventory, @round)
       ON CONFLICT (computer_id) DO UPDATE SET parent_id = excluded.parent_id, last_sync = excluded.last_sync,
         last_sync_result = excluded.last_sync_result, last_reboot = excluded.last_reboot,
         last_status = excluded.last_status, last_inventory = excluded.last_inventory,
         seen_round = excluded.seen_round`,
    );
    this.#writeDetails = db.prepare(
      `UPDATE downstream_computer SET dns_name = @dnsName, ip_address = @ipAddress,
         os_description = @osDescription, os_version = @osVersion, details = @whole
       WHERE computer_id = @computerId`,
    );
    this.#mention = db.prepare('UPDATE downstream_computer SET seen_round = ? WHERE computer_id = ?');
    this.#claim = db.prepare(
      `INSERT INTO downstream_claim VALUES (?, ?, ?)
       ON CONFLICT (computer_id, server_id) DO UPDATE SET seen_round = excluded.seen_round`,
    );
    this.#mentionClaims = db.prepare(
      'UPDATE downstream_claim SET seen_round = ? WHERE computer_id = ? AND server_id IN (SELECT value FROM json_each(?))',
    );
    this.#count = db
      .prepare<[string], number>('SELECT count(*) FROM downstream_computer WHERE parent_id = ?')
      .pluck();
    this.#unclaim = db.prepare('DELETE FROM downstream_claim WHERE computer_id = ? AND server_id = ?');
  }

  /**
   * Keeps what the caller reports; the parents are known to be the caller or below it. Sent again, it changes nothing.
   *
   * @throws RefusalError of kind `conflict` where a server would have more computers than are kept of one
   */
  keep(callerId: string, computers: readonly ReportedComputer[]): Kept {
    const round = roundOf(this.#db, callerId);
    const before = computers.map(({ computerId }) => this.#known.get(computerId)?.parentId);
    const lacking = computers.filter((computer) => this.#keepOne(computer, round));
    const moved = computers.flatMap(({ computerId }, index) => {
      const fromId = before[index];
      const toId = this.#known.get(computerId)?.parentId;
      return fromId === undefined || toId === undefined || fromId === toId
        ? []
        : [{ computerId, fromId, toId }];
    });
    this.#refuseTooMany(new Set(lacking.map(({ parentId }) => parentId)));
    this.#forgetUnmentioned(callerId, round);
    return { lacking: lacking.map(({ computerId }) => computerId), moved };
  }

  #refuseTooMany(parentIds: ReadonlySet<string>): void {
    for (const parentId of parentIds) {
      if ((this.#count.get(parentId) ?? 0) <= MOST_COMPUTERS) continue;
      throw new RefusalError(
        'conflict',
        'COMPUTERS_TOO_MANY',
        `The server ${parentId} reported more than the ${MOST_COMPUTERS} computers that are kept of one.`,
      );
    }
  }

  /**
   * Which of the caller's computers stand otherwise here than it thinks. Its list is all that it has, so that what it
   * leaves out is gone.
   */
  outOfSync(callerId: string, numbers: readonly LastNumber[]): string[] {
    const round = roundOf(this.#db, callerId);
    const below = new Set(this.#below(callerId));
    const claimants = JSON.stringify([...below]);
    const differing = numbers.filter(({ computerId, rollupNumber }) => {
      const known = this.#known.get(computerId);
      this.#mentionClaims.run(round, computerId, claimants);
      if (known === undefined || !below.has(known.parentId)) return false;
      this.#mention.run(round, computerId);
      return known.rollupNumber !== rollupNumber;
    });
    this.#forgetUnmentioned(callerId, round);
    return differing.map(({ computerId }) => computerId);
  }

  #keepOne(computer: ReportedComputer, round: number): boolean {
    const { computerId, parentId, details, ...contact } = computer;
    const known = this.#known.get(computerId);
    if (known !== undefined && known.lastSync > contact.lastSync) {
      if (known.parentId === parentId) this.#mention.run(round, computerId);
      else this.#claim.run(computerId, parentId, round);
      return false;
    }
    const hasMoved = known !== undefined && known.parentId !== parentId;
    this.#write.run({ ...contact, computerId, parentId, round });
    this.#unclaim.run(computerId, parentId);
    if (hasMoved) this.#claim.run(computerId, known.parentId, round);
    if (details !== undefined) {
      this.#writeDetails.run({ ...details, whole: JSON.stringify(details.whole), computerId });
      return false;
    }
    return known === undefined || hasMoved;
  }

  #below(callerId: string): string[] {
    return z.array(z.string()).parse(this.#db.prepare(BELOW).pluck().all(callerId));
  }

  /**
   * The protocol has no word for a deleted computer. Where as many of a server's computers were mentioned in this round as
   * the server says that it has, the others are gone.
   */
  #forgetUnmentioned(callerId: string, round: number): void {
    if (round === 0) return;
    const complete = this.#db
      .prepare(
        `SELECT server_id FROM rolled_up_server
         WHERE server_id IN (${BELOW}) AND seen_round >= ?
           AND json_extract(summary, '$.ComputerTargetCount') <=
             (SELECT count(*) FROM downstream_computer
              WHERE parent_id = rolled_up_server.server_id AND seen_round >= ?)
             + (SELECT count(*) FROM downstream_claim
                WHERE downstream_claim.server_id = rolled_up_server.server_id AND seen_round >= ?)`,
      )
      .pluck()
      .all(callerId, round, round, round);
    for (const serverId of z.array(z.string()).parse(complete)) {
      for (const sql of FORGET) this.#db.prepare(sql).run(serverId, round);
    }
  }
}

const FORGET = [
  'DELETE FROM downstream_computer WHERE parent_id = ? AND seen_round < ?',
  'DELETE FROM downstream_claim WHERE server_id = ? AND seen_round < ?',
];
