/** Making an account, or changing what one may do. */
import {
  Button,
  Checkbox,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  Field,
  Input,
  Radio,
  RadioGroup,
  makeStyles,
} from '@fluentui/react-components';
import { useState, type FormEvent, type ReactElement } from 'react';
import { ROLES, Role } from '../../../protocol/console/access.ts';
import type { User } from '../../../protocol/console/users.ts';
import { Failure } from '../frame/failure.tsx';
import { GroupTicks } from '../groups/group-ticks.tsx';
import { useGroups } from '../groups/groups-query.ts';
import { useTexts } from '../language/use-texts.ts';
import { texts } from './texts.ts';

const useStyles = makeStyles({
  surface: { overflowWrap: 'anywhere', maxWidth: '560px', width: 'calc(100vw - 32px)' },
  content: { display: 'flex', flexDirection: 'column', gap: '12px' },
});

export interface UserDraft {
  readonly userName: string;
  readonly role: Role;
  /** Undefined: for all groups. */
  readonly limitedToGroups: readonly string[] | undefined;
}

interface UserDialogProps {
  /** Left out: a new one. */
  readonly user?: User;
  readonly isBusy: boolean;
  readonly error: Error | null;
  readonly onSave: (draft: UserDraft) => void;
  readonly onClose: () => void;
}

export function UserDialog({ user, isBusy, error, onSave, onClose }: UserDialogProps): ReactElement {
  const t = useTexts(texts);
  const styles = useStyles();
  const groups = useGroups();
  const [userName, setUserName] = useState(user?.userName ?? '');
  const [role, setRole] = useState<Role>(user?.role ?? 'viewer');
  const [isLimited, setLimited] = useState(user?.limitedToGroups !== undefined);
  const [ticked, setTicked] = useState<ReadonlySet<string>>(
    new Set(user?.limitedToGroups?.map(({ groupId }) => groupId)),
  );
  const canLimit = role === 'approver';
  const isComplete = userName.trim() !== '' && !(canLimit && isLimited && ticked.size === 0);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    onSave({
      userName: userName.trim(),
      role,
      limitedToGroups: canLimit && isLimited ? [...ticked] : undefined,
    });
  };
  return (
    <Dialog open onOpenChange={(_, { open }) => !open && onClose()}>
      <DialogSurface className={styles.surface}>
        <form onSubmit={submit}>
          <DialogBody>
            <DialogTitle>{user === undefined ? t.newUser : t.editTitle(user.userName)}</DialogTitle>
            <DialogContent className={styles.content}>
              {user === undefined && (
                <Field label={t.name} required>
                  <Input
                    value={userName}
                    maxLength={200}
                    autoComplete="off"
                    onChange={(_, { value }) => setUserName(value)}
                  />
                </Field>
              )}
              <Field label={t.role} hint={t.roleMeans[role]}>
                <RadioGroup
                  value={role}
                  onChange={(_, { value }) => setRole(ROLES.find((one) => one === value) ?? role)}
                >
                  {ROLES.map((one) => (
                    <Radio key={one} value={one} label={t.roles[one]} />
                  ))}
                </RadioGroup>
              </Field>
              {canLimit && (
                <Checkbox
                  label={t.limit}
                  checked={isLimited}
                  onChange={(_, { checked }) => setLimited(checked === true)}
                />
              )}
              {canLimit && isLimited && (
                <GroupTicks
                  label={t.chooseGroups}
                  groups={groups.data ?? []}
                  ticked={ticked}
                  onTick={(groupId) => setTicked(ticked.symmetricDifference(new Set([groupId])))}
                />
              )}
              {error !== null && <Failure what={t.nothingChanged} error={error} />}
            </DialogContent>
            <DialogActions>
              <Button onClick={onClose}>{t.cancel}</Button>
              <Button type="submit" appearance="primary" disabled={isBusy || !isComplete}>
                {user === undefined ? t.create : t.save}
              </Button>
            </DialogActions>
          </DialogBody>
        </form>
      </DialogSurface>
    </Dialog>
  );
}
