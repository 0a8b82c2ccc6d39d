/** The list of computers: filtered, searched, sorted and read in pages by the database. */
import type { Database } from 'better-sqlite3';
import { sql, type Expression, type ExpressionBuilder, type SqlBool } from 'kysely';
import { z } from 'zod';
import type { ComputersPage, ComputersQuery, ComputerSummary } from '../../../protocol/console/computers.ts';
import { compose, countRows, readAll, type Tables } from '../database/composed-query.ts';
import { computersInStates, groupsOfComputers, statusOfComputers } from '../reports/fleet-status.ts';
import { GroupTree } from '../groups/group-tree.ts';
import { cursorsOf } from '../database/page-cursor.ts';
import { emptyCounts } from '../reports/status-counts.ts';

type Builder = ExpressionBuilder<Tables, 'computer'>;
type Condition = Expression<SqlBool>;
type SortColumn = 'dns_name' | 'last_contact' | 'os_description';

const COLUMN_OF: Readonly<Record<ComputersQuery['sort'], SortColumn>> = {
  name: 'dns_name',
  '-name': 'dns_name',
  lastContact: 'last_contact',
  '-lastContact': 'last_contact',
  os: 'os_description',
  '-os': 'os_description',
};

/** Value of the order, then the id. */
const Place = z.tuple([z.string(), z.string()]);
const KeyRow = z.object({ computer_id: z.string(), key: z.string() });

const SummaryRow = z.object({
  computer_id: z.string(),
  dns_name: z.string(),
  ip_address: z.string(),
  os_description: z.string(),
  os_version: z.string(),
  manufacturer: z.string(),
  model: z.string(),
  client_version: z.string(),
  last_contact: z.string(),
  last_scan: z.string().nullable(),
  last_report: z.string().nullable(),
});

/** @throws RefusalError for a cursor of another list or order */
export function listComputers(db: Database, query: ComputersQuery): ComputersPage {
  const inStates = query.status === undefined ? undefined : computersInStates(db, query.status);
  const inGroups = query.group === undefined ? undefined : branches(GroupTree.read(db), query.group);
  const filtered = compose
    .selectFrom('computer')
    .where((eb) => eb.and(conditionsOf(eb, query.search, inGroups, inStates)));
  const column = COLUMN_OF[query.sort];
  const direction = query.sort.startsWith('-') ? 'desc' : 'asc';
  const cursors = cursorsOf(`computers ${query.sort}`, Place);

  let page = filtered
    .select(['computer_id', `${column} as key`])
    .orderBy(column, direction)
    .orderBy('computer_id', direction)
    .limit(query.limit + 1);
  if (query.cursor !== undefined) {
    const place = cursors.read(query.cursor);
    page = page.where((eb) =>
      eb(eb.refTuple(column, 'computer_id'), direction === 'desc' ? '<' : '>', eb.tuple(place[0], place[1])),
    );
  }
  const rows = readAll(db, page, KeyRow);
  const shown = rows.slice(0, query.limit);
  const last = shown.at(-1);
  return {
    items: summarizeComputers(
      db,
      shown.map((row) => row.computer_id),
    ),
    total: countRows(db, filtered),
    ...(rows.length > query.limit && last !== undefined
      ? { nextCursor: cursors.write([last.key, last.computer_id]) }
      : {}),
  };
}

/** In the order of the ids; unknown ones are left out. */
export function summarizeComputers(db: Database, computerIds: readonly string[]): ComputerSummary[] {
  const values = db
    .prepare(
      `SELECT computer.*, last_scan, last_report FROM computer JOIN computer_standing USING (computer_id)
       WHERE computer_id IN (SELECT value FROM json_each(?))`,
    )
    .all(JSON.stringify(computerIds));
  const rows = new Map(
    z
      .array(SummaryRow)
      .parse(values)
      .map((row) => [row.computer_id, row]),
  );
  const groups = groupsOfComputers(db, computerIds);
  const statuses = statusOfComputers(db, computerIds);
  const tree = GroupTree.read(db);
  return computerIds.flatMap((computerId) => {
    const row = rows.get(computerId);
    if (row === undefined) return [];
    return [
      {
        computerId,
        dnsName: row.dns_name,
        ipAddress: row.ip_address,
        osDescription: row.os_description,
        osVersion: row.os_version,
        manufacturer: row.manufacturer,
        model: row.model,
        clientVersion: row.client_version,
        groups: (groups.get(computerId) ?? []).map((groupId) => ({
          groupId,
          name: tree.get(groupId)?.name ?? groupId,
        })),
        lastContact: row.last_contact,
        ...(row.last_scan === null ? {} : { lastScan: row.last_scan }),
        ...(row.last_report === null ? {} : { lastReport: row.last_report }),
        status: statuses.get(computerId) ?? emptyCounts(),
      },
    ];
  });
}

const branches = (tree: GroupTree, groupIds: readonly string[]): string[] => [
  ...new Set(groupIds.flatMap((groupId) => tree.branchOf(groupId.toLowerCase()))),
];

function conditionsOf(
  eb: Builder,
  search: string | undefined,
  inGroups: readonly string[] | undefined,
  inStates: readonly string[] | undefined,
): Condition[] {
  const conditions = wordsOf(search).map((word) => contains(eb, word));
  if (inGroups !== undefined) {
    conditions.push(
      eb(
        'computer_id',
        'in',
        eb.selectFrom('membership').select('membership.computer_id').where('group_id', 'in', inGroups),
      ),
    );
  }
  if (inStates !== undefined) {
    conditions.push(sql<SqlBool>`computer_id in (select value from json_each(${JSON.stringify(inStates)}))`);
  }
  return conditions;
}

const wordsOf = (search: string | undefined): string[] =>
  (search ?? '').split(/\s+/).filter((word) => word !== '');

const SEARCHED = ['dns_name', 'ip_address', 'os_description', 'os_version', 'manufacturer', 'model'] as const;

function contains(eb: Builder, word: string): Condition {
  const pattern = `%${word.replace(/[\\%_]/g, String.raw`\$&`)}%`;
  return eb.or(SEARCHED.map((column) => sql<SqlBool>`${eb.ref(column)} like ${pattern} escape '\\'`));
}
