/** The page of users: who may sign in, and what each may do. */
import { AddRegular } from '@fluentui/react-icons/svg/add';
import { Button, makeStyles } from '@fluentui/react-components';
import { useState, type ReactElement } from 'react';
import type { OneTimePassword, User } from '../../../protocol/console/users.ts';
import { useErrorText } from '../api/use-error-text.ts';
import { Failure } from '../frame/failure.tsx';
import { NARROW } from '../frame/media.ts';
import { useNotice } from '../frame/notices.tsx';
import { PageHeader } from '../frame/page-header.tsx';
import { SkeletonLines } from '../frame/skeleton-lines.tsx';
import { TypedConfirmation } from '../frame/typed-confirmation.tsx';
import { useTexts } from '../language/use-texts.ts';
import { PasswordDialog } from './password-dialog.tsx';
import { texts } from './texts.ts';
import { UserDialog } from './user-dialog.tsx';
import { UserRow } from './user-row.tsx';
import { useChangeUser, useCreateUser, useDeleteUser, useResetPassword, useUsers } from './users-queries.ts';

const useStyles = makeStyles({
  body: { padding: '0 24px 24px', overflowY: 'auto', [NARROW]: { padding: '0 12px 12px' } },
  list: { listStyleType: 'none', margin: 0, padding: 0, maxWidth: '1000px' },
});

type Task = { readonly kind: 'create' } | { readonly kind: 'edit' | 'delete'; readonly user: User };

export function UsersPage(): ReactElement {
  const t = useTexts(texts);
  const styles = useStyles();
  const notice = useNotice();
  const errorText = useErrorText();
  const users = useUsers();
  const change = useChangeUser();
  const reset = useResetPassword();
  const [task, setTask] = useState<Task>();
  const [made, setMade] = useState<OneTimePassword>();
  const failed = (error: Error): void =>
    notice({ intent: 'error', title: t.notDone, text: errorText(error) });
  const isBusy = change.isPending || reset.isPending;
  return (
    <>
      <PageHeader title={t.title} note={users.data === undefined ? undefined : t.count(users.data.length)}>
        <Button appearance="primary" icon={<AddRegular />} onClick={() => setTask({ kind: 'create' })}>
          {t.newUser}
        </Button>
      </PageHeader>
      <div className={styles.body}>
        {users.isPending && <SkeletonLines count={5} label={t.reading} />}
        {users.isError && (
          <Failure what={t.notRead} error={users.error} onRetry={() => void users.refetch()} />
        )}
        <ul className={styles.list} aria-label={t.title}>
          {users.data?.map((user) => (
            <UserRow
              key={user.accountId}
              user={user}
              isBusy={isBusy}
              onEdit={() => setTask({ kind: 'edit', user })}
              onDelete={() => setTask({ kind: 'delete', user })}
              onReset={() => reset.mutate(user.accountId, { onSuccess: setMade, onError: failed })}
              onSwitch={() =>
                change.mutate(
                  { accountId: user.accountId, change: { isDisabled: !user.isDisabled } },
                  { onError: failed },
                )
              }
            />
          ))}
        </ul>
      </div>
      {task?.kind === 'create' && <CreateUser onMade={setMade} onClose={() => setTask(undefined)} />}
      {task?.kind === 'edit' && <EditUser user={task.user} onClose={() => setTask(undefined)} />}
      {task?.kind === 'delete' && <DeleteUser user={task.user} onClose={() => setTask(undefined)} />}
      {made !== undefined && <PasswordDialog made={made} onClose={() => setMade(undefined)} />}
    </>
  );
}

function CreateUser({
  onMade,
  onClose,
}: {
  readonly onMade: (made: OneTimePassword) => void;
  readonly onClose: () => void;
}): ReactElement {
  const create = useCreateUser();
  return (
    <UserDialog
      isBusy={create.isPending}
      error={create.error}
      onClose={onClose}
      onSave={({ limitedToGroups, ...draft }) =>
        create.mutate(
          { ...draft, ...(limitedToGroups === undefined ? {} : { limitedToGroups: [...limitedToGroups] }) },
          {
            onSuccess: (made) => {
              onClose();
              onMade(made);
            },
          },
        )
      }
    />
  );
}

interface UserTaskProps {
  readonly user: User;
  readonly onClose: () => void;
}

function EditUser({ user, onClose }: UserTaskProps): ReactElement {
  const t = useTexts(texts);
  const change = useChangeUser();
  const notice = useNotice();
  return (
    <UserDialog
      user={user}
      isBusy={change.isPending}
      error={change.error}
      onClose={onClose}
      onSave={({ role, limitedToGroups }) =>
        change.mutate(
          {
            accountId: user.accountId,
            change: {
              role,
              limitedToGroups: limitedToGroups === undefined ? null : [...limitedToGroups],
            },
          },
          {
            onSuccess: ({ userName }) => {
              notice({ intent: 'success', title: t.changed(userName) });
              onClose();
            },
          },
        )
      }
    />
  );
}

function DeleteUser({ user, onClose }: UserTaskProps): ReactElement {
  const t = useTexts(texts);
  const remove = useDeleteUser();
  const notice = useNotice();
  const confirm = (): void =>
    remove.mutate(user.accountId, {
      onSuccess: () => {
        notice({ intent: 'success', title: t.removed(user.userName) });
        onClose();
      },
    });
  return (
    <TypedConfirmation
      title={t.removeTitle(user.userName)}
      name={user.userName}
      action={t.removeAction}
      isBusy={remove.isPending}
      error={remove.error}
      onConfirm={confirm}
      onClose={onClose}
    >
      {t.removeMeans}
    </TypedConfirmation>
  );
}
