/** The upstream server, what is going on, and starting it. */
import { Button, Text, makeStyles } from '@fluentui/react-components';
import { ArrowSyncRegular } from '@fluentui/react-icons/svg/arrow-sync';
import type { ReactElement } from 'react';
import { useSyncProgress } from '../api/sync-progress.ts';
import { dateAndTime } from '../format/relative-time.ts';
import { Time } from '../format/time.tsx';
import { Failure } from '../frame/failure.tsx';
import { Section } from '../frame/section.tsx';
import { SkeletonLines } from '../frame/skeleton-lines.tsx';
import { useLanguage } from '../language/language.ts';
import { NothingChosen } from './nothing-chosen.tsx';
import { RunSummary } from './run-summary.tsx';
import { RunningSync } from './running-sync.tsx';
import { useStartSync, useSyncOverview } from './synchronization-queries.ts';
import { UpstreamSection } from './upstream-section.tsx';

const useStyles = makeStyles({
  root: { maxWidth: '760px' },
  start: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: '8px 16px' },
});

export function NowTab(): ReactElement {
  const language = useLanguage();
  const styles = useStyles();
  const overview = useSyncOverview();
  const progress = useSyncProgress();
  const start = useStartSync();
  if (overview.isPending) return <SkeletonLines count={6} label="Reading the state of synchronization" />;
  if (overview.isError) {
    return (
      <Failure
        what="The state of synchronization could not be read."
        error={overview.error}
        onRetry={() => void overview.refetch()}
      />
    );
  }
  const { upstream, howToSetUpstream, running, nextRuns, pausedUntil, lastRun, nothingChosen } =
    overview.data;
  const current = progress === undefined ? running : { startedAt: running?.startedAt, ...progress };
  const [next] = nextRuns;
  return (
    <div className={styles.root}>
      {nothingChosen !== undefined && lastRun !== undefined && <NothingChosen text={nothingChosen} />}
      <Section title="This moment">
        {current === undefined ? (
          <div className={styles.start}>
            <Button
              appearance="primary"
              icon={<ArrowSyncRegular />}
              disabled={upstream === undefined || start.isPending}
              onClick={() => start.mutate()}
            >
              Synchronize now
            </Button>
            <Text>
              {next === undefined ? (
                'No run is scheduled.'
              ) : (
                <>
                  The next run is <Time at={next.startsAt} /> ({dateAndTime(next.startsAt, language)}
                  {next.trigger === 'retry' && ', a retry'}
                  {next.scope === 'fast' && ', faster schedule'}).
                </>
              )}
            </Text>
            {pausedUntil !== undefined && (
              <Text>
                A pause window lasts until {dateAndTime(pausedUntil, language)}: until then nothing starts by
                itself, but you may start a run.
              </Text>
            )}
          </div>
        ) : (
          <RunningSync {...current} />
        )}
        {start.isError && <Failure what="The synchronization did not start." error={start.error} />}
        {start.data?.started === false && current === undefined && (
          <Text>A run was on already, so no second one was started.</Text>
        )}
      </Section>
      <UpstreamSection upstream={upstream} howTo={howToSetUpstream} />
      <Section title="Last run">
        {lastRun === undefined ? <Text>There was none yet.</Text> : <RunSummary run={lastRun} />}
      </Section>
    </div>
  );
}
