/** Rules against what they are meant to say, spelled out plainly over random catalogues, decisions and rules. */
import fc from 'fast-check';
import { emptyDatabase } from '../../../scripts/testing/empty-database.ts';
import {
  addCategory,
  addGroup,
  addUpdate,
  decisionLines,
  lookAtRules,
  addRule,
} from '../../../scripts/testing/rule-world.ts';
import { removeWorld } from '../../../scripts/testing/stored-world.ts';
import { guidOf } from '../../../scripts/testing/update-documents.ts';
import { RULE_SEVERITIES, RuleDefinition } from '../../../protocol/console/rules.ts';
import type { Database } from '../database/database.ts';
import { approve, decline } from '../decisions/deployments.ts';
import { ALL_COMPUTERS } from '../groups/group-tree.ts';
import { previewRule } from './rule-preview.ts';

const NOW = new Date('2026-06-01T12:00:00Z');
const DAY = 86_400_000;

const UPDATES = Array.from({ length: 8 }, (_, index) => guidOf(index + 1));
const PART = guidOf(50);
const MISSING = guidOf(51);
const CLASSIFICATIONS = [guidOf(101), guidOf(102)];
const FAMILY = guidOf(103);
const PRODUCTS = [guidOf(104), guidOf(105)];
const EULAS = ['eula-a', 'eula-b'];
const GROUPS = [ALL_COMPUTERS, guidOf(201), guidOf(202), guidOf(203)] as const;
/** 201 and 203 are below All Computers, 202 below 201. */
const PARENT: Readonly<Record<string, string>> = {
  [GROUPS[1]]: GROUPS[0],
  [GROUPS[2]]: GROUPS[1],
  [GROUPS[3]]: GROUPS[0],
};

const few = <T>(items: readonly T[], maxLength = items.length): fc.Arbitrary<T[]> =>
  fc.uniqueArray(fc.constantFrom(...items), { maxLength });
/** Often none: a list without anything asks nothing. */
const maybe = <T>(some: fc.Arbitrary<T[]>): fc.Arbitrary<T[]> => fc.oneof(fc.constant<T[]>([]), some);
const rarely = fc.integer({ min: 0, max: 4 }).map((number) => number === 0);

const aTitle = fc
  .array(fc.constantFrom('a', 'B', '%', '_', '\\', ' ', 'é', 'É', '한', '😀', "'"), { maxLength: 8 })
  .map((letters) => letters.join(''));

const anUpdate = (index: number) =>
  fc.record({
    updateId: fc.constant(UPDATES[index]!),
    title: aTitle,
    updateType: fc.constantFrom('Software' as const, 'Software' as const, 'Driver' as const),
    severity: fc.constantFrom(undefined, 'Critical', 'Important', 'Moderate', 'Low', 'Unspecified'),
    isExpired: rarely,
    classification: few(CLASSIFICATIONS, 1),
    product: few([...PRODUCTS, FAMILY], 1),
    supersedes: few(UPDATES, 1).map((ids) => ids.filter((id) => id !== UPDATES[index])),
    eulaId: fc.constantFrom(undefined, undefined, ...EULAS),
    members: few([PART, MISSING], 1),
    daysOld: fc.integer({ min: 0, max: 4 }),
    /** Whether an older revision, which fits everything, is here too. */
    hasOlder: rarely,
  });

const aPattern = fc
  .array(fc.constantFrom('a', 'B', '%', '_', '\\', '*', '?', 'é', '한', '😀'), { minLength: 1, maxLength: 4 })
  .map((letters) => letters.join(''))
  .filter((pattern) => /[^*]/.test(pattern));

const aDefinition = fc
  .record({
    conditions: fc.record({
      classifications: maybe(few(CLASSIFICATIONS)),
      products: maybe(few([...PRODUCTS, FAMILY])),
      titleIncludes: maybe(fc.array(aPattern, { maxLength: 2 })),
      titleExcludes: maybe(maybe(fc.array(aPattern, { maxLength: 2 }))),
      severities: maybe(few(RULE_SEVERITIES)),
      updateTypes: maybe(few(['Software', 'Driver'] as const)),
      superseded: fc.constantFrom('exclude' as const, 'include' as const, 'only' as const),
      ageDays: fc.constantFrom(0, 0, 1, 3),
    }),
    groupIds: fc.uniqueArray(fc.constantFrom(...GROUPS), { minLength: 1, maxLength: 3 }),
    action: fc.constantFrom(
      'Install' as const,
      'Install' as const,
      'OptionalInstall' as const,
      'PreDeploymentCheck' as const,
    ),
    hasDeadline: fc.boolean(),
    acceptTerms: rarely,
    enabled: fc.constantFrom(true, true, true, false),
  })
  .map(({ hasDeadline, ...rule }) => ({
    ...rule,
    ...(hasDeadline && rule.action === 'Install'
      ? { deadline: { days: 2, time: '03:00', timeZone: 'UTC' } }
      : {}),
  }));

const aWorld = fc.record({
  updates: fc.tuple(...UPDATES.map((_, index) => anUpdate(index))),
  partHasTerms: rarely,
  accepted: few(EULAS, 1),
  people: fc.uniqueArray(
    fc.record({
      update: fc.constantFrom(...UPDATES),
      group: fc.constantFrom(...GROUPS),
      action: fc.constantFrom(
        'PreDeploymentCheck' as const,
        'NotApproved' as const,
        'Block' as const,
        'Remove' as const,
      ),
    }),
    { maxLength: 5, selector: ({ update, group }) => `${update} ${group}` },
  ),
  declined: few(UPDATES, 2),
  rules: fc.array(aDefinition, { minLength: 1, maxLength: 3 }),
  later: fc.uniqueArray(
    fc.record({ update: fc.constantFrom(...UPDATES), group: fc.constantFrom(...GROUPS) }),
    { maxLength: 4, selector: ({ update, group }) => `${update} ${group}` },
  ),
});
type World = typeof aWorld extends fc.Arbitrary<infer T> ? T : never;
type Update = World['updates'][number];

const ADA = { adminName: 'ada', now: NOW, storesContent: true };

function store(db: Database, world: World): void {
  for (const id of CLASSIFICATIONS) addCategory(db, id, 'UpdateClassification');
  addCategory(db, FAMILY, 'ProductFamily');
  for (const id of PRODUCTS) addCategory(db, id, 'Product');
  for (const groupId of GROUPS.slice(1)) addGroup(db, groupId, PARENT[groupId] ?? '');
  addUpdate(db, { updateId: PART, isExpired: true, ...(world.partHasTerms ? { eulaId: 'eula-part' } : {}) });
  db.prepare('UPDATE revision SET explicitly_deployable = 0 WHERE update_id = ?').run(PART);
  for (const update of world.updates) {
    if (update.hasOlder) addUpdate(db, { updateId: update.updateId, title: 'aaaaBBBB' });
    addUpdate(db, {
      ...update,
      revisionNumber: 2,
      // The first product is below the family.
      categoryIds: [
        ...update.classification,
        ...update.product,
        ...(update.product[0] === PRODUCTS[0] ? [FAMILY] : []),
      ],
      arrivedAt: new Date(NOW.getTime() - update.daysOld * DAY),
    });
  }
  for (const eulaId of world.accepted)
    db.prepare("INSERT INTO accepted_eula VALUES (?, 'ada', '')").run(eulaId);
  for (const { update, group, action } of world.people) {
    const approval = { updateIds: [update], groupIds: [group], acceptEulaIds: [] };
    // What is taken away was there before.
    if (action === 'Remove') approve(db, { ...approval, action: 'Block' }, ADA);
    approve(db, { ...approval, action }, ADA);
  }
  if (world.declined.length > 0) decline(db, world.declined, ADA);
}

/** A title's letters one by one, over every way to read the pattern. */
function fits(title: readonly string[], pattern: readonly string[]): boolean {
  const [sign, ...rest] = pattern;
  if (sign === undefined) return true;
  if (sign === '*') return title.some((_, index) => fits(title.slice(index), rest)) || fits([], rest);
  const [letter, ...others] = title;
  if (letter === undefined) return false;
  const isSame = sign === '?' || fold(sign) === fold(letter);
  return isSame && fits(others, rest);
}
const fold = (letter: string): string => (/[A-Z]/.test(letter) ? letter.toLowerCase() : letter);
const contains = (title: string, pattern: string): boolean =>
  fits(Array.from(title), ['*', ...Array.from(pattern)]);

interface Decided {
  readonly by: string;
  readonly action: string;
  readonly deadline: string;
}

/** Everything that can be said, in memory. */
class Reference {
  readonly decisions = new Map<string, Decided>();
  readonly takenAway = new Set<string>();
  readonly traces = new Set<string>();
  readonly declined: ReadonlySet<string>;
  readonly accepted: Set<string>;
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
    this.declined = new Set(world.declined);
    this.accepted = new Set(world.accepted);
    for (const { update, group, action } of world.people) {
      if (action === 'Remove') this.takenAway.add(`${update} ${group}`);
      else this.decisions.set(`${update} ${group}`, { by: 'ada', action, deadline: '-' });
    }
    for (const pair of this.decisions.keys())
      if (this.declined.has(pair.split(' ')[0]!)) {
        this.decisions.delete(pair);
        this.takenAway.add(pair);
      }
  }

  /** @returns updates that fit, age apart, and those that are approved, with their groups */
  run(
    name: string,
    rule: World['rules'][number],
    now: Date,
  ): { fit: string[]; approved: Map<string, string[]> } {
    const fit = this.#world.updates.filter((update) => this.#fits(update, rule));
    const approved = new Map<string, string[]>();
    for (const update of fit) {
      const isYoung = update.daysOld * DAY + now.getTime() - NOW.getTime() < rule.conditions.ageDays * DAY;
      if (isYoung || this.declined.has(update.updateId)) continue;
      const terms = this.#terms(update).filter((id) => !this.accepted.has(id));
      if (rule.action !== 'PreDeploymentCheck') {
        if (update.members.includes(MISSING)) continue;
        if (terms.length > 0 && !rule.acceptTerms) continue;
      }
      const groups = rule.groupIds.filter((group) => this.#mayDecide(name, update.updateId, group));
      if (groups.length === 0) continue;
      approved.set(update.updateId, groups);
    }
    for (const [updateId, groups] of approved) {
      const update = this.#world.updates.find((one) => one.updateId === updateId)!;
      if (rule.action !== 'PreDeploymentCheck') for (const id of this.#terms(update)) this.accepted.add(id);
      for (const group of groups) {
        this.traces.add(`${name} ${updateId} ${group}`);
        this.decisions.set(`${updateId} ${group}`, {
          by: name,
          action: rule.action,
          deadline: rule.deadline === undefined ? '-' : deadlineOf(now),
        });
      }
    }
    return { fit: fit.map(({ updateId }) => updateId), approved };
  }

  lines(): string[] {
    return [...this.decisions]
      .map(([pair, { by, action, deadline }]) => `${pair} ${action} ${deadline} ${by}`)
      .sort();
  }

  #mayDecide(name: string, updateId: string, group: string): boolean {
    if (this.takenAway.has(`${updateId} ${group}`) || this.traces.has(`${name} ${updateId} ${group}`))
      return false;
    if (this.decisions.has(`${updateId} ${group}`)) return false;
    for (let above = PARENT[group]; above !== undefined; above = PARENT[above]) {
      const decided = this.decisions.get(`${updateId} ${above}`);
      if (decided !== undefined) return decided.by !== 'ada';
    }
    return true;
  }

  #terms({ eulaId, members }: Update): string[] {
    const ofPart = members.includes(PART) && this.#world.partHasTerms ? ['eula-part'] : [];
    return [...(eulaId === undefined ? [] : [eulaId]), ...ofPart];
  }

  #fits(update: Update, { conditions }: World['rules'][number]): boolean {
    const { severities, updateTypes, classifications, products, titleIncludes, titleExcludes } = conditions;
    const rated = (['Critical', 'Important', 'Moderate', 'Low'] as const).find(
      (one) => one === update.severity,
    );
    const above = [...update.product, ...(update.product[0] === PRODUCTS[0] ? [FAMILY] : [])];
    const isSuperseded = this.#world.updates.some(
      (other) =>
        other.supersedes.includes(update.updateId) && !other.isExpired && !this.declined.has(other.updateId),
    );
    return (
      !update.isExpired &&
      (severities.length === 0 || severities.includes(rated ?? 'None')) &&
      (updateTypes.length === 0 || updateTypes.some((one) => one === update.updateType)) &&
      (classifications.length === 0 || classifications.some((id) => update.classification.includes(id))) &&
      (products.length === 0 || products.some((id) => above.includes(id))) &&
      (titleIncludes.length === 0 || titleIncludes.some((pattern) => contains(update.title, pattern))) &&
      !titleExcludes.some((pattern) => contains(update.title, pattern)) &&
      (conditions.superseded === 'include' || isSuperseded === (conditions.superseded === 'only'))
    );
  }
}

/** Two days after the decision, at three. */
const deadlineOf = (now: Date): string =>
  `${new Date(now.getTime() + 2 * DAY).toISOString().slice(0, 10)}T03:00:00.000Z`;

describe('rules, over any catalogue and whatever people decided', () => {
  it('approve exactly what they say, once, and never what a person decided otherwise about', async () => {
    await fc.assert(
      fc.asyncProperty(aWorld, async (world) => {
        const db = emptyDatabase();
        try {
          store(db, world);
          const reference = new Reference(world);
          expect(decisionLines(db)).toEqual(reference.lines());
          for (const [index, rule] of world.rules.entries()) addRule(db, { name: `rule-${index}`, ...rule });
          const enabled = world.rules.flatMap((rule, index) =>
            rule.enabled ? [{ name: `rule-${index}`, rule }] : [],
          );
          const [first] = enabled;
          if (first !== undefined) {
            const { enabled: _, ...said } = first.rule;
            const definition = RuleDefinition.parse({ name: first.name, ...said });
            const preview = await previewRule(db, { definition }, { now: NOW, storesContent: true });
            const { fit, approved } = new Reference(world).run(first.name, first.rule, NOW);
            expect({
              matching: preview.matching,
              items: preview.items.map(({ updateId, groupIds }) => [updateId, groupIds]),
              byGroup: preview.groups.map(({ updates }) => updates),
            }).toEqual({
              matching: fit.length,
              items: [...approved],
              byGroup: first.rule.groupIds.map(
                (group) => [...approved.values()].filter((groups) => groups.includes(group)).length,
              ),
            });
          }
          lookAtRules(db, NOW);
          for (const { name, rule } of enabled) reference.run(name, rule, NOW);
          expect(decisionLines(db)).toEqual(reference.lines());

          // Somebody takes some of it away, and two days pass.
          for (const { update, group } of world.later) {
            if (!reference.decisions.delete(`${update} ${group}`)) continue;
            approve(db, { updateIds: [update], groupIds: [group], action: 'Remove', acceptEulaIds: [] }, ADA);
            reference.takenAway.add(`${update} ${group}`);
          }
          const later = new Date(NOW.getTime() + 2 * DAY);
          lookAtRules(db, later);
          for (const { name, rule } of enabled) reference.run(name, rule, later);
          expect(decisionLines(db)).toEqual(reference.lines());
          expect(lookAtRules(db, new Date(later.getTime() + DAY / 24))).toBe(0);
        } finally {
          removeWorld(db);
        }
      }),
      { numRuns: 150 },
    );
  }, 300_000);
});
