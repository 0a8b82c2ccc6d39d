/** Files of which bytes are here: those that are coming, and what was cut. */
import { Text, makeStyles, tokens } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import type { ContentFileSummary } from '../../../protocol/console/content.ts';
import { Time } from '../format/time.tsx';
import { TextLink } from '../frame/link-button.tsx';
import { useTexts } from '../language/use-texts.ts';
import { ReceivedBar } from './received.tsx';
import { texts } from './texts.ts';

const useStyles = makeStyles({
  list: { listStyleType: 'none', margin: 0, padding: 0 },
  file: {
    display: 'flex',
    flexDirection: 'column',
    gap: '4px',
    padding: '8px 0',
    borderBottom: `1px solid ${tokens.colorNeutralStroke3}`,
  },
  name: { overflowWrap: 'anywhere' },
  quiet: {
    color: tokens.colorNeutralForeground3,
    fontSize: tokens.fontSizeBase200,
    overflowWrap: 'anywhere',
  },
});

export function ArrivingList({ items }: { readonly items: readonly ContentFileSummary[] }): ReactElement {
  const t = useTexts(texts);
  const styles = useStyles();
  if (items.length === 0) return <Text className={styles.quiet}>{t.nothingArriving}</Text>;
  return (
    <ul className={styles.list} aria-label={t.arrivingFiles}>
      {items.map((file) => (
        <li key={file.sha1} className={styles.file}>
          <span className={styles.name}>
            <TextLink to={`/content?open=${file.sha1}`}>{file.fileName}</TextLink>
          </span>
          <ReceivedBar file={file} />
          <span className={styles.quiet}>
            {file.update?.title ?? t.noUpdateNames}
            {!file.isArriving && ` · ${t.cutUntil} `}
            {!file.isArriving && (file.retryAt === undefined ? t.whenItsTurn : <Time at={file.retryAt} />)}
          </span>
        </li>
      ))}
    </ul>
  );
}
