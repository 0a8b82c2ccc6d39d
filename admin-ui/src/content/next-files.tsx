/** What is fetched next, in this order. */
import { Text, makeStyles, tokens } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import type { ContentOverview } from '../../../protocol/console/content.ts';
import { formatBytes } from '../format/amounts.ts';
import { Time } from '../format/time.tsx';
import { TextLink } from '../frame/link-button.tsx';
import { useTexts } from '../language/use-texts.ts';
import { texts } from './texts.ts';

const useStyles = makeStyles({
  list: { margin: 0, padding: '0 0 0 24px' },
  file: { padding: '3px 0', overflowWrap: 'anywhere' },
  quiet: { color: tokens.colorNeutralForeground3, fontSize: tokens.fontSizeBase200 },
});

export function NextFiles({ content }: { readonly content: ContentOverview }): ReactElement {
  const t = useTexts(texts);
  const styles = useStyles();
  const { next, wanted } = content;
  if (next.length === 0) {
    return (
      <Text className={styles.quiet}>{wanted.files === 0 ? t.allHere : t.noneMayBeTried(wanted.files)}</Text>
    );
  }
  return (
    <ol className={styles.list} aria-label={t.nextFiles}>
      {next.map((file) => (
        <li key={file.sha1} className={styles.file}>
          <TextLink to={`/content?open=${file.sha1}`}>{file.fileName}</TextLink>{' '}
          <span className={styles.quiet}>
            {formatBytes(file.size)}
            {file.requestedAt !== undefined && ` · ${t.somebodyWaitsShort}`}
            {file.deadline !== undefined && (
              <>
                {` · ${t.deadline} `}
                <Time at={file.deadline} />
              </>
            )}
            {file.update !== undefined && ` · ${file.update.title}`}
          </span>
        </li>
      ))}
    </ol>
  );
}
