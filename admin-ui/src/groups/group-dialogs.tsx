/** The dialog of whatever is to be done with a group. */
import type { ReactElement } from 'react';
import type { TargetGroup } from '../../../protocol/console/computers.ts';
import { useNotice } from '../frame/notices.tsx';
import { TypedConfirmation } from '../frame/typed-confirmation.tsx';
import { useTexts } from '../language/use-texts.ts';
import { useGroupName } from './group-name.ts';
import { useChangeGroup, useCreateGroup, useDeleteGroup } from './groups-query.ts';
import { MoveGroupDialog } from './move-group-dialog.tsx';
import { NameDialog } from './name-dialog.tsx';
import { texts } from './texts.ts';

export interface GroupTask {
  readonly kind: 'create' | 'rename' | 'move' | 'delete';
  /** The group itself; of `create`, the one above. */
  readonly group: TargetGroup;
}

interface GroupDialogProps {
  readonly group: TargetGroup;
  readonly onClose: () => void;
}

export function GroupDialogs({
  task: { kind, group },
  groups,
  onClose,
}: {
  readonly task: GroupTask;
  readonly groups: readonly TargetGroup[];
  readonly onClose: () => void;
}): ReactElement {
  if (kind === 'create') return <CreateGroup group={group} onClose={onClose} />;
  if (kind === 'rename') return <RenameGroup group={group} onClose={onClose} />;
  if (kind === 'move') return <MoveGroupDialog group={group} groups={groups} onClose={onClose} />;
  return <DeleteGroup group={group} onClose={onClose} />;
}

function CreateGroup({ group, onClose }: GroupDialogProps): ReactElement {
  const nameOf = useGroupName();
  const t = useTexts(texts);
  const create = useCreateGroup();
  const notice = useNotice();
  const save = (name: string): void =>
    create.mutate(
      { name, parentId: group.groupId },
      {
        onSuccess: () => {
          notice({ intent: 'success', title: t.created(name) });
          onClose();
        },
      },
    );
  return (
    <NameDialog
      title={t.newTitle}
      text={t.newBelowOf(nameOf(group.groupId, group.name))}
      name=""
      action={t.create}
      isBusy={create.isPending}
      error={create.error}
      onSave={save}
      onClose={onClose}
    />
  );
}

function RenameGroup({ group, onClose }: GroupDialogProps): ReactElement {
  const t = useTexts(texts);
  const change = useChangeGroup();
  return (
    <NameDialog
      title={t.renameTitle(group.name)}
      text={t.renameMeans}
      name={group.name}
      action={t.doRename}
      isBusy={change.isPending}
      error={change.error}
      onSave={(name) => change.mutate({ groupId: group.groupId, change: { name } }, { onSuccess: onClose })}
      onClose={onClose}
    />
  );
}

function DeleteGroup({ group, onClose }: GroupDialogProps): ReactElement {
  const t = useTexts(texts);
  const remove = useDeleteGroup();
  const notice = useNotice();
  const confirm = (): void =>
    remove.mutate(group.groupId, {
      onSuccess: () => {
        notice({ intent: 'success', title: t.deleted(group.name) });
        onClose();
      },
    });
  return (
    <TypedConfirmation
      title={t.deleteTitle(group.name)}
      name={group.name}
      action={t.doDelete}
      isBusy={remove.isPending}
      error={remove.error}
      onConfirm={confirm}
      onClose={onClose}
    >
      {t.deleteMeans(group.computers)}
    </TypedConfirmation>
  );
}
