/** How much of a file came: a bar and the bytes. */
import { ProgressBar, makeStyles, tokens } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import type { ContentFileSummary } from '../../../protocol/console/content.ts';
import { useTexts } from '../language/use-texts.ts';
import { texts } from './texts.ts';

const useStyles = makeStyles({
  root: { display: 'flex', alignItems: 'center', gap: '8px', minWidth: 0 },
  bar: { flexGrow: 1, minWidth: '40px', maxWidth: '220px' },
  words: { whiteSpace: 'nowrap', fontVariantNumeric: 'tabular-nums', color: tokens.colorNeutralForeground2 },
});

type Received = Pick<ContentFileSummary, 'fileName' | 'size' | 'receivedBytes' | 'isArriving'>;

export function ReceivedBar({ file }: { readonly file: Received }): ReactElement {
  const t = useTexts(texts);
  const styles = useStyles();
  const { receivedBytes = 0, size } = file;
  return (
    <span className={styles.root} title={t.receivedBytes(receivedBytes, size)}>
      <ProgressBar
        className={styles.bar}
        aria-label={t.receivedOf(file.fileName)}
        value={size === 0 ? 1 : receivedBytes / size}
        color={file.isArriving ? 'brand' : 'warning'}
        thickness="large"
      />
      <span className={styles.words}>{t.received(receivedBytes, size)}</span>
    </span>
  );
}
