/** Computers: who they are, which target groups they are in, what they told of themselves. */
import type { Database, Statement } from 'better-sqlite3';
import { UNASSIGNED_COMPUTERS } from '../groups/group-tree.ts';

/** What a scan must know of a computer. */
export interface ComputerTarget {
  readonly isRegistered: boolean;
  /** Sorted; Unassigned Computers where an administrator put it nowhere. */
  readonly groupIds: readonly string[];
}

export interface Introduction {
  /** SusClientId, lower case. */
  readonly computerId: string;
  readonly dnsName: string;
  readonly ipAddress: string;
  /** As sent; names separated by `;`. */
  readonly requestedTargetGroup: string;
}

/** What the console lists of a computer; `computerInfo` is all it told. */
export interface Inventory {
  readonly dnsName: string;
  readonly osDescription: string;
  /** major.minor.build */
  readonly osVersion: string;
  readonly manufacturer: string;
  readonly model: string;
  readonly processorArchitecture: string;
  readonly clientVersion: string;
  readonly computerInfo: object;
}

export interface Contact {
  readonly computerId: string;
  readonly ipAddress: string;
  readonly at: Date;
}

interface GroupRow {
  readonly groupId: string;
}

/** Requested groups that are looked at; more would only cost. */
const REQUESTED_GROUPS = 50;

export class ComputerStore {
  readonly #target: Statement<[string], string>;
  readonly #introduce: Statement<[Introduction & { readonly at: string }]>;
  readonly #groupNamed: Statement<[string], GroupRow>;
  readonly #leaveGroups: Statement<[string]>;
  readonly #joinGroup: Statement<[string, string]>;
  readonly #register: Statement<
    [Omit<Inventory, 'computerInfo'> & Record<'computerId' | 'at' | 'computerInfo', string>]
  >;
  readonly #touch: Statement<[Record<'computerId' | 'ipAddress' | 'at', string>]>;

  constructor(db: Database) {
    this.#target = db
      .prepare<[string], string>(
        `SELECT is_registered || ' ' || ifnull(
                  (SELECT group_concat(group_id, ' ' ORDER BY group_id)
                   FROM computer_group WHERE computer_group.computer_id = computer.computer_id), '')
         FROM computer WHERE computer_id = ?`,
      )
      .pluck();
    this.#introduce = db.prepare(
      `INSERT INTO computer (computer_id, dns_name, ip_address, requested_target_group, first_contact, last_contact)
       VALUES (@computerId, @dnsName, @ipAddress, @requestedTargetGroup, @at, @at)
       ON CONFLICT (computer_id) DO UPDATE SET
         dns_name = excluded.dns_name, ip_address = excluded.ip_address,
         requested_target_group = excluded.requested_target_group,
         last_contact = max(last_contact, excluded.last_contact)`,
    );
    this.#groupNamed = db.prepare(
      'SELECT group_id AS groupId FROM target_group WHERE name = ? AND is_builtin = 0',
    );
    this.#leaveGroups = db.prepare('DELETE FROM computer_group WHERE computer_id = ?');
    this.#joinGroup = db.prepare('INSERT INTO computer_group (computer_id, group_id) VALUES (?, ?)');
    this.#register = db.prepare(
      `UPDATE computer SET
         is_registered = 1, dns_name = iif(@dnsName = '', dns_name, @dnsName), os_description = @osDescription,
         os_version = @osVersion, manufacturer = @manufacturer, model = @model,
         processor_architecture = @processorArchitecture, client_version = @clientVersion,
         computer_info = @computerInfo, last_contact = max(last_contact, @at)
       WHERE computer_id = @computerId`,
    );
    this.#touch = db.prepare(
      `UPDATE computer SET ip_address = @ipAddress, last_contact = @at
       WHERE computer_id = @computerId AND last_contact <= @at`,
    );
  }

  /**
   * One read by primary key. It costs about what asking "did any membership change?" would, so that nothing is kept in
   * memory that could be stale: a computer that is moved sees it in its next scan, whichever process moved it.
   *
   * @returns undefined where no such computer is known (it was deleted)
   */
  targetOf(computerId: string): ComputerTarget | undefined {
    const target = this.#target.get(computerId);
    if (target === undefined) return undefined;
    const [isRegistered, ...groupIds] = target.trimEnd().split(' ');
    return {
      isRegistered: isRegistered === '1',
      groupIds: groupIds.length === 0 ? [UNASSIGNED_COMPUTERS] : groupIds,
    };
  }

  /** Makes a computer known, or notes what it says of itself now. */
  introduce(introduction: Introduction, now: Date): void {
    this.#introduce.run({ ...introduction, at: now.toISOString() });
  }

  /**
   * Client-side targeting: the computer is in the groups it named, as far as they exist, and in no others. Groups are
   * made by administrators only ([MS-WUSP] 3.1.1.1, note 46).
   */
  assignRequestedGroups(computerId: string, requestedTargetGroup: string): void {
    const wanted = requestedTargetGroup
      .split(';')
      .slice(0, REQUESTED_GROUPS)
      .flatMap((name) => this.#groupNamed.get(name.trim())?.groupId ?? []);
    const groupIds = [...new Set(wanted)].sort();
    const present = this.targetOf(computerId)?.groupIds ?? [];
    const target = groupIds.length === 0 ? [UNASSIGNED_COMPUTERS] : groupIds;
    if (target.join() === present.join()) return;
    this.#leaveGroups.run(computerId);
    for (const groupId of groupIds) this.#joinGroup.run(computerId, groupId);
  }

  register(computerId: string, inventory: Inventory, now: Date): void {
    this.#register.run({
      ...inventory,
      computerId,
      computerInfo: JSON.stringify(inventory.computerInfo),
      at: now.toISOString(),
    });
  }

  noteContact({ computerId, ipAddress, at }: Contact): void {
    this.#touch.run({ computerId, ipAddress, at: at.toISOString() });
  }
}
