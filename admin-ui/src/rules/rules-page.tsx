/** Automatic approvals: the rules in their order, and beside them the one that is open. */
import { Button, Text, makeStyles, tokens } from '@fluentui/react-components';
import { AddRegular } from '@fluentui/react-icons/svg/add';
import { FlashRegular } from '@fluentui/react-icons/svg/flash';
import type { ReactElement } from 'react';
import { useErrorText } from '../api/use-error-text.ts';
import { Empty } from '../frame/empty.tsx';
import { Failure } from '../frame/failure.tsx';
import { ListLayout } from '../frame/list-layout.tsx';
import { NARROW } from '../frame/media.ts';
import { useNotice } from '../frame/notices.tsx';
import { PageHeader } from '../frame/page-header.tsx';
import { SkeletonLines } from '../frame/skeleton-lines.tsx';
import { ALL_COMPUTERS } from '../groups/groups-query.ts';
import { useTexts } from '../language/use-texts.ts';
import { ReplicaNote } from '../replica/replica-note.tsx';
import { knownValue, textValue } from '../url/parameters.ts';
import { useAddress } from '../url/use-address.ts';
import { WSUS_CLASSIFICATIONS, blankDraft, type RuleDraft } from './rule-draft.ts';
import { browserZone } from './rule-editor.tsx';
import { RuleList } from './rule-list.tsx';
import { NewRulePanel, RULE_TABS, RulePanel } from './rule-panel.tsx';
import { useOrderRules, useRules } from './rules-queries.ts';
import { texts } from './texts.ts';

const useStyles = makeStyles({
  body: {
    flexGrow: 1,
    minHeight: 0,
    overflowY: 'auto',
    padding: '0 24px 24px',
    [NARROW]: { padding: '0 12px 16px' },
  },
  note: { color: tokens.colorNeutralForeground3, maxWidth: '80ch', display: 'block', marginBottom: '8px' },
  choices: { display: 'flex', flexWrap: 'wrap', gap: '8px', justifyContent: 'center' },
});

const NEW = 'new';
const TEMPLATE = 'wsus';

export function RulesPage(): ReactElement {
  const styles = useStyles();
  const t = useTexts(texts);
  const rules = useRules();
  const order = useOrderRules();
  const notice = useNotice();
  const errorText = useErrorText();
  const { params, change } = useAddress();
  const open = textValue(params, 'open');
  const list = rules.data?.value.rules;
  const isReplica = rules.data?.value.replicaOf !== undefined;
  const begin = (from?: string): void => change({ open: NEW, from, tab: undefined });
  return (
    <ListLayout
      list={
        <>
          <PageHeader title={t.title} note={list === undefined ? undefined : t.ruleCount(list.length)}>
            {list !== undefined && list.length > 0 && !isReplica && (
              <Button appearance="primary" icon={<AddRegular />} onClick={() => begin()}>
                {t.newRule}
              </Button>
            )}
          </PageHeader>
          <ReplicaNote says={t.replicaSays} here={t.replicaHere} />
          <div className={styles.body}>
            {rules.isPending && <SkeletonLines count={6} label={t.reading} />}
            {rules.isError && (
              <Failure what={t.notRead} error={rules.error} onRetry={() => void rules.refetch()} />
            )}
            {list !== undefined && list.length > 0 && (
              <>
                <Text className={styles.note}>{t.orderNote}</Text>
                <RuleList
                  rules={list}
                  openId={open === undefined ? undefined : Number(open)}
                  onOpen={(ruleId) => change({ open: String(ruleId), from: undefined, tab: undefined })}
                  onOrder={
                    isReplica
                      ? undefined
                      : (ruleIds) =>
                          order.mutate(
                            { ruleIds, version: rules.data?.version ?? '' },
                            {
                              onError: (error) =>
                                notice({
                                  intent: 'error',
                                  title: t.notMoved,
                                  text: errorText(error),
                                }),
                            },
                          )
                  }
                />
              </>
            )}
            {list?.length === 0 && !isReplica && (
              <Empty icon={<FlashRegular />} title={t.emptyTitle} text={t.emptyText}>
                <div className={styles.choices}>
                  <Button appearance="primary" onClick={() => begin(TEMPLATE)}>
                    {t.useTemplate}
                  </Button>
                  <Button onClick={() => begin()}>{t.blank}</Button>
                </div>
                <Text align="center" className={styles.note}>
                  {t.templateNote}
                </Text>
              </Empty>
            )}
          </div>
        </>
      }
      panel={isReplica || open === undefined ? undefined : <OpenPanel key={open} open={open} />}
    />
  );
}

/** The rule that is open, or one to be made. */
function OpenPanel({ open }: { readonly open: string }): ReactElement | null {
  const { params, change } = useAddress();
  const start = useStart(textValue(params, 'from') === TEMPLATE);
  const close = (): void => change({ open: undefined, from: undefined, tab: undefined });
  if (open !== NEW) {
    return /^[1-9]\d{0,14}$/.test(open) ? (
      <RulePanel
        ruleId={Number(open)}
        tab={knownValue(params, 'tab', RULE_TABS, 'rule')}
        onTab={(tab) => change({ tab }, { replace: true })}
        onClose={close}
      />
    ) : null;
  }
  return (
    <NewRulePanel
      start={start}
      onMade={(ruleId) => change({ open: String(ruleId), from: undefined }, { replace: true })}
      onClose={close}
    />
  );
}

/**
 * What a new rule begins with. The classifications of the template are named even where they are not here yet: a rule
 * that asked for none would approve everything, and one that names what is not here is not saved.
 */
function useStart(isTemplate: boolean): RuleDraft {
  const t = useTexts(texts);
  const blank = blankDraft(browserZone());
  if (!isTemplate) return blank;
  return {
    ...blank,
    name: t.templateName,
    classifications: WSUS_CLASSIFICATIONS,
    groupIds: [ALL_COMPUTERS],
  };
}
