/** Are we safe, what is new, what went wrong. */
import { Subtitle2, Text, makeStyles, tokens } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import type { Overview } from '../../../protocol/console/overview.ts';
import { formatBytes } from '../format/amounts.ts';
import { Failure } from '../frame/failure.tsx';
import { NARROW } from '../frame/media.ts';
import { LinkButton } from '../frame/link-button.tsx';
import { PageHeader } from '../frame/page-header.tsx';
import { SkeletonLines } from '../frame/skeleton-lines.tsx';
import { ALL_COMPUTERS, UNASSIGNED_COMPUTERS } from '../groups/groups-query.ts';
import { useTexts } from '../language/use-texts.ts';
import { RunSummary } from '../synchronization/run-summary.tsx';
import { FigureCard } from './figure-card.tsx';
import { useOverview } from './overview-query.ts';
import { RiskList } from './risk-list.tsx';
import { StatusCard } from './status-card.tsx';
import { texts } from './texts.ts';

const useStyles = makeStyles({
  body: {
    flexGrow: 1,
    minHeight: 0,
    overflowY: 'auto',
    padding: '4px 24px 24px',
    [NARROW]: { padding: '4px 12px 16px' },
  },
  inner: { display: 'flex', flexDirection: 'column', gap: '16px', maxWidth: '1180px' },
  cards: {
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fit, minmax(min(320px, 100%), 1fr))',
    gap: '16px',
  },
  run: {
    display: 'flex',
    flexDirection: 'column',
    gap: '12px',
    padding: '16px 20px',
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    borderRadius: tokens.borderRadiusLarge,
  },
});

function LastRun({ run }: { readonly run: Overview['lastRun'] }): ReactElement {
  const t = useTexts(texts);
  const styles = useStyles();
  return (
    <section className={styles.run} aria-label={t.lastRun}>
      <Subtitle2 as="h2">{t.lastRun}</Subtitle2>
      {run === undefined ? <Text>{t.noRun}</Text> : <RunSummary run={run} />}
      <div>
        <LinkButton to="/synchronization">{t.goToSynchronization}</LinkButton>
      </div>
    </section>
  );
}

function Cards({ overview }: { readonly overview: Overview }): ReactElement {
  const t = useTexts(texts);
  const styles = useStyles();
  const { updates, computers, content } = overview;
  return (
    <div className={styles.cards}>
      <StatusCard counts={overview.status} />
      <FigureCard
        title={t.updates}
        figures={[
          { name: t.arrived, value: updates.arrivedLast7Days, to: '/updates?sort=-arrived' },
          { name: t.notApproved, value: updates.notApproved, to: '/updates?approval=NotApproved' },
          {
            name: t.approved,
            value: updates.approved,
            to: '/updates?approval=Install&approval=Uninstall&approval=Mixed',
          },
          { name: t.declined, value: updates.declined, to: '/updates?approval=Declined' },
          { name: t.inAll, value: updates.total, to: '/updates' },
        ]}
      />
      <FigureCard
        title={t.computers}
        figures={[
          {
            name: t.withFailures,
            value: computers.withFailures,
            to: '/computers?status=Failed',
            alarming: true,
          },
          {
            name: t.notSeen,
            value: computers.notSeenFor30Days,
            to: '/computers?sort=lastContact',
            alarming: true,
          },
          { name: t.unassigned, value: computers.unassigned, to: `/computers?group=${UNASSIGNED_COMPUTERS}` },
          { name: t.inAll, value: computers.total, to: `/computers?group=${ALL_COMPUTERS}` },
        ]}
      />
      <FigureCard
        title={t.content}
        figures={[
          {
            name: t.filesHere(content.presentFiles),
            value: formatBytes(content.presentBytes),
            to: '/content?tab=files',
          },
          {
            name: t.filesToFetch(content.wantedFiles),
            value: formatBytes(content.wantedBytes),
            to: '/content?tab=queue',
          },
          {
            name: t.inQuarantine,
            value: content.quarantinedFiles,
            to: '/content?tab=quarantine',
            alarming: true,
          },
        ]}
      />
      <LastRun run={overview.lastRun} />
    </div>
  );
}

export function OverviewPage(): ReactElement {
  const t = useTexts(texts);
  const styles = useStyles();
  const overview = useOverview();
  const risks = overview.data?.risks ?? [];
  const note =
    overview.data === undefined ? undefined : risks.length === 0 ? t.allWell : t.toLookAt(risks.length);
  return (
    <>
      <PageHeader title={t.title} note={note} />
      <div className={styles.body}>
        <div className={styles.inner}>
          {overview.isPending && <SkeletonLines count={10} label={t.reading} />}
          {overview.isError && (
            <Failure what={t.notRead} error={overview.error} onRetry={() => void overview.refetch()} />
          )}
          <RiskList risks={risks} />
          {overview.data !== undefined && <Cards overview={overview.data} />}
        </div>
      </div>
    </>
  );
}
