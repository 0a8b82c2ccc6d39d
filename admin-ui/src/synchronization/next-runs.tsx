/** The runs that a schedule would give. */
import { Text, makeStyles, tokens } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import { dateAndTime, relativeTime } from '../format/relative-time.ts';
import { useNow } from '../format/now.ts';
import { Failure } from '../frame/failure.tsx';
import { Section } from '../frame/section.tsx';
import type { ScheduleDraft } from './schedule-draft.ts';

const useStyles = makeStyles({
  list: { margin: 0, paddingLeft: '20px' },
  quiet: { color: tokens.colorNeutralForeground3 },
});

interface NextRunsProps {
  readonly isComplete: boolean;
  readonly mode: ScheduleDraft['mode'];
  readonly runs: readonly string[] | undefined;
  readonly error: Error | null;
}

export function NextRuns({ isComplete, mode, runs, error }: NextRunsProps): ReactElement {
  const styles = useStyles();
  const now = useNow();
  return (
    <Section title="Next runs, in your time zone">
      <div aria-live="polite">
        {error !== null && <Failure what="This is no schedule." error={error} />}
        {!isComplete && <Text>Fill in every field to see them.</Text>}
        {isComplete && mode === 'off' && <Text>None: only when someone starts one.</Text>}
        {isComplete && mode !== 'off' && error === null && runs !== undefined && (
          <ol className={styles.list}>
            {runs.slice(0, 5).map((run) => (
              <li key={run}>
                {dateAndTime(run)} <span className={styles.quiet}>{relativeTime(run, now)}</span>
              </li>
            ))}
          </ol>
        )}
      </div>
    </Section>
  );
}
