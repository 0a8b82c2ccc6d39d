/** Which updates a decision is about. */
import { makeStyles, tokens } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import { useTexts } from '../language/use-texts.ts';
import { texts } from './texts.ts';

const MOST_SHOWN = 4;

const useStyles = makeStyles({
  root: { margin: 0, paddingLeft: '18px', color: tokens.colorNeutralForeground2, overflowWrap: 'anywhere' },
});

export function UpdateTitles({
  titles,
  total,
}: {
  readonly titles: readonly string[];
  readonly total: number;
}): ReactElement | null {
  const t = useTexts(texts);
  const styles = useStyles();
  if (titles.length === 0) return null;
  const shown = titles.slice(0, MOST_SHOWN);
  return (
    <ul className={styles.root}>
      {shown.map((title) => (
        <li key={title}>{title}</li>
      ))}
      {total > shown.length && <li>{t.more(total - shown.length)}</li>}
    </ul>
  );
}
