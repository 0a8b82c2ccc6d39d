/** Automatic approvals: rules, what one would do, what it did, and why an update was approved (docs/rules.md). */
import { z } from 'zod';

/** Rules that there may be. */
export const MOST_RULES = 100;
/** Groups, categories and title patterns that one rule may name. */
export const MOST_RULE_GROUPS = 200;
export const MOST_RULE_CATEGORIES = 500;
export const MOST_TITLE_PATTERNS = 20;
/** `*` in one pattern: what a pattern may cost grows with each. */
export const MOST_STARS = 5;

const wholeNumber = (least: number, most: number) => {
  const sentence = `Write a whole number from ${least} to ${most}.`;
  return z.int(sentence).min(least, sentence).max(most, sentence);
};

/** What a rule may decide. It never removes anything, so neither Uninstall nor anything that stops is among it. */
export const RuleAction = z.enum(['Install', 'OptionalInstall', 'PreDeploymentCheck']);
export type RuleAction = z.infer<typeof RuleAction>;

/** MSRC's ratings; `None`: the publisher gave none. */
export const RULE_SEVERITIES = ['Critical', 'Important', 'Moderate', 'Low', 'None'] as const;
export const RuleSeverity = z.enum(RULE_SEVERITIES);
export type RuleSeverity = z.infer<typeof RuleSeverity>;

/**
 * Found anywhere in a title, without regard to the case of ASCII letters: `*` stands for any characters, `?` for one.
 * No regular expressions: a few of them take time that grows beyond all bounds with the length of a title.
 */
export const TitlePattern = z
  .string()
  .trim()
  .min(1, 'Write what the title is to contain.')
  .max(100, 'Write at most 100 characters.')
  .regex(/^[^\p{Cc}]*$/u, 'Leave out line breaks and other control characters.')
  .refine(
    (pattern) => pattern.split('*').length - 1 <= MOST_STARS,
    `Write at most ${MOST_STARS} asterisks in one pattern.`,
  )
  .refine((pattern) => /[^*\s]/.test(pattern), 'Write more than asterisks: they would match every title.');

const CategoryIds = z.array(z.guid().toLowerCase()).max(MOST_RULE_CATEGORIES).default([]);
const TitlePatterns = z.array(TitlePattern).max(MOST_TITLE_PATTERNS).default([]);

/** All must hold; within a list any one is enough, and an empty list asks nothing. */
export const RuleConditions = z.strictObject({
  /** UpdateIDs of classifications. */
  classifications: CategoryIds,
  /** UpdateIDs of products, families or companies: what is below them counts too. */
  products: CategoryIds,
  titleIncludes: TitlePatterns,
  /** None of these may match. */
  titleExcludes: TitlePatterns,
  severities: z.array(RuleSeverity).max(RULE_SEVERITIES.length).default([]),
  updateTypes: z
    .array(z.enum(['Software', 'Driver']))
    .max(2)
    .default([]),
  /** Updates that another one replaces. */
  superseded: z.enum(['exclude', 'include', 'only']).default('exclude'),
  /** Whole days since the revision that would be approved arrived here. */
  ageDays: wholeNumber(0, 365).default(0),
});
export type RuleConditions = z.infer<typeof RuleConditions>;

/** The first time the clock of the zone shows `time`, `days` days after the day of the decision or, where that has passed, a day later. */
export const RuleDeadline = z.strictObject({
  days: wholeNumber(0, 365),
  /** `HH:MM`. */
  time: z
    .string()
    .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'Write the time as HH:MM, from 00:00 to 23:59.')
    .default('03:00'),
  /** IANA, such as `Europe/Berlin`. */
  timeZone: z.string().trim().min(1, 'Name a time zone.').max(100).default('UTC'),
});
export type RuleDeadline = z.infer<typeof RuleDeadline>;

const ruleShape = {
  name: z
    .string()
    .trim()
    .min(1, 'Give the rule a name.')
    .max(100, 'Write at most 100 characters.')
    .regex(/^[^\p{Cc}]*$/u, 'Leave out line breaks and other control characters.'),
  conditions: RuleConditions.default(() => RuleConditions.parse({})),
  groupIds: z
    .array(z.guid().toLowerCase())
    .min(1, 'Tick at least one group.')
    .max(MOST_RULE_GROUPS, `Tick at most ${MOST_RULE_GROUPS} groups.`),
  action: RuleAction.default('Install'),
  /** Only for Install. */
  deadline: RuleDeadline.optional(),
  /** Whether it accepts licence terms for the clients. Otherwise an update whose terms nobody accepted waits. */
  acceptTerms: z.boolean().default(false),
};

/** Only an installation can have a deadline. */
const fitsAction = ({ action, deadline }: { action: RuleAction; deadline?: RuleDeadline | undefined }) =>
  deadline === undefined || action === 'Install';
const DEADLINE_ONLY_FOR_INSTALL = {
  path: ['deadline'],
  message: 'Only Install can have a deadline. Leave it out, or choose Install.',
};

/** What a rule says. */
export const RuleDefinition = z.strictObject(ruleShape).refine(fitsAction, DEADLINE_ONLY_FOR_INSTALL);
export type RuleDefinition = z.infer<typeof RuleDefinition>;

/** `POST /api/rules`, `PUT /api/rules/:ruleId`. */
export const RuleBody = z
  .strictObject({ ...ruleShape, enabled: z.boolean().default(false) })
  .refine(fitsAction, DEADLINE_ONLY_FOR_INSTALL);
export type RuleBody = z.infer<typeof RuleBody>;

/** `POST /api/rules/preview`. */
export const RulePreviewRequest = z
  .strictObject({
    ...ruleShape,
    /** Of a rule that is changed: what it decided before it does not decide again. */
    ruleId: z.int().positive().optional(),
  })
  .refine(fitsAction, DEADLINE_ONLY_FOR_INSTALL);
export type RulePreviewRequest = z.infer<typeof RulePreviewRequest>;

export const RULE_TRIGGERS = [
  /** Revisions arrived. */
  'arrival',
  /** Time passed: what is to be of some age may be by now. */
  'time',
  /** A person asked for it. */
  'manual',
] as const;

export const RuleRun = z.object({
  runId: z.int(),
  trigger: z.enum(RULE_TRIGGERS),
  /** Who asked for it. */
  requestedBy: z.string().optional(),
  /**
   * `stopped`: the rule was changed, or deleted, while it ran. `failed`: the log says why. What was decided until then
   * stands.
   */
  state: z.enum(['waiting', 'running', 'succeeded', 'stopped', 'failed']),
  ruleVersion: z.int(),
  createdAt: z.string(),
  finishedAt: z.string().optional(),
  /** Updates it approved. */
  updates: z.int(),
  /** For how many groups, added up. */
  decisions: z.int(),
  /** Updates that matched and wait for their licence terms, or for a part that has not arrived. */
  waiting: z.int(),
});
export type RuleRun = z.infer<typeof RuleRun>;

/** One of the list. */
export const Rule = z.object({
  ruleId: z.int(),
  /** Grows with every change. */
  version: z.int(),
  name: z.string(),
  enabled: z.boolean(),
  conditions: RuleConditions,
  groupIds: z.array(z.string()),
  /** Of the groups, those that are no more: they are passed over. */
  missingGroupIds: z.array(z.string()),
  action: RuleAction,
  deadline: RuleDeadline.optional(),
  acceptTerms: z.boolean(),
  createdBy: z.string(),
  createdAt: z.string(),
  changedBy: z.string(),
  changedAt: z.string(),
  /** Updates that it approved in all its versions. */
  approvedUpdates: z.int(),
  /** When it last looked for what it is to approve. */
  lastLookAt: z.string().optional(),
  /** The last run that decided something, that somebody asked for, or that is not over. */
  lastRun: RuleRun.optional(),
});
export type Rule = z.infer<typeof Rule>;

/** `GET /api/rules`, in the order in which they decide. */
export const Rules = z.object({
  rules: z.array(Rule),
  /** Present on a replica, where no rule decides anything: the host that decides. */
  replicaOf: z.string().optional(),
});
export type Rules = z.infer<typeof Rules>;

/** `PUT /api/rules/order`: every rule, the one that decides first first. */
export const RuleOrder = z.strictObject({ ruleIds: z.array(z.int()).max(MOST_RULES) });

/** `PUT /api/rules/:ruleId/state`. */
export const RuleState = z.strictObject({ enabled: z.boolean() });

/** `GET /api/rules/:ruleId/history`: what it said when, and what it did. */
export const RuleHistory = z.object({
  versions: z.array(
    z.object({
      version: z.int(),
      savedBy: z.string(),
      savedAt: z.string(),
      enabled: z.boolean(),
      definition: RuleDefinition,
    }),
  ),
  /** Those that decided something or that somebody asked for, the latest first. */
  runs: z.array(RuleRun),
});
export type RuleHistory = z.infer<typeof RuleHistory>;

/** Why a rule does not decide about an update that it matches. */
export const HeldReason = z.enum([
  /** Licence terms that nobody accepted. */
  'LicenceTerms',
  /** Something that it bundles has not arrived, so that its terms are not known. */
  'PartsMissing',
  /** It has not been here for long enough. */
  'TooYoung',
  /** A person declined it. */
  'Declined',
  /** A person decided about it, for the group or for one above it. */
  'DecidedByPerson',
  /** A person took away what was decided for the group. */
  'TakenAway',
  /** A rule decided for the group already, this one or another. */
  'DecidedByRule',
]);
export type HeldReason = z.infer<typeof HeldReason>;

/** What a rule would do now. Nothing is changed. */
export const RulePreview = z.object({
  /** Updates that fit every condition but age. */
  matching: z.int(),
  /** Of these, those that would be approved for at least one group. */
  updates: z.int(),
  /** Pairs of update and group. */
  decisions: z.int(),
  /** Of each group, how many updates would be approved for it. */
  groups: z.array(z.object({ groupId: z.string(), groupName: z.string(), updates: z.int() })),
  /** How many are held back for at least one group, by reason. */
  held: z.array(z.object({ reason: HeldReason, updates: z.int() })),
  /** Distinct computers of the groups and of those below them. */
  computers: z.int(),
  /** Of files that are not here and would be fetched; absent where there are too many updates to add it up. */
  download: z.object({ files: z.int(), bytes: z.int() }).optional(),
  /** What an approval made now would have. */
  deadline: z.string().optional(),
  /** The first that would be approved, by arrival. */
  items: z.array(
    z.object({
      updateId: z.string(),
      title: z.string(),
      arrivedAt: z.string(),
      groupIds: z.array(z.string()),
      /** Bytes of its files that are not here. */
      bytes: z.int(),
    }),
  ),
  /** The first that are held back, with the reason that comes first. */
  heldItems: z.array(
    z.object({
      updateId: z.string(),
      title: z.string(),
      reason: HeldReason,
      groupIds: z.array(z.string()),
      /** Of `TooYoung`: when it is old enough. */
      until: z.string().optional(),
    }),
  ),
});
export type RulePreview = z.infer<typeof RulePreview>;

/** Of an update: one decision of a rule for a group. */
export const RuleTrace = z.object({
  ruleId: z.int(),
  /** As it was called when it decided. */
  ruleName: z.string(),
  ruleVersion: z.int(),
  /** As it is called now; absent: it was deleted. */
  presentName: z.string().optional(),
  groupId: z.string(),
  /** Absent: the group is no more. */
  groupName: z.string().optional(),
  action: RuleAction,
  deadline: z.string().optional(),
  revisionNumber: z.int(),
  at: z.string(),
  /** Whether nobody has decided otherwise for the group since. */
  stands: z.boolean(),
});
export type RuleTrace = z.infer<typeof RuleTrace>;
