/** The audit log as the console shows it. */
import { z } from 'zod';
import { PageQuery, pageOf } from './paging.ts';

export const AUDIT_ACTOR_KINDS = ['user', 'token', 'command', 'rule', 'rollout', 'system'] as const;
export const AuditActorKind = z.enum(AUDIT_ACTOR_KINDS);
export type AuditActorKind = z.infer<typeof AuditActorKind>;

const Instant = z.iso.datetime({ offset: true }).describe('a time as 2026-11-30T18:00:00Z');

const Names = z.array(z.string().min(1).max(512)).max(50);

/** Filters are ANDed, the values of one are ORed. */
const Filters = {
  /** From this time on. */
  from: Instant.optional(),
  /** Before this time. */
  to: Instant.optional(),
  actorKind: z.array(AuditActorKind).optional(),
  /** Whole names, in whatever case. */
  actor: Names.optional(),
  /** Whole actions (`update.approve`), or their beginnings up to a full stop (`update`). */
  action: Names.optional(),
  subjectKind: z.string().min(1).max(512).optional(),
  /** In whatever case; goes with `subjectKind`. */
  subjectId: z.string().min(1).max(512).optional(),
  /** Words of the actor's name, the address, the action, the subjects, what was before and after. */
  search: z.string().max(200).optional(),
};

export const AuditFilters = z.object(Filters);
export type AuditFilters = z.infer<typeof AuditFilters>;

/** `GET /api/audit`, the newest first. */
export const AuditQuery = PageQuery.extend(Filters);
export type AuditQuery = z.infer<typeof AuditQuery>;

export const AUDIT_FORMATS = ['csv', 'jsonl'] as const;
/** `GET /api/audit/export`, the oldest first. */
export const AuditExportQuery = AuditFilters.extend({ format: z.enum(AUDIT_FORMATS) });
export type AuditExportQuery = z.infer<typeof AuditExportQuery>;

export const AuditSubject = z.object({ kind: z.string(), id: z.string(), name: z.string().optional() });
export type AuditSubject = z.infer<typeof AuditSubject>;

export const AuditActor = z.object({
  kind: AuditActorKind,
  name: z.string(),
  accountId: z.int().optional(),
});

export const AuditEntrySummary = z.object({
  sequence: z.int(),
  /** ISO 8601 UTC. */
  at: z.string(),
  actor: AuditActor,
  remoteAddress: z.string().optional(),
  action: z.string(),
  /** The first of them. */
  subject: AuditSubject.optional(),
  /** How many there are. */
  subjects: z.int(),
});
export type AuditEntrySummary = z.infer<typeof AuditEntrySummary>;

export const AuditPage = pageOf(AuditEntrySummary);
export type AuditPage = z.infer<typeof AuditPage>;

/** `GET /api/audit/:sequence`. */
export const AuditEntryDetails = AuditEntrySummary.omit({ subject: true, subjects: true }).extend({
  subjects: z.array(AuditSubject),
  before: z.json().optional(),
  after: z.json().optional(),
  previousHash: z.string(),
  hash: z.string(),
  /** Whether its fields make its hash, and it hangs on the entry before: this entry alone was looked at. */
  isIntact: z.boolean(),
});
export type AuditEntryDetails = z.infer<typeof AuditEntryDetails>;

/** `GET /api/audit/state`. */
export const AuditState = z.object({
  /** Where the log ends; 0 where nothing was recorded. */
  sequence: z.int(),
  hash: z.string(),
  /** The last time that the whole log was verified. */
  verified: z
    .object({ at: z.string(), sequence: z.int(), found: z.int(), findings: z.array(z.string()) })
    .optional(),
  /** What can be filtered by: the first hundreds in alphabetical order. */
  actors: z.array(z.string()),
  actions: z.array(z.string()),
  subjectKinds: z.array(z.string()),
});
export type AuditState = z.infer<typeof AuditState>;
