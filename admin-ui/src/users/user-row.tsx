/** One account, with what can be done about it. */
import { PersonRegular } from '@fluentui/react-icons/svg/person';
import { Button, Text, makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import type { User } from '../../../protocol/console/users.ts';
import { useGroupName } from '../groups/group-name.ts';
import { useTexts } from '../language/use-texts.ts';
import { texts, type UserTexts } from './texts.ts';

const useStyles = makeStyles({
  row: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: '4px 16px',
    padding: '10px 0',
    borderBottom: `1px solid ${tokens.colorNeutralStroke3}`,
  },
  name: { display: 'flex', alignItems: 'center', gap: '8px', flexGrow: 1, flexBasis: '260px', minWidth: 0 },
  words: { display: 'flex', flexDirection: 'column', minWidth: 0, overflowWrap: 'anywhere' },
  quiet: { color: tokens.colorNeutralForeground3, fontSize: tokens.fontSizeBase200 },
  role: { flexBasis: '120px' },
  off: { textDecorationLine: 'line-through' },
  buttons: { display: 'flex', flexWrap: 'wrap', gap: '4px' },
});

interface UserRowProps {
  readonly user: User;
  readonly isBusy: boolean;
  readonly onEdit: () => void;
  readonly onSwitch: () => void;
  readonly onReset: () => void;
  readonly onDelete: () => void;
}

export function UserRow({ user, isBusy, onEdit, onSwitch, onReset, onDelete }: UserRowProps): ReactElement {
  const t = useTexts(texts);
  const styles = useStyles();
  const nameOfGroup = useGroupName();
  const notes = notesOf(user, nameOfGroup, t);
  return (
    <li className={styles.row}>
      <span className={styles.name}>
        <PersonRegular aria-hidden style={{ flexShrink: 0 }} />
        <span className={styles.words}>
          <Text weight="semibold" className={mergeClasses(user.isDisabled && styles.off)}>
            {user.userName}
          </Text>
          {notes !== '' && <span className={styles.quiet}>{notes}</span>}
        </span>
      </span>
      <span className={styles.role}>{t.roles[user.role]}</span>
      <span className={styles.buttons}>
        <Button size="small" disabled={isBusy} onClick={onEdit}>
          {t.edit}
        </Button>
        <Button size="small" disabled={isBusy} onClick={onReset}>
          {t.reset}
        </Button>
        <Button size="small" disabled={isBusy} onClick={onSwitch}>
          {user.isDisabled ? t.enable : t.disable}
        </Button>
        <Button size="small" disabled={isBusy} onClick={onDelete}>
          {t.remove}
        </Button>
      </span>
    </li>
  );
}

function notesOf(
  { isDisabled, mustChangePassword, limitedToGroups, sessions }: User,
  nameOfGroup: ReturnType<typeof useGroupName>,
  t: UserTexts,
): string {
  const limit =
    limitedToGroups === undefined
      ? undefined
      : limitedToGroups.length === 0
        ? t.limitedToNothing
        : t.limitedTo(limitedToGroups.map(({ groupId, name }) => nameOfGroup(groupId, name)).join(', '));
  return [
    isDisabled ? t.disabled : undefined,
    mustChangePassword ? t.oneTime : undefined,
    limit,
    sessions > 0 ? `${t.sessions}: ${sessions}` : undefined,
  ]
    .filter((note) => note !== undefined)
    .join(' · ');
}
