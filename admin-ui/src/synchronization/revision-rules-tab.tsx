/** What becomes of approvals when newer revisions come. */
import { MessageBar, MessageBarBody } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import { Failure } from '../frame/failure.tsx';
import { SkeletonLines } from '../frame/skeleton-lines.tsx';
import { useTexts } from '../language/use-texts.ts';
import { useReplicaOf } from '../replica/use-replica-of.ts';
import { RevisionRulesEditor } from './revision-rules-editor.tsx';
import { useRevisionRules } from './synchronization-queries.ts';
import { texts } from './texts.ts';

export function RevisionRulesTab(): ReactElement {
  const t = useTexts(texts);
  const rules = useRevisionRules();
  const replicaOf = useReplicaOf();
  if (rules.isPending) return <SkeletonLines count={4} label={t.readingRules} />;
  if (rules.isError) {
    return <Failure what={t.rulesNotRead} error={rules.error} onRetry={() => void rules.refetch()} />;
  }
  if (replicaOf !== undefined) {
    return (
      <MessageBar intent="info" layout="multiline">
        <MessageBarBody>{t.rulesDecidedOn(replicaOf)}</MessageBarBody>
      </MessageBar>
    );
  }
  return <RevisionRulesEditor key={JSON.stringify(rules.data)} saved={rules.data} />;
}
