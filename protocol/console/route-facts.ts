/**
 * What each route is for, who may call it, and whether it changes anything: what the server enforces, and what the
 * document of the API is made of. A route without facts does not compile.
 */
import type { Permission } from './access.ts';
import type { api } from './api.ts';

export type RouteName = keyof typeof api;

export interface RouteFacts {
  /** `open`: whoever asks. `newcomer`: who is signed in, also before a one-time password was changed. */
  readonly permission: 'open' | 'newcomer' | Permission;
  /**
   * `audited`: it changes something, and its handler says what, for an entry in the audit log within the same transaction.
   * `own`: it changes something after having waited, and writes its entry by itself. `none`: it changes nothing.
   */
  readonly effect: 'none' | 'audited' | 'own';
  /** The page that it is for. */
  readonly tag: string;
  readonly summary: string;
}

const read = <T extends string>(tag: T, summary: string) =>
  ({ permission: 'read', effect: 'none', tag, summary }) as const;
const decides = (summary: string) =>
  ({ permission: 'approve', effect: 'audited', tag: 'Approvals', summary }) as const;
const previews = (summary: string) =>
  ({ permission: 'approve', effect: 'none', tag: 'Approvals', summary }) as const;
const operates = <T extends string>(tag: T, summary: string) =>
  ({ permission: 'operate', effect: 'audited', tag, summary }) as const;
const administers = <T extends string>(tag: T, summary: string) =>
  ({ permission: 'administer', effect: 'audited', tag, summary }) as const;
const inspects = <T extends string>(tag: T, summary: string) =>
  ({ permission: 'administer', effect: 'none', tag, summary }) as const;

export const ROUTE_FACTS = {
  session: {
    permission: 'newcomer',
    effect: 'none',
    tag: 'Session',
    summary: 'Who is signed in, with the role and the token that changes need.',
  },
  signIn: { permission: 'open', effect: 'own', tag: 'Session', summary: 'Signs in and sets the cookie.' },
  signOut: { permission: 'newcomer', effect: 'own', tag: 'Session', summary: 'Ends the session.' },
  changePassword: {
    permission: 'newcomer',
    effect: 'own',
    tag: 'Session',
    summary: "Sets another password of one's own; other sessions end.",
  },

  overview: read('Overview', 'Sums of what matters: needed updates, compliance, synchronization, risks.'),

  updates: read('Updates', 'Updates, filtered and sorted, a page at a time.'),
  updateFilters: read('Updates', 'What updates can be filtered by, with counts.'),
  update: read('Updates', 'One update: texts, relations, files, revisions, approvals and status by group.'),
  updateComputers: read('Updates', 'The state of one update on each computer.'),
  updateBelow: read('Updates', 'The state of one update on computers of downstream servers.'),

  approve: decides('Approves updates for target groups, or takes approvals back.'),
  previewApproval: previews('What an approval would change: computers, bytes, licence terms.'),
  undoDecision: decides('Takes a decision of the last 15 minutes back.'),
  decline: decides('Declines updates for all computers.'),
  previewDecline: previews('What a decline would change.'),

  rules: read('Rules', 'Rules that approve updates by themselves, in their order.'),
  createRule: operates('Rules', 'Makes a rule, switched off.'),
  orderRules: operates('Rules', 'Puts rules in another order.'),
  previewRule: {
    permission: 'operate',
    effect: 'none',
    tag: 'Rules',
    summary: 'What a rule would approve of the present catalogue.',
  },
  rule: read('Rules', 'One rule with its conditions and what it decides.'),
  changeRule: operates('Rules', 'Replaces what a rule is.'),
  setRuleState: operates('Rules', 'Switches a rule on or off.'),
  deleteRule: operates('Rules', 'Deletes a rule; what it approved stays.'),
  ruleHistory: read('Rules', 'Runs of a rule and what they approved.'),
  runRule: operates('Rules', 'Runs a rule now.'),

  groups: read('Groups', 'Target groups, with how many computers are in each.'),
  createGroup: operates('Groups', 'Makes a target group.'),
  changeGroup: operates('Groups', 'Renames or moves a target group.'),
  deleteGroup: operates('Groups', 'Deletes a target group; its computers become unassigned.'),

  computers: read('Computers', 'Computers, filtered and sorted, a page at a time.'),
  computer: read('Computers', 'One computer with its updates and events.'),
  explanation: read('Computers', 'Why a computer gets an update, or does not.'),
  assignGroups: operates('Computers', 'Puts computers into these groups and no others.'),
  deleteComputer: operates('Computers', 'Deletes a computer with all it reported.'),

  content: read('Content', 'The store of content: disk, queue, what is needed.'),
  arrivingContent: read('Content', 'Content files that are arriving.'),
  contentFiles: read('Content', 'Content files, filtered and sorted, a page at a time.'),
  contentFile: read('Content', 'One content file with the evidence against it, where there is some.'),
  signatures: read('Content', 'Who signed the content that is here.'),
  tryContent: operates('Content', 'Has files tried again now.'),
  deleteQuarantined: operates('Content', 'Deletes the bytes of a file from quarantine.'),

  downstreamServers: read('Servers', 'The tree of downstream servers.'),
  downstreamComputers: read('Servers', 'Computers of a downstream server.'),
  forgetDownstreamServer: operates('Servers', 'Forgets a downstream server and what it reported.'),

  synchronization: read('Synchronization', 'How synchronization stands.'),
  syncRuns: read('Synchronization', 'The history of synchronizations, a page at a time.'),
  startSync: operates('Synchronization', 'Starts a synchronization, where none is running.'),
  cancelSync: operates('Synchronization', 'Cancels the synchronization that is running.'),
  schedule: read('Synchronization', 'When synchronizations run, and the next runs.'),
  setSchedule: operates('Synchronization', 'Replaces the schedule.'),
  previewSchedule: {
    permission: 'operate',
    effect: 'none',
    tag: 'Synchronization',
    summary: 'The next runs that a schedule would have.',
  },
  revisionRules: read('Synchronization', 'What becomes of decisions when newer revisions come.'),
  setRevisionRules: operates(
    'Synchronization',
    'Changes what becomes of decisions when newer revisions come.',
  ),
  categories: read('Synchronization', 'Products and classifications, and which are chosen.'),
  selectCategories: operates('Synchronization', 'Chooses products and classifications.'),

  audit: inspects('Audit', 'The audit log, the newest first, a page at a time.'),
  auditState: inspects('Audit', 'Where the audit log ends, and when it was verified.'),
  auditEntry: inspects('Audit', 'One entry of the audit log, whole.'),
  verifyAudit: inspects('Audit', 'Verifies the audit log now.'),

  users: inspects('Users', 'Accounts with their roles.'),
  createUser: administers('Users', 'Makes an account with a one-time password.'),
  changeUser: administers('Users', 'Changes role, limit to groups, or disables an account.'),
  resetUserPassword: administers('Users', 'Makes a one-time password; sessions of the account end.'),
  deleteUser: administers('Users', 'Deletes an account.'),
} as const satisfies Record<RouteName, RouteFacts>;
