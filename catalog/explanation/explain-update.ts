/** Why a computer gets an update, or does not: the scan engine run on it, with everything that decided. */
import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import type {
  ExplainedClause,
  ExplainedGroup,
  Explanation,
  Verdict,
} from '../../protocol/console/explanation.ts';
import { UpdateState } from '../../protocol/console/status.ts';
import { scanSingleUpdate } from '../scan/single-update.ts';
import type { Clause, SingleUpdateScan } from '../scan/single-update.ts';
import { approvedUpdatesOf, unknownComputer } from '../store/computers/computer-details.ts';
import { lastScanOf } from '../store/computers/last-scans.ts';
import { missingContent } from '../store/content/deployment-content.ts';
import type { ContentSelection } from '../store/content/selection.ts';
import { unknownUpdate } from '../store/database/refusal.ts';
import { isInstallation, ownDecisions, type OwnDecision } from '../store/decisions/own-decisions.ts';
import { GroupTree } from '../store/groups/group-tree.ts';
import { ScanRows } from '../store/scan-rows.ts';
import { declineOf } from '../store/updates/update-details.ts';
import { bundlesOf, relatedUpdates, supersedersOf } from '../store/updates/update-relations.ts';

export interface ExplanationOptions {
  /** Whether files of approved updates are fetched (`content.store`). */
  readonly storesContent: boolean;
  readonly selection: ContentSelection;
}

const ComputerRow = z.object({
  dns_name: z.string(),
  last_contact: z.string(),
  group_ids: z.string().transform((ids) => z.array(z.string()).parse(JSON.parse(ids))),
});

const UpdateRow = z.object({
  revision_id: z.int(),
  update_type: z.enum(['Software', 'Driver', 'Category', 'Detectoid']),
  publication_state: z.string(),
  explicitly_deployable: z.int(),
});

const ReportRow = z.object({ state: UpdateState, error_code: z.int().nullable(), changed_at: z.string() });

/** @throws RefusalError where there is no such computer, or no software or driver of this id */
export function explainUpdate(
  db: Database,
  computerId: string,
  updateId: string,
  options: ExplanationOptions,
): Explanation {
  const rows = new ScanRows(db);
  rows.begin();
  try {
    const computer = computerOf(db, computerId);
    const update = latestOf(db, updateId);
    const said = lastScanOf(db, computerId);
    const scan = scanSingleUpdate(
      rows,
      { updateId, latestRevisionId: update.revision_id },
      computer.group_ids,
      said?.installed ?? [],
    );
    const declined = declineOf(db, updateId);
    const report = reportOf(db, computerId, updateId);
    const content = options.storesContent ? contentOf(db, scan, options.selection) : undefined;
    const related = relatedUpdates(db, [updateId, ...namedIn(scan)]);
    const explain = (clauses: readonly Clause[]): ExplainedClause[] =>
      clauses.map((clause) => ({
        isMet: clause.some(({ isInstalled }) => isInstalled),
        anyOf: clause.map(({ updateId: id, isInstalled, isOffered }) => ({
          update: related.get(id) ?? { updateId: id },
          isInstalled,
          isOffered,
        })),
      }));
    const facts = {
      computer: { computerId, dnsName: computer.dns_name },
      update: related.get(updateId) ?? { updateId },
      ...(declined === undefined ? {} : { declined }),
      isExpired: update.publication_state === 'Expired',
      bundledIn: bundlesOf(db, updateId),
      groups: groupsOf(db, computer.group_ids, updateId),
      ...decisionOf(db, scan),
      scan: {
        ...(said === undefined ? {} : { saidAt: said.saidAt }),
        lastContact: computer.last_contact,
        isOffered: said !== undefined && scan.isOffered && declined === undefined,
      },
      clauses: explain(scan.clauses),
      below: [...scan.clausesBelow].map(([id, clauses]) => ({ updateId: id, clauses: explain(clauses) })),
      supersededBy: supersededBy(db, computer.group_ids, updateId),
      ...(content === undefined ? {} : { content }),
      ...(report === undefined ? {} : { report }),
    };
    return { ...facts, verdict: verdictOf(facts, update) };
  } finally {
    rows.end();
  }
}

type Facts = Omit<Explanation, 'verdict'>;

/** The first thing that stands in the way, in the order in which it is decided; or how far the update came. */
function verdictOf(facts: Facts, update: z.infer<typeof UpdateRow>): Verdict {
  const { decision, report, scan } = facts;
  if (report?.state === 'Installed') return 'INSTALLED';
  if (facts.declined !== undefined) return 'DECLINED';
  if (decision === undefined)
    return update.explicitly_deployable === 0 && facts.bundledIn.length > 0
      ? 'ONLY_IN_BUNDLES'
      : 'NOT_APPROVED';
  if (report?.state === 'InstalledPendingReboot') return 'PENDING_RESTART';
  if (report?.state === 'Failed') return 'FAILED';
  if (decision.action === 'Uninstall') return 'REMOVAL';
  if (scan.lastContact < decision.changedAt) return 'NOT_ASKED_SINCE';
  if (scan.saidAt === undefined) return 'NEVER_SCANNED';
  if (facts.clauses.some(({ isMet }) => !isMet)) return 'PREREQUISITE_MISSED';
  if (update.update_type === 'Driver') return 'DRIVER';
  if (report?.state === 'NotApplicable') return 'NOT_APPLICABLE';
  if (isInstallation(decision.action) && (facts.content?.missing ?? 0) > 0) return 'CONTENT_MISSING';
  return report === undefined || report.state === 'Unknown' ? 'OFFERED' : 'WAITING';
}

function computerOf(db: Database, computerId: string): z.infer<typeof ComputerRow> {
  const row = db
    .prepare(
      `SELECT dns_name, last_contact,
         (SELECT json_group_array(group_id) FROM membership WHERE membership.computer_id = computer.computer_id)
           AS group_ids
       FROM computer WHERE computer_id = ?`,
    )
    .get(computerId);
  if (row === undefined) throw unknownComputer(computerId);
  return ComputerRow.parse(row);
}

function latestOf(db: Database, updateId: string): z.infer<typeof UpdateRow> {
  const row = db
    .prepare(
      `SELECT revision_id, update_type, publication_state, explicitly_deployable FROM revision
       WHERE update_id = ? AND is_latest = 1 AND update_type IN ('Software', 'Driver')`,
    )
    .get(updateId);
  if (row === undefined) throw unknownUpdate(updateId);
  return UpdateRow.parse(row);
}

/** Of an approved update as the lists count it; of another what the computer said of it, if it did. */
function reportOf(db: Database, computerId: string, updateId: string): Explanation['report'] {
  const [approved] = approvedUpdatesOf(db, computerId, updateId);
  if (approved !== undefined) {
    const { state, errorCode, changedAt } = approved;
    return {
      state,
      ...(errorCode === undefined ? {} : { errorCode }),
      ...(changedAt === undefined ? {} : { changedAt }),
    };
  }
  const row = db
    .prepare(
      'SELECT state, error_code, changed_at FROM computer_update_status WHERE computer_id = ? AND update_id = ?',
    )
    .get(computerId, updateId);
  if (row === undefined) return undefined;
  const { state, error_code: errorCode, changed_at: changedAt } = ReportRow.parse(row);
  return { state, changedAt, ...(errorCode === null ? {} : { errorCode }) };
}

function contentOf(
  db: Database,
  { revisionId }: SingleUpdateScan,
  selection: ContentSelection,
): Explanation['content'] {
  const { files, bytes } = missingContent(db, [revisionId], selection);
  return { missing: files, missingBytes: bytes };
}

function decisionOf(db: Database, { decision }: SingleUpdateScan): Pick<Explanation, 'decision'> {
  if (decision === undefined) return {};
  const revisionNumber = z
    .int()
    .parse(
      db
        .prepare('SELECT revision_number FROM revision WHERE revision_id = ?')
        .pluck()
        .get(decision.revisionId),
    );
  const { action, deadline, changedAt } = decision;
  return {
    decision: { action, changedAt, revisionNumber, ...(deadline === undefined ? {} : { deadline }) },
  };
}

function groupsOf(db: Database, groupIds: readonly string[], updateId: string): ExplainedGroup[] {
  const tree = GroupTree.read(db);
  const own = ownDecisions(db, [updateId]).get(updateId) ?? new Map<string, OwnDecision>();
  const nameOf = (groupId: string): string => tree.get(groupId)?.name ?? groupId;
  return groupIds.map((groupId) => {
    const inherited = tree.inherit(groupId, own);
    if (inherited === undefined)
      return { groupId, name: nameOf(groupId), action: 'NotApproved', isUndecided: true };
    const { decision, fromGroupId } = inherited;
    return {
      groupId,
      name: nameOf(groupId),
      action: decision.action,
      isUndecided: false,
      adminName: decision.adminName,
      changedAt: decision.changedAt,
      ...(decision.deadline === null ? {} : { deadline: decision.deadline }),
      ...(fromGroupId === groupId
        ? {}
        : { inheritedFrom: { groupId: fromGroupId, name: nameOf(fromGroupId) } }),
    };
  });
}

function supersededBy(
  db: Database,
  groupIds: readonly string[],
  updateId: string,
): Explanation['supersededBy'] {
  const newer = supersedersOf(db, updateId);
  const tree = GroupTree.read(db);
  const decisions = ownDecisions(
    db,
    newer.map((one) => one.updateId),
  );
  return newer.map((one) => {
    const own = decisions.get(one.updateId);
    const isApproved =
      own !== undefined &&
      declineOf(db, one.updateId) === undefined &&
      groupIds.some((groupId) => isInstallation(tree.inherit(groupId, own)?.decision.action ?? ''));
    return { ...one, isApproved };
  });
}

const namedIn = ({ clauses, clausesBelow }: SingleUpdateScan): string[] =>
  [clauses, ...clausesBelow.values()].flat(2).map(({ updateId }) => updateId);
