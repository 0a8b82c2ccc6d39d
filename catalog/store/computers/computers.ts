/** Computers: who they are, which target groups they are in, what they told of themselves. */
import type { Database, Statement } from 'better-sqlite3';
import { UNASSIGNED_COMPUTERS } from '../groups/group-tree.ts';
import { ComputerTargets, type ComputerTarget } from './computer-targets.ts';

export type { ComputerTarget };

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

/** Group ids in their order, with a space between; null for none. */
interface IntroducedRow {
  /** Of the groups that the computer is in. */
  readonly present: string | null;
  /** Of those that it names and that there are. */
  readonly requested: string | null;
}

/** Requested groups that are looked at; more would only cost. */
const REQUESTED_GROUPS = 50;

const groupsNamedIn = (requestedTargetGroup: string): string[] =>
  requestedTargetGroup
    .split(';')
    .slice(0, REQUESTED_GROUPS)
    .map((name) => name.trim());

export class ComputerStore {
  readonly #targets: ComputerTargets;
  readonly #introduced: Statement<[Introduction & { readonly names: string }], IntroducedRow>;
  readonly #isRegistered: Statement<[Record<'computerId' | 'dnsName' | 'computerInfo', string>], number>;
  readonly #introduce: Statement<[Introduction & { readonly at: string }]>;
  readonly #groupNamed: Statement<[string], GroupRow>;
  readonly #leaveGroups: Statement<[string]>;
  readonly #joinGroup: Statement<[string, string]>;
  readonly #register: Statement<
    [Omit<Inventory, 'computerInfo'> & Record<'computerId' | 'at' | 'computerInfo', string>]
  >;
  readonly #touch: Statement<[Record<'computerId' | 'ipAddress' | 'at', string>]>;

  constructor(db: Database) {
    this.#targets = new ComputerTargets(db);
    // One statement, since beginning to read costs more than reading, and all that it tells is of one state.
    this.#introduced = db.prepare(
      `SELECT
         (SELECT group_concat(group_id, ' ' ORDER BY group_id) FROM computer_group
          WHERE computer_group.computer_id = computer.computer_id) AS present,
         (SELECT group_concat(group_id, ' ' ORDER BY group_id) FROM target_group
          WHERE is_builtin = 0 AND name IN (SELECT value FROM json_each(@names))) AS requested
       FROM computer WHERE computer_id = @computerId AND dns_name = @dnsName COLLATE BINARY
         AND ip_address = @ipAddress AND requested_target_group = @requestedTargetGroup`,
    );
    this.#isRegistered = db
      .prepare<[Record<'computerId' | 'dnsName' | 'computerInfo', string>], number>(
        `SELECT 1 FROM computer WHERE computer_id = @computerId AND is_registered = 1
           AND computer_info = @computerInfo AND (@dnsName = '' OR dns_name = @dnsName COLLATE BINARY)`,
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

  /** @returns undefined where no such computer is known (it was deleted) */
  targetOf(computerId: string): ComputerTarget | undefined {
    return this.#targets.of(computerId);
  }

  /**
   * Whether the computer is known as just that already, so that introducing it would write nothing new.
   *
   * @param isTargeting whether it is also to be in the groups it requests, and in no others
   */
  isIntroduced(introduction: Introduction, isTargeting: boolean): boolean {
    const { requestedTargetGroup } = introduction;
    const names = isTargeting ? JSON.stringify(groupsNamedIn(requestedTargetGroup)) : '[]';
    const row = this.#introduced.get({ ...introduction, names });
    if (row === undefined) return false;
    // In none of its own making is the same as in Unassigned Computers alone.
    return !isTargeting || (row.present ?? UNASSIGNED_COMPUTERS) === (row.requested ?? UNASSIGNED_COMPUTERS);
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
    if (this.#isInRequestedGroups({ computerId, requestedTargetGroup })) return;
    this.#leaveGroups.run(computerId);
    for (const groupId of this.#requestedGroups(requestedTargetGroup))
      this.#joinGroup.run(computerId, groupId);
  }

  #isInRequestedGroups({
    computerId,
    requestedTargetGroup,
  }: Pick<Introduction, 'computerId' | 'requestedTargetGroup'>): boolean {
    const groupIds = this.#requestedGroups(requestedTargetGroup);
    const wanted = groupIds.length === 0 ? [UNASSIGNED_COMPUTERS] : groupIds;
    return wanted.join() === this.targetOf(computerId)?.groupIds.join();
  }

  #requestedGroups(requestedTargetGroup: string): string[] {
    const wanted = groupsNamedIn(requestedTargetGroup).flatMap(
      (name) => this.#groupNamed.get(name)?.groupId ?? [],
    );
    return [...new Set(wanted)].sort();
  }

  /** Whether the computer is registered with just that already, so that registering it would write nothing new. */
  isRegisteredAs(computerId: string, { dnsName, computerInfo }: Inventory): boolean {
    const told = { computerId, dnsName, computerInfo: JSON.stringify(computerInfo) };
    return this.#isRegistered.get(told) !== undefined;
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
