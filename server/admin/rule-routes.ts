/** Automatic approvals: rules, what one would do, and asking for a run. The sync worker runs them (sync/rule-looks.ts). */
import { previewRule } from '../../catalog/store/rules/rule-preview.ts';
import { requestRun } from '../../catalog/store/rules/rule-runs.ts';
import {
  changeRule,
  createRule,
  deleteRule,
  findRule,
  listRules,
  orderRules,
  readRule,
  ruleHistory,
  ruleView,
  setRuleEnabled,
  storedRules,
  type Editor,
  type StoredRule,
} from '../../catalog/store/rules/rules.ts';
import type { ConsoleSession } from '../../catalog/store/access/console-sessions.ts';
import type { Rule, Rules } from '../../protocol/console/rules.ts';
import type { ConsoleContext } from './context.ts';
import { entityTagOf } from './edit-version.ts';
import { changing, signedIn, versioned, type SomeHandlers } from './handlers.ts';
import { replicaOf } from './replica-guard.ts';

type Name =
  | 'rules'
  | 'createRule'
  | 'orderRules'
  | 'previewRule'
  | 'rule'
  | 'changeRule'
  | 'setRuleState'
  | 'deleteRule'
  | 'ruleHistory'
  | 'runRule';

export function ruleRoutes(context: ConsoleContext): SomeHandlers<Name> {
  const { db, config, log, sync, now } = context;
  const editorOf = ({ userName }: ConsoleSession): Editor => ({ userName, now: now() });
  const options = { storesContent: config.content.store !== 'none', selection: config.content };
  const told = (what: string, { userName }: ConsoleSession, rule: StoredRule): Rule => {
    log.info(what, { userName, rule: rule.definition.name, ruleId: rule.ruleId, version: rule.version });
    return ruleView(db, rule);
  };
  const changed = (what: string, session: ConsoleSession, { before, after }: RuleEdit) => ({
    answer: told(what, session, after),
    change: {
      action: 'rule.change',
      subjects: subjectsOf(after),
      before: inWords(before),
      after: inWords(after),
    },
  });
  const whole = (): Rules => {
    const host = replicaOf(config);
    return { rules: listRules(db), ...(host === undefined ? {} : { replicaOf: host }) };
  };

  const orderVersion = (): string => entityTagOf(storedRules(db).map(({ ruleId }) => ruleId));
  const ruleVersion = ({ params }: { readonly params: { readonly ruleId: string } }): string => {
    const ruleId = Number(params.ruleId);
    return entityTagOf({ ruleId, version: findRule(db, ruleId)?.version ?? 0 });
  };

  return {
    rules: versioned(orderVersion, signedIn('rules', whole)),

    createRule: changing('createRule', ({ body, session }) => {
      const rule = createRule(db, body, editorOf(session));
      return {
        answer: told('Made a rule', session, rule),
        change: { action: 'rule.create', subjects: subjectsOf(rule), after: inWords(rule) },
      };
    }),

    orderRules: versioned(
      orderVersion,
      changing('orderRules', ({ body, session }) => {
        const before = orderRules(db, body.ruleIds);
        log.info('Put rules in another order', { userName: session.userName, before, after: body.ruleIds });
        const rules = whole();
        return {
          answer: rules,
          change: {
            action: 'rule.order',
            subjects: rules.rules.map(({ ruleId, name }) => ({ kind: 'rule', id: String(ruleId), name })),
            before,
            after: body.ruleIds,
          },
        };
      }),
    ),

    previewRule: signedIn('previewRule', ({ body: { ruleId, ...definition } }) =>
      previewRule(db, { ruleId, definition }, { ...options, now: now() }),
    ),

    rule: versioned(
      ruleVersion,
      signedIn('rule', ({ params }) => ruleView(db, readRule(db, Number(params.ruleId)))),
    ),

    changeRule: versioned(
      ruleVersion,
      changing('changeRule', ({ params, body, session }) =>
        changed('Changed a rule', session, changeRule(db, Number(params.ruleId), body, editorOf(session))),
      ),
    ),

    setRuleState: versioned(
      ruleVersion,
      changing('setRuleState', ({ params, body, session }) =>
        changed(
          body.enabled ? 'Switched a rule on' : 'Switched a rule off',
          session,
          setRuleEnabled(db, Number(params.ruleId), body.enabled, editorOf(session)),
        ),
      ),
    ),

    deleteRule: versioned(
      ruleVersion,
      changing('deleteRule', ({ params, session }) => {
        const rule = deleteRule(db, Number(params.ruleId));
        log.info('Deleted a rule', { userName: session.userName, rule: rule.definition.name });
        return {
          answer: undefined,
          change: { action: 'rule.delete', subjects: subjectsOf(rule), before: inWords(rule) },
        };
      }),
    ),

    ruleHistory: signedIn('ruleHistory', ({ params }) => ruleHistory(db, Number(params.ruleId))),

    runRule: changing('runRule', ({ params, session }) => {
      const rule = readRule(db, Number(params.ruleId));
      const runId = requestRun(db, rule, {
        trigger: 'manual',
        requestedBy: session.userName,
        now: now(),
      });
      log.info('Asked for a run of a rule', {
        userName: session.userName,
        rule: rule.definition.name,
        ruleId: rule.ruleId,
      });
      return {
        answer: { started: runId !== undefined },
        change: runId === undefined ? undefined : { action: 'rule.run', subjects: subjectsOf(rule) },
        afterwards: () => sync.send({ type: 'rules-wanted' }),
      };
    }),
  };
}

interface RuleEdit {
  readonly before: StoredRule;
  readonly after: StoredRule;
}

const subjectsOf = ({ ruleId, definition }: StoredRule) => [
  { kind: 'rule', id: String(ruleId), name: definition.name },
];

const inWords = ({ version, definition, enabled }: StoredRule) => ({ version, enabled, ...definition });
