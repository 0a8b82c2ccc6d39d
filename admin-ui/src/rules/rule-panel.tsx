/** One rule beside the list: what it says, what it would do, what it did. */
import { useState, type ReactElement } from 'react';
import { ApiError } from '../api/api-error.ts';
import { Failure } from '../frame/failure.tsx';
import { SidePanel } from '../frame/side-panel.tsx';
import { SkeletonLines } from '../frame/skeleton-lines.tsx';
import { useTexts } from '../language/use-texts.ts';
import { RuleActions } from './rule-actions.tsx';
import { draftOf, type RuleDraft } from './rule-draft.ts';
import { RuleEditor, browserZone } from './rule-editor.tsx';
import { RuleHistoryTab } from './rule-history-tab.tsx';
import { useRule } from './rules-queries.ts';
import { texts } from './texts.ts';

export const RULE_TABS = ['rule', 'history'] as const;
export type RuleTab = (typeof RULE_TABS)[number];

interface RulePanelProps {
  readonly ruleId: number;
  readonly tab: RuleTab;
  readonly onTab: (tab: string) => void;
  readonly onClose: () => void;
}

export function RulePanel({ ruleId, tab, onTab, onClose }: RulePanelProps): ReactElement {
  const t = useTexts(texts);
  const rule = useRule(ruleId);
  const [isDirty, setIsDirty] = useState(false);
  const isGone = rule.error instanceof ApiError && rule.error.status === 404;
  return (
    <SidePanel
      title={rule.data?.value.name ?? t.thisRule}
      actions={rule.data && <RuleActions rule={rule.data} isDirty={isDirty} onDeleted={onClose} />}
      tabs={[
        { value: 'rule', label: t.tabRule },
        { value: 'history', label: t.tabHistory },
      ]}
      tab={tab}
      onTab={onTab}
      onClose={onClose}
    >
      {rule.isPending && <SkeletonLines count={8} label={t.readingRule} />}
      {rule.isError && (
        <Failure
          what={isGone ? t.ruleGone : t.ruleNotRead}
          error={rule.error}
          onRetry={() => void rule.refetch()}
        />
      )}
      {rule.data !== undefined && !isGone && (
        // What is not saved is kept while the history is looked at.
        <div hidden={tab !== 'rule'}>
          <RuleEditor
            saved={rule.data}
            start={draftOf(rule.data.value, browserZone())}
            onSaved={() => undefined}
            onDirty={setIsDirty}
          />
        </div>
      )}
      {tab === 'history' && <RuleHistoryTab ruleId={ruleId} />}
    </SidePanel>
  );
}

interface NewRulePanelProps {
  readonly start: RuleDraft;
  readonly onMade: (ruleId: number) => void;
  readonly onClose: () => void;
}

export function NewRulePanel({ start, onMade, onClose }: NewRulePanelProps): ReactElement {
  const t = useTexts(texts);
  return (
    <SidePanel
      title={t.newRule}
      tabs={[{ value: 'rule', label: t.tabRule }]}
      tab="rule"
      onTab={() => undefined}
      onClose={onClose}
    >
      <RuleEditor
        saved={undefined}
        start={start}
        onSaved={({ value }) => onMade(value.ruleId)}
        onDirty={() => undefined}
      />
    </SidePanel>
  );
}
