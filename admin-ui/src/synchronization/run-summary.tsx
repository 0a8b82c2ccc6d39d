/** How one synchronization went. */
import { Text, makeStyles, tokens } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import { duration } from '../format/relative-time.ts';
import { Time } from '../format/time.tsx';
import { useLanguage } from '../language/language.ts';
import { CertificateChain } from './certificate-chain.tsx';
import { RunNotes } from './run-notes.tsx';
import { TRIGGER_WORDS, runLooks, whatArrived, type Run } from './run-looks.ts';

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
  const language = useLanguage();
  const styles = useStyles();
  const { word, icon: Icon, color } = runLooks(run);
  const arrived = whatArrived(run);
  return (
    <div className={styles.root}>
      <span className={styles.line}>
        <span className={styles.state} style={{ color }}>
          <Icon />
          {word}
        </span>
        {arrived !== undefined && <Text>{arrived}</Text>}
        <Text className={styles.quiet}>
          <Time at={run.startedAt} />, {TRIGGER_WORDS[run.trigger]}
          {run.scope === 'fast' && ', faster schedule’s classifications'}
          {run.attempt > 1 && `, retry (attempt ${run.attempt})`}
          {run.finishedAt !== undefined &&
            `, took ${duration(Date.parse(run.finishedAt) - Date.parse(run.startedAt), language)}`}
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
