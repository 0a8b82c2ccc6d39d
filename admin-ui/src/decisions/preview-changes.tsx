/** Which decisions would change, from what to what. */
import { Badge, Text, makeStyles, tokens } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import type { DecisionPreview } from '../../../protocol/console/approvals.ts';
import { useGroupName } from '../groups/group-name.ts';
import { useTexts } from '../language/use-texts.ts';
import { decisionWord } from '../states/approval-looks.ts';
import { texts as stateTexts } from '../states/texts.ts';
import { texts } from './texts.ts';

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
  const nameOf = useGroupName();
  const stateWords = useTexts(stateTexts);
  const t = useTexts(texts);
  const styles = useStyles();
  return (
    <li>
      {!isOnly && (
        <span className={styles.title}>
          {update.title}{' '}
          {update.isSuperseded && (
            <Badge size="small" appearance="outline" color="informative">
              {t.superseded}
            </Badge>
          )}{' '}
          {update.isExpired && (
            <Badge size="small" appearance="outline" color="warning">
              {t.expired}
            </Badge>
          )}
        </span>
      )}
      {update.changes.map((change) => (
        <div key={change.groupId} className={styles.change}>
          {nameOf(change.groupId, change.groupName)}: {decisionWord(change.before, stateWords)} →{' '}
          {decisionWord(change.after, stateWords)}
        </div>
      ))}
      {update.changes.length === 0 && <div className={styles.change}>{t.noChange}</div>}
    </li>
  );
}

export function PreviewChanges({ updates }: { readonly updates: readonly Update[] }): ReactElement {
  const t = useTexts(texts);
  const styles = useStyles();
  const changing = updates.filter(({ changes }) => changes.length > 0);
  if (changing.length === 0) return <Text>{t.noChange}</Text>;
  const shown = changing.slice(0, MOST_SHOWN);
  return (
    <>
      <ul className={styles.list} aria-label={t.changes}>
        {shown.map((update) => (
          <UpdateChanges key={update.updateId} update={update} isOnly={updates.length === 1} />
        ))}
      </ul>
      {changing.length > shown.length && (
        <Text size={200}>{t.moreUpdates(changing.length - shown.length)}</Text>
      )}
      {changing.length < updates.length && (
        <Text size={200}>{t.unchanged(updates.length - changing.length)}</Text>
      )}
    </>
  );
}
