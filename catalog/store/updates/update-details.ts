/** Everything the console shows of one update: its latest revision, relations, files, approvals, status by group. */
import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import type { UpdateDetails, UpdateFileView } from '../../../protocol/console/updates.ts';
import type { ParsedUpdate } from '../../metadata/model.ts';
import { parseUpdate } from '../../metadata/parse.ts';
import { NOT_UNDER_THIS_POLICY } from '../content/signatures.ts';
import { withBundled } from '../content/deployment-content.ts';
import { groupApprovals } from './group-approvals.ts';
import { APPROVING } from '../decisions/approval-state.ts';
import { followedRevisions } from '../decisions/followed-revisions.ts';
import { olderDecisions } from '../decisions/older-decisions.ts';
import { readRevisionRules } from '../decisions/revision-rules.ts';
import { licenceTermsOf, type LicenceTerms } from '../decisions/licence-terms.ts';
import { unknownUpdate } from '../database/refusal.ts';
import { ruleTraces } from '../rules/rule-traces.ts';
import { readDocument } from '../revisions/revisions.ts';
import { relationsOf } from './update-relations.ts';
import { splitWords, summarizeUpdates } from './update-summaries.ts';

const LatestRow = z.object({
  revision_id: z.int(),
  description: z.string(),
  cve_ids: z.string(),
  security_bulletin_ids: z.string(),
  reboot_behavior: z.string().nullable(),
  impact: z.string().nullable(),
  can_uninstall: z.int(),
});

const DeclinedRow = z.object({ admin_name: z.string(), declined_at: z.string() });
const RevisionRow = z.object({
  revision_number: z.int(),
  arrived_at: z.string(),
  is_latest: z.int(),
  publication_state: z.string(),
  approved_for: z.int(),
});

const FileRow = z.object({
  sha1: z.string(),
  sha256: z.string().nullable(),
  file_name: z.string(),
  size: z.int(),
  patching_type: z.string().nullable(),
  content_state: z.enum(['absent', 'wanted', 'present', 'quarantined']),
  content_error: z.string().nullable(),
  retry_at: z.string().nullable(),
});

/** Gives the text of licence terms, where it is here. */
export type ReadTerms = (terms: LicenceTerms) => string | undefined;

/** @throws RefusalError where no software or driver of this id is here */
export function updateDetails(db: Database, updateId: string, readTerms: ReadTerms): UpdateDetails {
  const found = db.prepare('SELECT * FROM revision WHERE update_id = ? AND is_latest = 1').get(updateId);
  const row = found === undefined ? undefined : LatestRow.parse(found);
  const [summary] = row === undefined ? [] : summarizeUpdates(db, [row.revision_id]);
  if (row === undefined || summary === undefined) throw unknownUpdate(updateId);
  const document = parseUpdate(readDocument(db, row.revision_id));
  const [terms] = licenceTermsOf(db, [row.revision_id]);
  const termsText = terms === undefined ? undefined : readTerms(terms);
  const declined = declineOf(db, updateId);
  const waiting = waitingOf(db, updateId);
  const traces = ruleTraces(db, updateId);
  return {
    ...summary,
    description: row.description,
    ...linksOf(document),
    languages: document.localized.map(({ language }) => language),
    securityBulletinIds: splitWords(row.security_bulletin_ids),
    cveIds: splitWords(row.cve_ids),
    ...(row.reboot_behavior === null ? {} : { rebootBehavior: row.reboot_behavior }),
    ...(row.impact === null ? {} : { impact: row.impact }),
    canUninstall: row.can_uninstall !== 0,
    ...(terms === undefined
      ? {}
      : {
          eula: {
            eulaId: terms.eulaId,
            accepted: terms.isAccepted,
            ...(termsText === undefined ? {} : { text: termsText }),
          },
        }),
    ...(declined === undefined ? {} : { declined }),
    ...relationsOf(db, updateId, row.revision_id),
    revisions: revisionsOf(db, updateId),
    ...(waiting === undefined ? {} : { waiting }),
    followed: followedRevisions(db, updateId),
    ruleTraces: [...traces.values()],
    files: filesOf(db, row.revision_id),
    groups: groupApprovals(db, updateId, declined !== undefined, traces),
  };
}

function linksOf({ localized }: ParsedUpdate): Pick<UpdateDetails, 'moreInfoUrls' | 'supportUrl'> {
  const properties = localized.find(({ language }) => language === 'en') ?? localized[0];
  return {
    moreInfoUrls: [...(properties?.moreInfoUrls ?? [])],
    ...(properties?.supportUrl === undefined ? {} : { supportUrl: properties.supportUrl }),
  };
}

export function declineOf(db: Database, updateId: string): UpdateDetails['declined'] {
  const row = db
    .prepare('SELECT admin_name, declined_at FROM declined_update WHERE update_id = ?')
    .get(updateId);
  if (row === undefined) return undefined;
  const { admin_name: adminName, declined_at: declinedAt } = DeclinedRow.parse(row);
  return { adminName, declinedAt };
}

function waitingOf(db: Database, updateId: string): UpdateDetails['waiting'] {
  const older = olderDecisions(db, [updateId]).filter(({ action }) =>
    APPROVING.some((one) => one === action),
  );
  if (older.length === 0) return undefined;
  const obstacle = older.find((decision) => decision.obstacle !== undefined)?.obstacle;
  const reason = obstacle ?? (readRevisionRules(db).moveApprovals ? 'NextSynchronization' : 'NotMoved');
  return { reason, groups: older.length };
}

function revisionsOf(db: Database, updateId: string): UpdateDetails['revisions'] {
  const rows = db
    .prepare(
      `SELECT revision_number, arrived_at, is_latest, publication_state,
         (SELECT count(*) FROM deployment WHERE deployment.revision_id = revision.revision_id
            AND action IN ('Install', 'OptionalInstall', 'Uninstall')) AS approved_for
       FROM revision WHERE update_id = ? ORDER BY revision_number DESC`,
    )
    .all(updateId);
  return z
    .array(RevisionRow)
    .parse(rows)
    .map((row) => ({
      revisionNumber: row.revision_number,
      arrivedAt: row.arrived_at,
      isLatest: row.is_latest !== 0,
      isExpired: row.publication_state === 'Expired',
      approvedFor: row.approved_for,
    }));
}

function filesOf(db: Database, revisionId: number): UpdateFileView[] {
  const rows = db
    .prepare(
      `SELECT DISTINCT sha1, sha256, file_name, size, patching_type, content_state, content_error, retry_at
       FROM revision_file JOIN file USING (sha1)
       WHERE revision_id IN (SELECT value FROM json_each(?)) ORDER BY file_name, sha1`,
    )
    .all(JSON.stringify(withBundled(db, [revisionId])));
  return z
    .array(FileRow)
    .parse(rows)
    .map((row) => ({
      sha1: row.sha1,
      ...(row.sha256 === null ? {} : { sha256: row.sha256 }),
      fileName: row.file_name,
      size: row.size,
      ...(row.patching_type === null ? {} : { patchingType: row.patching_type }),
      contentState: row.content_state,
      ...(row.content_error === null ? {} : { contentError: row.content_error }),
      ...(row.retry_at === null || row.retry_at === NOT_UNDER_THIS_POLICY ? {} : { retryAt: row.retry_at }),
      isRefused: row.retry_at === NOT_UNDER_THIS_POLICY,
    }));
}
