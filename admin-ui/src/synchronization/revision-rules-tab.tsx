/** What becomes of approvals when newer revisions come. */
import { MessageBar, MessageBarBody } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import { Failure } from '../frame/failure.tsx';
import { SkeletonLines } from '../frame/skeleton-lines.tsx';
import { useReplicaOf } from '../replica/use-replica-of.ts';
import { RevisionRulesEditor } from './revision-rules-editor.tsx';
import { useRevisionRules } from './synchronization-queries.ts';

export function RevisionRulesTab(): ReactElement {
  const rules = useRevisionRules();
  const replicaOf = useReplicaOf();
  if (rules.isPending) return <SkeletonLines count={4} label="Reading what is set" />;
  if (rules.isError) {
    return (
      <Failure
        what="What is set could not be read."
        error={rules.error}
        onRetry={() => void rules.refetch()}
      />
    );
  }
  if (replicaOf !== undefined) {
    return (
      <MessageBar intent="info" layout="multiline">
        <MessageBarBody>
          Decided on {replicaOf}: when a newer revision comes, approvals stand where they stand there, and
          what is declined there is declined here. Set it there.
        </MessageBarBody>
      </MessageBar>
    );
  }
  return <RevisionRulesEditor key={JSON.stringify(rules.data)} saved={rules.data} />;
}
