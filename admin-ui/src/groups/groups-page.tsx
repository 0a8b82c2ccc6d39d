/** Target groups as a tree. */
import { Button, makeStyles } from '@fluentui/react-components';
import { AddRegular } from '@fluentui/react-icons/svg/add';
import { useState, type ReactElement } from 'react';
import { Failure } from '../frame/failure.tsx';
import { NARROW } from '../frame/media.ts';
import { PageHeader } from '../frame/page-header.tsx';
import { SkeletonLines } from '../frame/skeleton-lines.tsx';
import { useTexts } from '../language/use-texts.ts';
import { ReplicaNote } from '../replica/replica-note.tsx';
import { useReplicaOf } from '../replica/use-replica-of.ts';
import { buildTree } from '../tree/tree.ts';
import { GroupBranch } from './group-branch.tsx';
import { GroupDialogs, type GroupTask } from './group-dialogs.tsx';
import { ALL_COMPUTERS, useGroups } from './groups-query.ts';
import { texts } from './texts.ts';

const useStyles = makeStyles({
  body: {
    flexGrow: 1,
    minHeight: 0,
    overflowY: 'auto',
    padding: '8px 24px 24px',
    [NARROW]: { padding: '8px 12px 16px' },
  },
  tree: { maxWidth: '820px' },
});

export function GroupsPage(): ReactElement {
  const t = useTexts(texts);
  const styles = useStyles();
  const groups = useGroups();
  const replicaOf = useReplicaOf();
  const [task, setTask] = useState<GroupTask>();
  const root = groups.data?.find(({ groupId }) => groupId === ALL_COMPUTERS) ?? groups.data?.[0];
  return (
    <>
      <PageHeader title={t.title} note={groups.data === undefined ? undefined : t.count(groups.data.length)}>
        {root !== undefined && (
          <Button
            appearance="primary"
            icon={<AddRegular />}
            disabled={replicaOf !== undefined}
            onClick={() => setTask({ kind: 'create', group: root })}
          >
            {t.newGroup}
          </Button>
        )}
      </PageHeader>
      <ReplicaNote says={t.replica} here={t.replicaHere} />
      <div className={styles.body}>
        {groups.isPending && <SkeletonLines count={6} label={t.reading} />}
        {groups.isError && (
          <Failure what={t.notRead} error={groups.error} onRetry={() => void groups.refetch()} />
        )}
        {groups.data !== undefined && (
          <div className={styles.tree}>
            <GroupBranch
              nodes={buildTree(groups.data, ({ groupId }) => groupId)}
              label={t.title}
              {...(replicaOf === undefined && { onTask: setTask })}
            />
          </div>
        )}
      </div>
      {task !== undefined && groups.data !== undefined && (
        <GroupDialogs task={task} groups={groups.data} onClose={() => setTask(undefined)} />
      )}
    </>
  );
}
