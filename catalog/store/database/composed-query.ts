/** Reads whose filters, order and paging the caller chooses: built by kysely, run by better-sqlite3 (decisions/0002). */
import type { Database } from 'better-sqlite3';
import {
  DummyDriver,
  Kysely,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type Compilable,
  type SelectQueryBuilder,
} from 'kysely';
import { z } from 'zod';

/** Columns that composed reads name; the migrations have them all. */
export interface Tables {
  revision: {
    revision_id: number;
    update_id: string;
    revision_number: number;
    update_type: string;
    category_type: string | null;
    publication_state: string;
    is_latest: number;
    explicitly_deployable: number;
    creation_date: string;
    arrived_at: string;
    import_sequence: number;
    title: string;
    kb_article_ids: string;
    msrc_severity: string | null;
    severity_rank: number;
  };
  update_words: { rowid: number; update_words: string };
  revision_category: { revision_id: number; category_update_id: string };
  bundled_update: { revision_id: number; member_update_id: string; member_revision_number: number };
  superseded_update: { revision_id: number; superseded_update_id: string };
  deployment: { update_id: string; group_id: string; action: string };
  declined_update: { update_id: string };
  computer: {
    computer_id: string;
    dns_name: string;
    ip_address: string;
    os_description: string;
    os_version: string;
    manufacturer: string;
    model: string;
    last_contact: string;
  };
  membership: { computer_id: string; group_id: string };
  file: {
    sha1: string;
    size: number;
    content_state: string;
    content_error: string | null;
    attempts: number;
    retry_at: string | null;
    requested_at: string | null;
    changed_at: string;
  };
  revision_file: { revision_id: number; sha1: string };
  content_finding: { sha1: string };
  content_signature: { sha1: string; signer: string | null; verdict: string; refused: number };
  computer_update_status: {
    computer_id: string;
    update_id: string;
    state: string;
    error_code: number | null;
    changed_at: string;
  };
  audit_entry: {
    sequence: number;
    at: string;
    actor_kind: string;
    actor_name: string;
    account_id: number | null;
    remote_address: string | null;
    action: string;
    subjects: string;
    value_before: string | null;
    value_after: string | null;
    previous_hash: string;
    hash: string;
  };
}

/** Builds and compiles; it has no connection and runs nothing. */
export const compose = new Kysely<Tables>({
  dialect: {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  },
});

/** The rows of a composed query, each read through the schema. */
export function readAll<T>(db: Database, query: Compilable, row: z.ZodType<T>): T[] {
  const { sql, parameters } = query.compile();
  return z.array(row).parse(db.prepare(sql).all(...parameters));
}

const Count = z.object({ total: z.int() });

/** How many rows a composed selection has; what it selects and how it is ordered does not matter. */
export function countRows<Table extends keyof Tables>(
  db: Database,
  rows: SelectQueryBuilder<Tables, Table, object>,
): number {
  const query = rows.select((eb) => eb.fn.countAll<number>().as('total'));
  return readAll(db, query, Count)[0]?.total ?? 0;
}
