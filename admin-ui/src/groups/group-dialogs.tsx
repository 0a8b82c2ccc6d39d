/** The dialog of whatever is to be done with a group. */
import type { ReactElement } from 'react';
import type { TargetGroup } from '../../../protocol/console/computers.ts';
import { countOf } from '../format/amounts.ts';
import { useNotice } from '../frame/notices.tsx';
import { TypedConfirmation } from '../frame/typed-confirmation.tsx';
import { useChangeGroup, useCreateGroup, useDeleteGroup } from './groups-query.ts';
import { MoveGroupDialog } from './move-group-dialog.tsx';
import { NameDialog } from './name-dialog.tsx';

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
  const create = useCreateGroup();
  const notice = useNotice();
  const save = (name: string): void =>
    create.mutate(
      { name, parentId: group.groupId },
      {
        onSuccess: () => {
          notice({ intent: 'success', title: `Created ${name}` });
          onClose();
        },
      },
    );
  return (
    <NameDialog
      title="New group"
      text={`Below ${group.name}: it inherits what is approved there.`}
      name=""
      action="Create"
      isBusy={create.isPending}
      error={create.error}
      onSave={save}
      onClose={onClose}
    />
  );
}

function RenameGroup({ group, onClose }: GroupDialogProps): ReactElement {
  const change = useChangeGroup();
  return (
    <NameDialog
      title={`Rename ${group.name}`}
      text="Computers that ask for a group by name in their policy ask for the old name until it is changed there too."
      name={group.name}
      action="Rename"
      isBusy={change.isPending}
      error={change.error}
      onSave={(name) => change.mutate({ groupId: group.groupId, change: { name } }, { onSuccess: onClose })}
      onClose={onClose}
    />
  );
}

function DeleteGroup({ group, onClose }: GroupDialogProps): ReactElement {
  const remove = useDeleteGroup();
  const notice = useNotice();
  const confirm = (): void =>
    remove.mutate(group.groupId, {
      onSuccess: () => {
        notice({ intent: 'success', title: `Deleted ${group.name}` });
        onClose();
      },
    });
  return (
    <TypedConfirmation
      title={`Delete ${group.name}`}
      name={group.name}
      action="Delete"
      isBusy={remove.isPending}
      error={remove.error}
      onConfirm={confirm}
      onClose={onClose}
    >
      Its {countOf(group.computers, 'computer')} that {group.computers === 1 ? 'is' : 'are'} in no other group
      become unassigned, and what is approved for the group itself goes away. This cannot be taken back.
    </TypedConfirmation>
  );
}
