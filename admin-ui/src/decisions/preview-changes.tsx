/** Which decisions would change, from what to what. */
import { Badge, Text, makeStyles, tokens } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import type { DecisionPreview } from '../../../protocol/console/approvals.ts';
import { countOf, formatCount } from '../format/amounts.ts';
import { actionWord } from '../states/approval-looks.ts';

const MOST_SHOWN = 8;

const useStyles = makeStyles({
  list: {
    margin: 0,
    padding: 0,
    listStyleType: 'none',
    display: 'flex',
    flexDirection: 'column',
    gap: '4px',
    fontSize: tokens.fontSizeBase200,
  },
  title: { overflowWrap: 'anywhere' },
  change: { color: tokens.colorNeutralForeground2, paddingLeft: '12px' },
});

type Update = DecisionPreview['updates'][number];

function UpdateChanges({
  update,
  isOnly,
}: {
  readonly update: Update;
  readonly isOnly: boolean;
}): ReactElement {
  const styles = useStyles();
  return (
    <li>
      {!isOnly && (
        <span className={styles.title}>
          {update.title}{' '}
          {update.isSuperseded && (
            <Badge size="small" appearance="outline" color="informative">
              Superseded
            </Badge>
          )}{' '}
          {update.isExpired && (
            <Badge size="small" appearance="outline" color="warning">
              Expired
            </Badge>
          )}
        </span>
      )}
      {update.changes.map((change) => (
        <div key={change.groupId} className={styles.change}>
          {change.groupName}: {actionWord(change.before)} → {actionWord(change.after)}
        </div>
      ))}
      {update.changes.length === 0 && <div className={styles.change}>Nothing changes: it is so already.</div>}
    </li>
  );
}

export function PreviewChanges({ updates }: { readonly updates: readonly Update[] }): ReactElement {
  const styles = useStyles();
  const changing = updates.filter(({ changes }) => changes.length > 0);
  if (changing.length === 0) return <Text>Nothing changes: it is so already.</Text>;
  const shown = changing.slice(0, MOST_SHOWN);
  return (
    <>
      <ul className={styles.list} aria-label="Changes">
        {shown.map((update) => (
          <UpdateChanges key={update.updateId} update={update} isOnly={updates.length === 1} />
        ))}
      </ul>
      {changing.length > shown.length && (
        <Text size={200}>and {formatCount(changing.length - shown.length)} more updates</Text>
      )}
      {changing.length < updates.length && (
        <Text size={200}>{countOf(updates.length - changing.length, 'update')} would not change.</Text>
      )}
    </>
  );
}
