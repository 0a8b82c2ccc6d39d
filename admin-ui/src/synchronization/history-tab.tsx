/** Synchronizations that were, the newest first. */
import { Button, makeStyles, tokens } from '@fluentui/react-components';
import { HistoryRegular } from '@fluentui/react-icons/svg/history';
import type { ReactElement } from 'react';
import { Empty } from '../frame/empty.tsx';
import { Failure } from '../frame/failure.tsx';
import { LinkButton } from '../frame/link-button.tsx';
import { SkeletonLines } from '../frame/skeleton-lines.tsx';
import { useTexts } from '../language/use-texts.ts';
import { RunSummary } from './run-summary.tsx';
import { useSyncRuns } from './synchronization-queries.ts';
import { texts } from './texts.ts';

const useStyles = makeStyles({
  list: { listStyleType: 'none', margin: 0, padding: 0, maxWidth: '880px' },
  run: { padding: '12px 0', borderBottom: `1px solid ${tokens.colorNeutralStroke3}` },
});

export function HistoryTab(): ReactElement {
  const t = useTexts(texts);
  const styles = useStyles();
  const runs = useSyncRuns();
  const rows = runs.data?.pages.flatMap((page) => page.items) ?? [];
  if (runs.isPending) return <SkeletonLines count={8} label={t.readingHistory} />;
  if (runs.isError)
    return <Failure what={t.historyNotRead} error={runs.error} onRetry={() => void runs.refetch()} />;
  if (rows.length === 0) {
    return (
      <Empty icon={<HistoryRegular />} title={t.noHistory} text={t.noHistoryHint}>
        <LinkButton to="/synchronization">{t.synchronize}</LinkButton>
      </Empty>
    );
  }
  return (
    <>
      <ol className={styles.list} aria-label={t.runs}>
        {rows.map((run) => (
          <li key={run.runId} className={styles.run}>
            <RunSummary run={run} />
          </li>
        ))}
      </ol>
      {runs.hasNextPage && (
        <Button disabled={runs.isFetchingNextPage} onClick={() => void runs.fetchNextPage()}>
          {t.showOlder}
        </Button>
      )}
    </>
  );
}
