/**
 * Which updates fit a rule's conditions: the catalogue is gone through by revision, a slice at a time, over an index that
 * holds what most conditions ask, so that no slice takes long however large the catalogue is.
 */
import type { Database } from 'better-sqlite3';
import { sql, type RawBuilder } from 'kysely';
import { z } from 'zod';
import type { RuleConditions } from '../../../protocol/console/rules.ts';
import { compose, readAll } from '../database/composed-query.ts';
import { IS_DECLINED, IS_LISTED, IS_SUPERSEDED } from '../revisions/revision-conditions.ts';
import { likeOf } from './title-pattern.ts';

/** Listed revisions that one slice goes through. */
const WINDOW = 5000;

const DAY = 86_400_000;

const MatchRow = z
  .object({ revision_id: z.int(), update_id: z.string(), arrived_at: z.string() })
  .transform((row) => ({
    revisionId: row.revision_id,
    updateId: row.update_id,
    arrivedAt: row.arrived_at,
  }));
export type MatchingUpdate = z.output<typeof MatchRow>;

export interface SliceOptions {
  /** RevisionID: the slice begins behind it. */
  readonly after: number;
  /** Most updates to give. */
  readonly limit: number;
  /** Only what arrived by then. Left out: whenever. */
  readonly arrivedBy?: Date;
  /** Only updates about which this rule may still decide for one of the groups. Left out: all. */
  readonly undecided?: { readonly ruleId: number; readonly groupIds: readonly string[] };
}

export interface MatchingSlice {
  readonly matches: readonly MatchingUpdate[];
  /** Where the next slice begins; undefined: there is none. */
  readonly next?: number;
}

/** Updates whose latest revision was published and fits, by RevisionID; age apart. */
export function matchingSlice(
  db: Database,
  conditions: RuleConditions,
  { after, limit, arrivedBy, undecided }: SliceOptions,
): MatchingSlice {
  const end = endOfWindow(db, after);
  const all = [
    sql.raw(IS_LISTED),
    sql`revision.revision_id > ${after}`,
    ...(end === undefined ? [] : [sql`revision.revision_id <= ${end}`]),
    ...conditionsOf(conditions),
    ...(arrivedBy === undefined ? [] : [sql`revision.arrived_at <= ${arrivedBy.toISOString()}`]),
    ...(undecided === undefined ? [] : [mayDecide(undecided)]),
  ];
  const query = sql`SELECT revision_id, update_id, arrived_at FROM revision INDEXED BY listed_by_revision
    WHERE ${sql.join(all, sql` AND `)} ORDER BY revision_id LIMIT ${limit}`;
  const matches = readAll(db, { compile: () => query.compile(compose) }, MatchRow);
  const next = matches.length === limit ? matches.at(-1)?.revisionId : end;
  return { matches, ...(next === undefined ? {} : { next }) };
}

/** The latest arrival that is old enough. */
export const arrivedByFor = ({ ageDays }: RuleConditions, now: Date): Date =>
  new Date(now.getTime() - ageDays * DAY);

/** When what arrived then is old enough. */
export const oldEnoughAt = ({ ageDays }: RuleConditions, arrivedAt: string): Date =>
  new Date(Date.parse(arrivedAt) + ageDays * DAY);

/** The last revision of the window; undefined where it reaches to the end. */
const endOfWindow = (db: Database, after: number): number | undefined =>
  z
    .int()
    .optional()
    .parse(
      db
        .prepare(
          `SELECT revision_id FROM revision INDEXED BY listed_by_revision
           WHERE ${IS_LISTED} AND revision_id > ? ORDER BY revision_id LIMIT 1 OFFSET ${WINDOW - 1}`,
        )
        .pluck()
        .get(after),
    );

/** What the index answers comes first. */
function conditionsOf(conditions: RuleConditions): RawBuilder<unknown>[] {
  const { updateTypes, severities, titleIncludes, titleExcludes, classifications, products, superseded } =
    conditions;
  const all = [sql`revision.publication_state = 'Published'`];
  if (updateTypes.length > 0) all.push(sql`revision.update_type IN ${listOf(updateTypes)}`);
  if (severities.length > 0) {
    all.push(
      sql`iif(revision.msrc_severity IN ('Critical', 'Important', 'Moderate', 'Low'), revision.msrc_severity, 'None')
        IN ${listOf(severities)}`,
    );
  }
  if (titleIncludes.length > 0) all.push(sql`(${anyTitle(titleIncludes)})`);
  if (titleExcludes.length > 0) all.push(sql`NOT (${anyTitle(titleExcludes)})`);
  if (classifications.length > 0) all.push(isInCategory(classifications));
  if (products.length > 0) all.push(isInCategory(products));
  if (superseded !== 'include') {
    const isSuperseded = sql.raw(IS_SUPERSEDED);
    all.push(superseded === 'only' ? isSuperseded : sql`NOT ${isSuperseded}`);
  }
  return all;
}

const listOf = (values: readonly string[]): RawBuilder<unknown> =>
  sql`(SELECT value FROM json_each(${JSON.stringify(values)}))`;

const anyTitle = (patterns: readonly string[]): RawBuilder<unknown> =>
  sql.join(
    patterns.map((pattern) => sql`revision.title LIKE ${likeOf(pattern)} ESCAPE '\\'`),
    sql` OR `,
  );

/** A revision names all categories above its own. */
const isInCategory = (categoryIds: readonly string[]): RawBuilder<unknown> =>
  sql`EXISTS (SELECT 1 FROM revision_category WHERE revision_category.revision_id = revision.revision_id
    AND category_update_id IN ${listOf(categoryIds)})`;

/** Saves looking again at what was decided; who judges the update decides (rule-verdicts.ts). */
const mayDecide = ({ ruleId, groupIds }: NonNullable<SliceOptions['undecided']>): RawBuilder<unknown> =>
  sql`NOT ${sql.raw(IS_DECLINED)} AND EXISTS (SELECT 1 FROM json_each(${JSON.stringify(groupIds)}) AS wanted
    WHERE NOT EXISTS (SELECT 1 FROM deployment
        WHERE deployment.update_id = revision.update_id AND deployment.group_id = wanted.value)
      AND NOT EXISTS (SELECT 1 FROM rule_decision
        WHERE rule_decision.update_id = revision.update_id AND rule_decision.group_id = wanted.value
          AND rule_decision.rule_id = ${ruleId})
      AND NOT EXISTS (SELECT 1 FROM taken_away_decision AS taken
        WHERE taken.update_id = revision.update_id AND taken.group_id = wanted.value))`;
