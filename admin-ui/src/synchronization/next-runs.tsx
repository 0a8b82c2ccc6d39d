/** The runs that a plan gives, with what moved each. */
import { Text, makeStyles, tokens } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import type { ScheduleView } from '../../../protocol/console/schedule.ts';
import { useNow } from '../format/now.ts';
import { dateAndTime, relativeTime } from '../format/relative-time.ts';
import { Failure } from '../frame/failure.tsx';
import { Section } from '../frame/section.tsx';
import { useLanguage } from '../language/language.ts';
import { useTexts } from '../language/use-texts.ts';
import { whyThen } from './planned-run-words.ts';
import { texts } from './texts.ts';

const useStyles = makeStyles({
  list: { listStyleType: 'none', margin: 0, padding: 0 },
  run: {
    display: 'flex',
    flexDirection: 'column',
    padding: '8px 0',
    borderBottom: `1px solid ${tokens.colorNeutralStroke3}`,
  },
  when: { display: 'flex', flexWrap: 'wrap', gap: '0 8px', fontVariantNumeric: 'tabular-nums' },
  quiet: { color: tokens.colorNeutralForeground3 },
  stale: { opacity: 0.6 },
});

interface NextRunsProps {
  readonly view: ScheduleView | undefined;
  /** The fields say something else by now. */
  readonly isStale: boolean;
  /** Other than what the fields show. */
  readonly error: Error | null;
}

export function NextRuns({ view, isStale, error }: NextRunsProps): ReactElement {
  const t = useTexts(texts);
  const language = useLanguage();
  const styles = useStyles();
  const now = useNow();
  return (
    <Section title={t.nextRuns}>
      <div aria-live="polite">
        {error !== null && <Failure what={t.nextRunsUnknown} error={error} />}
        {isStale && <Text className={styles.quiet}>{t.correctToSee}</Text>}
        {!isStale && view?.pausedUntil !== undefined && <Text>{t.pausedUntil(view.pausedUntil)}</Text>}
        {!isStale && view?.nextRuns.length === 0 && <Text>{t.noNextRun}</Text>}
        {view !== undefined && view.nextRuns.length > 0 && (
          <ol className={isStale ? `${styles.list} ${styles.stale}` : styles.list}>
            {view.nextRuns.map((run) => {
              const why = whyThen(run, t);
              return (
                <li key={`${run.scope} ${run.trigger} ${run.startsAt}`} className={styles.run}>
                  <span className={styles.when}>
                    <Text weight="semibold">
                      {run.isOverdue && view.pausedUntil === undefined
                        ? t.asSoonAsFree
                        : dateAndTime(run.startsAt, language)}
                    </Text>
                    <Text className={styles.quiet}>{relativeTime(run.startsAt, now, language)}</Text>
                    <Text>{t.scopes[run.scope]}</Text>
                  </span>
                  {why !== undefined && (
                    <Text size={200} className={styles.quiet}>
                      {why}
                    </Text>
                  )}
                </li>
              );
            })}
          </ol>
        )}
      </div>
    </Section>
  );
}
