/**
 * The console's REST API in one place: method, path, and the schemas of what goes in and comes out. The server routes
 * by it and the console calls by it, so that neither can drift. Failures are `Problem` (problem.ts).
 *
 * What several people may edit (the schedule, rules, what is in quarantine) comes with an `ETag`, and who replaces it sends that as `If-Match`: without
 * one the answer is 428, where somebody else changed it meanwhile 412.
 *
 * `GET /api/events` besides is a stream of server-sent events: `progress` and `finished` carry a WorkerMessage
 * (protocol/channel), `changed` says that what was read may be different now. `GET /api/audit/export` answers with a file
 * (AuditExportQuery).
 */
import { z } from 'zod';
import {
  ApprovalRequest,
  DecisionPreview,
  DecisionResult,
  DeclineRequest,
  UndoRequest,
} from './approvals.ts';
import { AuditEntryDetails, AuditPage, AuditQuery, AuditState } from './audit.ts';
import {
  ComputerDetails,
  ComputersPage,
  ComputersQuery,
  GroupAssignment,
  NewTargetGroup,
  TargetGroup,
  TargetGroupChange,
  TargetGroups,
} from './computers.ts';
import {
  ArrivingContent,
  AttemptRequest,
  ContentFileDetails,
  ContentFilesPage,
  ContentFilesQuery,
  ContentOverview,
  SignatureSums,
} from './content.ts';
import { DownstreamComputersPage, DownstreamTree } from './downstream.ts';
import { Explanation } from './explanation.ts';
import { Overview } from './overview.ts';
import { PageQuery } from './paging.ts';
import { RevisionRules } from './revision-rules.ts';
import {
  Rule,
  RuleBody,
  RuleHistory,
  RuleOrder,
  RulePreview,
  RulePreviewRequest,
  Rules,
  RuleState,
} from './rules.ts';
import { ChangePassword, Session, SignIn } from './session.ts';
import { UpdateState } from './status.ts';
import {
  CategorySelection,
  SelectableCategories,
  SyncOverview,
  SyncRunsPage,
  SyncRunsQuery,
} from './synchronization.ts';
import { SchedulePlanBody, ScheduleView } from './schedule.ts';
import {
  UpdateBelowPage,
  UpdateComputersPage,
  UpdateDetails,
  UpdateFilters,
  UpdatesPage,
  UpdatesQuery,
} from './updates.ts';
import { NewUser, OneTimePassword, User, UserChange, Users } from './users.ts';

interface Route<P extends string, Q extends z.ZodType, B extends z.ZodType, R extends z.ZodType> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below `/api`; `:name` is a parameter. */
  readonly path: P;
  readonly query: Q;
  readonly body: B;
  readonly response: R;
}

const none = z.undefined();

const get = <P extends string, R extends z.ZodType>(
  path: P,
  response: R,
): Route<P, typeof none, typeof none, R> => ({
  method: 'GET',
  path,
  query: none,
  body: none,
  response,
});

/** A GET with a query. */
const list = <P extends string, R extends z.ZodType, Q extends z.ZodType>(
  path: P,
  response: R,
  query: Q,
): Route<P, Q, typeof none, R> => ({
  method: 'GET',
  path,
  query,
  body: none,
  response,
});

const change = <P extends string, B extends z.ZodType, R extends z.ZodType>(
  method: 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  path: P,
  body: B,
  response: R,
): Route<P, typeof none, B, R> => ({
  method,
  path,
  query: none,
  body,
  response,
});

export const api = {
  session: get('/session', Session),
  signIn: change('POST', '/session', SignIn, Session),
  signOut: change('DELETE', '/session', none, none),
  changePassword: change('PUT', '/session/password', ChangePassword, Session),

  overview: get('/overview', Overview),

  updates: list('/updates', UpdatesPage, UpdatesQuery),
  updateFilters: get('/updates/filters', UpdateFilters),
  update: get('/updates/:updateId', UpdateDetails),
  updateComputers: list(
    '/updates/:updateId/computers',
    UpdateComputersPage,
    PageQuery.extend({ state: UpdateState.optional() }),
  ),
  updateBelow: list('/updates/:updateId/downstream-computers', UpdateBelowPage, PageQuery),

  approve: change('POST', '/approvals', ApprovalRequest, DecisionResult),
  previewApproval: change('POST', '/approvals/preview', ApprovalRequest, DecisionPreview),
  undoDecision: change('POST', '/approvals/undo', UndoRequest, z.object({ changed: z.int() })),
  decline: change('POST', '/declines', DeclineRequest, DecisionResult),
  previewDecline: change('POST', '/declines/preview', DeclineRequest, DecisionPreview),

  rules: get('/rules', Rules),
  createRule: change('POST', '/rules', RuleBody, Rule),
  orderRules: change('PUT', '/rules/order', RuleOrder, Rules),
  previewRule: change('POST', '/rules/preview', RulePreviewRequest, RulePreview),
  rule: get('/rules/:ruleId', Rule),
  changeRule: change('PUT', '/rules/:ruleId', RuleBody, Rule),
  setRuleState: change('PUT', '/rules/:ruleId/state', RuleState, Rule),
  deleteRule: change('DELETE', '/rules/:ruleId', none, none),
  ruleHistory: get('/rules/:ruleId/history', RuleHistory),
  runRule: change('POST', '/rules/:ruleId/run', none, z.object({ started: z.boolean() })),

  groups: get('/groups', TargetGroups),
  createGroup: change('POST', '/groups', NewTargetGroup, TargetGroup),
  changeGroup: change('PATCH', '/groups/:groupId', TargetGroupChange, TargetGroup),
  deleteGroup: change('DELETE', '/groups/:groupId', none, none),

  computers: list('/computers', ComputersPage, ComputersQuery),
  computer: get('/computers/:computerId', ComputerDetails),
  explanation: get('/computers/:computerId/updates/:updateId/explanation', Explanation),
  assignGroups: change('PUT', '/computers/groups', GroupAssignment, z.object({ changed: z.int() })),
  deleteComputer: change('DELETE', '/computers/:computerId', none, none),

  content: get('/content', ContentOverview),
  arrivingContent: get('/content/arriving', ArrivingContent),
  contentFiles: list('/content/files', ContentFilesPage, ContentFilesQuery),
  contentFile: get('/content/files/:sha1', ContentFileDetails),
  signatures: get('/content/signatures', SignatureSums),
  tryContent: change('POST', '/content/attempts', AttemptRequest, z.object({ changed: z.int() })),
  deleteQuarantined: change('DELETE', '/content/quarantine/:sha1', none, none),

  downstreamServers: get('/downstream-servers', DownstreamTree),
  downstreamComputers: list('/downstream-servers/:serverId/computers', DownstreamComputersPage, PageQuery),
  forgetDownstreamServer: change('DELETE', '/downstream-servers/:serverId', none, none),

  synchronization: get('/synchronization', SyncOverview),
  syncRuns: list('/synchronization/runs', SyncRunsPage, SyncRunsQuery),
  startSync: change('POST', '/synchronization/runs', none, z.object({ started: z.boolean() })),
  cancelSync: change('DELETE', '/synchronization/runs/current', none, none),
  schedule: get('/synchronization/schedule', ScheduleView),
  setSchedule: change('PUT', '/synchronization/schedule', SchedulePlanBody, ScheduleView),
  previewSchedule: change('POST', '/synchronization/schedule/preview', SchedulePlanBody, ScheduleView),
  revisionRules: get('/synchronization/revision-rules', RevisionRules),
  setRevisionRules: change('PUT', '/synchronization/revision-rules', RevisionRules, RevisionRules),
  categories: get('/synchronization/categories', SelectableCategories),
  selectCategories: change('PUT', '/synchronization/categories', CategorySelection, SelectableCategories),

  users: get('/users', Users),
  createUser: change('POST', '/users', NewUser, OneTimePassword),
  changeUser: change('PATCH', '/users/:accountId', UserChange, User),
  resetUserPassword: change('POST', '/users/:accountId/password', none, OneTimePassword),
  deleteUser: change('DELETE', '/users/:accountId', none, none),

  audit: list('/audit', AuditPage, AuditQuery),
  auditState: get('/audit/state', AuditState),
  auditEntry: get('/audit/:sequence', AuditEntryDetails),
  verifyAudit: change('POST', '/audit/verifications', none, AuditState),
} as const;
