/** What downstream servers report of themselves and of those below them ([MS-WSUSSS] 3.1.4.14). */
import type { Database, Statement } from 'better-sqlite3';
import { z } from 'zod';
import { RefusalError } from '../database/refusal.ts';
import { roundOf } from './rollup-round.ts';

/** Times are ISO 8601 UTC. */
export interface ReportedServer {
  readonly serverId: string;
  /** Undefined: it is directly below this relay. */
  readonly parentId: string | undefined;
  readonly fullDomainName: string;
  readonly version: string;
  readonly isReplica: boolean;
  readonly lastSync: string;
  readonly lastRollup: string;
  readonly summary: Readonly<Record<string, number>>;
  readonly clients: readonly ReportedClients[];
}

/** Computers with one kind of operating system, and what they did since the last rollup. */
export interface ReportedClients {
  /** JSON of what tells the kind. */
  readonly kind: string;
  readonly computers: number;
  readonly activities: readonly {
    readonly updateId: string;
    readonly revisionNumber: number;
    readonly successes: number;
    readonly failures: number;
  }[];
}

/** Servers between two that know of each other; more is a circle, or an attempt to keep us busy. */
const DEEPEST = 32;

const Known = z.object({ last_rollup: z.string() }).optional();

export class ReceivedServers {
  readonly #db: Database;
  readonly #parent: Statement<[string], string | null>;
  readonly #known: Statement<[string]>;
  readonly #introduced: Statement<[string]>;
  readonly #write: Statement<[Record<string, string | number | null>]>;
  readonly #mention: Statement<[number, string]>;
  readonly #forgetClients: Statement<[string, string]>;
  readonly #writeClients: Statement<[string, string, number, string]>;
  readonly #addActivity: Statement<[Record<string, string | number>]>;

  constructor(db: Database) {
    this.#db = db;
    this.#parent = db
      .prepare<[string], string | null>('SELECT parent_id FROM rolled_up_server WHERE server_id = ?')
      .pluck();
    this.#known = db.prepare('SELECT last_rollup FROM rolled_up_server WHERE server_id = ?');
    this.#introduced = db.prepare('SELECT 1 FROM downstream_server WHERE account_guid = ?');
    this.#write = db.prepare(
      `INSERT INTO rolled_up_server (server_id, parent_id, full_domain_name, version, is_replica, last_sync,
         last_rollup, received_at, seen_round, summary)
       VALUES (@serverId, @parentId, @fullDomainName, @version, @isReplica, @lastSync, @lastRollup, @receivedAt,
         @round, @summary)
       ON CONFLICT (server_id) DO UPDATE SET parent_id = excluded.parent_id,
         full_domain_name = excluded.full_domain_name, version = excluded.version,
         is_replica = excluded.is_replica, last_sync = excluded.last_sync, last_rollup = excluded.last_rollup,
         received_at = excluded.received_at, seen_round = excluded.seen_round, summary = excluded.summary`,
    );
    this.#mention = db.prepare('UPDATE rolled_up_server SET seen_round = ? WHERE server_id = ?');
    this.#forgetClients = db.prepare(
      'DELETE FROM downstream_client_summary WHERE server_id = ? AND last_rollup < ?',
    );
    this.#writeClients = db.prepare(
      `INSERT INTO downstream_client_summary VALUES (?, ?, ?, ?)
       ON CONFLICT (server_id, kind) DO UPDATE SET computers = excluded.computers,
         last_rollup = excluded.last_rollup`,
    );
    this.#addActivity = db.prepare(
      `INSERT INTO downstream_activity (server_id, kind, update_id, revision_number, successes, failures, last_rollup)
       VALUES (@serverId, @kind, @updateId, @revisionNumber, @successes, @failures, @lastRollup)
       ON CONFLICT (server_id, kind, update_id, revision_number) DO UPDATE SET
         successes = iif(is_sent, 0, successes) + excluded.successes,
         failures = iif(is_sent, 0, failures) + excluded.failures,
         last_rollup = excluded.last_rollup, is_sent = 0
       WHERE downstream_activity.last_rollup < excluded.last_rollup`,
    );
  }

  /** Whether it, or the server above it, reported it. */
  isKnown(serverId: string): boolean {
    return this.#known.get(serverId) !== undefined;
  }

  /** Whether it is the caller, or below it. */
  isWithin(callerId: string, serverId: string): boolean {
    let at: string | null | undefined = serverId;
    for (let depth = 0; depth <= DEEPEST; depth += 1) {
      if (at === callerId) return true;
      at = typeof at === 'string' ? this.#parent.get(at) : undefined;
      if (at === undefined || at === null) return false;
    }
    return false;
  }

  /**
   * Keeps what the caller reports, in its order: parents before their children, itself last. Sent again, it changes
   * nothing. To be called within a transaction: all of it is kept or nothing.
   *
   * A server that stands elsewhere is passed over with those below it: anybody could report it, and would then speak for
   * its computers. That it moved it says itself, or an administrator by removing it where it stands.
   *
   * @returns those that were passed over
   * @throws RefusalError of kind `unknown` where a parent is not known to be the caller or below it
   */
  keep(callerId: string, name: string, servers: readonly ReportedServer[], now: Date): string[] {
    const round = roundOf(this.#db, callerId);
    const passedOver = new Set<string>();
    this.#makeKnown(callerId, name, now);
    for (const server of servers) {
      const { serverId, parentId } = server;
      if (this.#standsElsewhere(callerId, serverId) || (parentId !== undefined && passedOver.has(parentId))) {
        passedOver.add(serverId);
        continue;
      }
      this.#check(callerId, server);
      const known = Known.parse(this.#known.get(server.serverId));
      if (known === undefined || known.last_rollup <= server.lastRollup) this.#replace(server, round, now);
      else this.#mention.run(round, server.serverId);
      if (server.serverId === callerId) this.#forgetUnmentioned(callerId, round);
    }
    return [...passedOver];
  }

  /** Whether another server is known to be above it, or it speaks with this relay itself. */
  #standsElsewhere(callerId: string, serverId: string): boolean {
    if (this.isWithin(callerId, serverId)) return false;
    return this.isKnown(serverId) || this.#introduced.get(serverId) !== undefined;
  }

  /** A server comes last in its own list, and those below it name it as their parent before that. */
  #makeKnown(serverId: string, name: string, now: Date): void {
    if (this.#known.get(serverId) !== undefined) return;
    this.#write.run({
      serverId,
      parentId: null,
      fullDomainName: name,
      version: '',
      isReplica: 0,
      lastSync: NEVER,
      lastRollup: NEVER,
      receivedAt: now.toISOString(),
      round: 0,
      summary: '{}',
    });
  }

  #check(callerId: string, { serverId, parentId }: ReportedServer): void {
    const isInPlace =
      serverId === callerId
        ? parentId === undefined
        : parentId !== undefined && this.isWithin(callerId, parentId) && !this.isWithin(serverId, parentId);
    if (isInPlace) return;
    throw new RefusalError(
      'unknown',
      'PARENT_SERVER_UNKNOWN',
      `The server ${serverId} was reported below ${parentId ?? 'this one'}, where its reporter ${callerId} has no place for it.`,
    );
  }

  #replace(server: ReportedServer, round: number, now: Date): void {
    const { clients, summary, parentId, isReplica, ...rest } = server;
    this.#write.run({
      ...rest,
      parentId: parentId ?? null,
      isReplica: isReplica ? 1 : 0,
      receivedAt: now.toISOString(),
      round,
      summary: JSON.stringify(summary),
    });
    const { serverId, lastRollup } = server;
    this.#forgetClients.run(serverId, lastRollup);
    for (const { kind, computers, activities } of clients) {
      this.#writeClients.run(serverId, kind, computers, lastRollup);
      for (const activity of activities) this.#addActivity.run({ ...activity, serverId, kind, lastRollup });
    }
  }

  #forgetUnmentioned(callerId: string, round: number): void {
    this.#db
      .prepare(
        `DELETE FROM rolled_up_server WHERE seen_round < ? AND server_id IN (${BELOW}) AND server_id <> ?`,
      )
      .run(round, callerId, callerId);
  }
}

export const NEVER = '1753-01-01T00:00:00.000Z';

/** The server of the first parameter and all below it. */
export const BELOW = `WITH RECURSIVE below (server_id) AS (
    VALUES (?)
    UNION
    SELECT rolled_up_server.server_id FROM rolled_up_server JOIN below ON rolled_up_server.parent_id = below.server_id
  ) SELECT server_id FROM below`;
