/** How one synchronization went. */
import { Text, makeStyles, tokens } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import { duration } from '../format/relative-time.ts';
import { Time } from '../format/time.tsx';
import { useLanguage } from '../language/language.ts';
import { useTexts } from '../language/use-texts.ts';
import { CertificateChain } from './certificate-chain.tsx';
import { RunNotes } from './run-notes.tsx';
import { runLooks, runWord, whatArrived, type Run } from './run-looks.ts';
import { texts } from './run-texts.ts';

const useStyles = makeStyles({
  root: { display: 'flex', flexDirection: 'column', gap: '4px' },
  line: { display: 'flex', flexWrap: 'wrap', gap: '2px 16px', alignItems: 'center' },
  state: {
    display: 'inline-flex',
    alignItems: 'center',
    gap: '6px',
    fontWeight: tokens.fontWeightSemibold,
    '& svg': { width: '16px', height: '16px' },
  },
  quiet: { color: tokens.colorNeutralForeground3 },
  reason: { overflowWrap: 'anywhere' },
});

export function RunSummary({ run }: { readonly run: Run }): ReactElement {
  const t = useTexts(texts);
  const language = useLanguage();
  const styles = useStyles();
  const { icon: Icon, color } = runLooks(run);
  const arrived = whatArrived(run, t);
  return (
    <div className={styles.root}>
      <span className={styles.line}>
        <span className={styles.state} style={{ color }}>
          <Icon />
          {runWord(run, t)}
        </span>
        {arrived !== undefined && <Text>{arrived}</Text>}
        <Text className={styles.quiet}>
          <Time at={run.startedAt} />, {t.triggers[run.trigger]}
          {run.scope === 'fast' && t.ofFasterClassifications}
          {run.attempt > 1 && t.retry(run.attempt)}
          {run.finishedAt !== undefined &&
            t.took(duration(Date.parse(run.finishedAt) - Date.parse(run.startedAt), language))}
        </Text>
      </span>
      {run.failureMessage !== undefined && (
        <Text className={styles.reason}>
          {run.failedCheck !== undefined && <b>{run.failedCheck}: </b>}
          {run.failureMessage}
        </Text>
      )}
      <RunNotes notes={run.notes} />
      {run.chain !== undefined && run.chain.length > 0 && <CertificateChain chain={run.chain} />}
    </div>
  );
}
