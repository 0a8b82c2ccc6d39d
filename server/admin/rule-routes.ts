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
import { signedIn, versioned, type SomeHandlers } from './handlers.ts';
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

    createRule: signedIn('createRule', ({ body, session }) =>
      told('Made a rule', session, createRule(db, body, editorOf(session))),
    ),

    orderRules: versioned(
      orderVersion,
      signedIn('orderRules', ({ body, session }) => {
        const before = orderRules(db, body.ruleIds);
        log.info('Put rules in another order', { userName: session.userName, before, after: body.ruleIds });
        return whole();
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
      signedIn('changeRule', ({ params, body, session }) =>
        told('Changed a rule', session, changeRule(db, Number(params.ruleId), body, editorOf(session)).after),
      ),
    ),

    setRuleState: versioned(
      ruleVersion,
      signedIn('setRuleState', ({ params, body, session }) =>
        told(
          body.enabled ? 'Switched a rule on' : 'Switched a rule off',
          session,
          setRuleEnabled(db, Number(params.ruleId), body.enabled, editorOf(session)).after,
        ),
      ),
    ),

    deleteRule: versioned(
      ruleVersion,
      signedIn('deleteRule', ({ params, session }) => {
        told('Deleted a rule', session, deleteRule(db, Number(params.ruleId)));
        return undefined;
      }),
    ),

    ruleHistory: signedIn('ruleHistory', ({ params }) => ruleHistory(db, Number(params.ruleId))),

    runRule: signedIn('runRule', ({ params, session }) => {
      const rule = readRule(db, Number(params.ruleId));
      const runId = requestRun(db, rule, {
        trigger: 'manual',
        requestedBy: session.userName,
        now: now(),
      });
      sync.send({ type: 'rules-wanted' });
      log.info('Asked for a run of a rule', {
        userName: session.userName,
        rule: rule.definition.name,
        ruleId: rule.ruleId,
      });
      return { started: runId !== undefined };
    }),
  };
}
