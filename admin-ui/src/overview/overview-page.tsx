/** Are we safe, what is new, what went wrong. */
import { Subtitle2, Text, makeStyles, tokens } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import type { Overview } from '../../../protocol/console/overview.ts';
import { countOf, formatBytes } from '../format/amounts.ts';
import { Failure } from '../frame/failure.tsx';
import { NARROW } from '../frame/media.ts';
import { LinkButton } from '../frame/link-button.tsx';
import { PageHeader } from '../frame/page-header.tsx';
import { SkeletonLines } from '../frame/skeleton-lines.tsx';
import { ALL_COMPUTERS, UNASSIGNED_COMPUTERS } from '../groups/groups-query.ts';
import { RunSummary } from '../synchronization/run-summary.tsx';
import { FigureCard } from './figure-card.tsx';
import { useOverview } from './overview-query.ts';
import { RiskList } from './risk-list.tsx';
import { StatusCard } from './status-card.tsx';

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
  const styles = useStyles();
  return (
    <section className={styles.run} aria-label="Last synchronization">
      <Subtitle2 as="h2">Last synchronization</Subtitle2>
      {run === undefined ? <Text>There was none yet.</Text> : <RunSummary run={run} />}
      <div>
        <LinkButton to="/synchronization">Go to synchronization</LinkButton>
      </div>
    </section>
  );
}

function Cards({ overview }: { readonly overview: Overview }): ReactElement {
  const styles = useStyles();
  const { updates, computers, content } = overview;
  return (
    <div className={styles.cards}>
      <StatusCard counts={overview.status} />
      <FigureCard
        title="Updates"
        figures={[
          { name: 'arrived in 7 days', value: updates.arrivedLast7Days, to: '/updates?sort=-arrived' },
          { name: 'not approved', value: updates.notApproved, to: '/updates?approval=NotApproved' },
          {
            name: 'approved',
            value: updates.approved,
            to: '/updates?approval=Install&approval=Uninstall&approval=Mixed',
          },
          { name: 'declined', value: updates.declined, to: '/updates?approval=Declined' },
          { name: 'in all', value: updates.total, to: '/updates' },
        ]}
      />
      <FigureCard
        title="Computers"
        figures={[
          {
            name: 'with failures',
            value: computers.withFailures,
            to: '/computers?status=Failed',
            alarming: true,
          },
          {
            name: 'not seen for 30 days',
            value: computers.notSeenFor30Days,
            to: '/computers?sort=lastContact',
            alarming: true,
          },
          { name: 'unassigned', value: computers.unassigned, to: `/computers?group=${UNASSIGNED_COMPUTERS}` },
          { name: 'in all', value: computers.total, to: `/computers?group=${ALL_COMPUTERS}` },
        ]}
      />
      <FigureCard
        title="Content"
        figures={[
          {
            name: `in ${countOf(content.presentFiles, 'file')} here`,
            value: formatBytes(content.presentBytes),
            to: '/content?tab=files',
          },
          {
            name: `in ${countOf(content.wantedFiles, 'file')} to fetch`,
            value: formatBytes(content.wantedBytes),
            to: '/content?tab=queue',
          },
          {
            name: 'in quarantine',
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
  const styles = useStyles();
  const overview = useOverview();
  const risks = overview.data?.risks ?? [];
  const note =
    overview.data === undefined
      ? undefined
      : risks.length === 0
        ? 'Nothing needs your attention'
        : `${countOf(risks.length, 'thing')} to look at`;
  return (
    <>
      <PageHeader title="Overview" note={note} />
      <div className={styles.body}>
        <div className={styles.inner}>
          {overview.isPending && <SkeletonLines count={10} label="Reading the overview" />}
          {overview.isError && (
            <Failure
              what="The overview could not be read."
              error={overview.error}
              onRetry={() => void overview.refetch()}
            />
          )}
          <RiskList risks={risks} />
          {overview.data !== undefined && <Cards overview={overview.data} />}
        </div>
      </div>
    </>
  );
}
