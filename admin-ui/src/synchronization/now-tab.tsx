/** The upstream server, what is going on, and starting it. */
import { Button, Text, makeStyles } from '@fluentui/react-components';
import { ArrowSyncRegular } from '@fluentui/react-icons/svg/arrow-sync';
import type { ReactElement } from 'react';
import { useSyncProgress } from '../api/sync-progress.ts';
import { Time } from '../format/time.tsx';
import { Failure } from '../frame/failure.tsx';
import { Section } from '../frame/section.tsx';
import { SkeletonLines } from '../frame/skeleton-lines.tsx';
import { useTexts } from '../language/use-texts.ts';
import { NothingChosen } from './nothing-chosen.tsx';
import { RunSummary } from './run-summary.tsx';
import { RunningSync } from './running-sync.tsx';
import { useStartSync, useSyncOverview } from './synchronization-queries.ts';
import { texts } from './texts.ts';
import { UpstreamSection } from './upstream-section.tsx';

const useStyles = makeStyles({
  root: { maxWidth: '760px' },
  start: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: '8px 16px' },
});

export function NowTab(): ReactElement {
  const t = useTexts(texts);
  const styles = useStyles();
  const overview = useSyncOverview();
  const progress = useSyncProgress();
  const start = useStartSync();
  if (overview.isPending) return <SkeletonLines count={6} label={t.reading} />;
  if (overview.isError) {
    return <Failure what={t.notRead} error={overview.error} onRetry={() => void overview.refetch()} />;
  }
  const { upstream, howToSetUpstream, running, nextRuns, pausedUntil, lastRun, nothingChosen } =
    overview.data;
  const current = progress === undefined ? running : { startedAt: running?.startedAt, ...progress };
  const [next] = nextRuns;
  return (
    <div className={styles.root}>
      {nothingChosen !== undefined && lastRun !== undefined && <NothingChosen text={nothingChosen} />}
      <Section title={t.thisMoment}>
        {current === undefined ? (
          <div className={styles.start}>
            <Button
              appearance="primary"
              icon={<ArrowSyncRegular />}
              disabled={upstream === undefined || start.isPending}
              onClick={() => start.mutate()}
            >
              {t.synchronizeNow}
            </Button>
            <Text>
              {next === undefined ? (
                t.notScheduled
              ) : (
                <>
                  {t.nextRun} <Time at={next.startsAt} />{' '}
                  {t.nextRunAt(next.startsAt, next.trigger === 'retry', next.scope === 'fast')}
                </>
              )}
            </Text>
            {pausedUntil !== undefined && <Text>{t.pausedNow(pausedUntil)}</Text>}
          </div>
        ) : (
          <RunningSync {...current} />
        )}
        {start.isError && <Failure what={t.notStarted} error={start.error} />}
        {start.data?.started === false && current === undefined && <Text>{t.onAlready}</Text>}
      </Section>
      <UpstreamSection upstream={upstream} howTo={howToSetUpstream} />
      <Section title={t.lastRun}>
        {lastRun === undefined ? <Text>{t.noRun}</Text> : <RunSummary run={lastRun} />}
      </Section>
    </div>
  );
}
