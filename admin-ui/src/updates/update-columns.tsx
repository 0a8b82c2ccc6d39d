/** What the list of updates shows of each. */
import { Badge, makeStyles, tokens } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import type { UpdateSummary } from '../../../protocol/console/updates.ts';
import { Time } from '../format/time.tsx';
import { useTexts } from '../language/use-texts.ts';
import type { Column } from '../list/column.ts';
import { ApprovalBadge } from '../states/approval-badge.tsx';
import { Severity } from '../states/severity.tsx';
import { StatusSummary } from '../states/status-summary.tsx';
import { texts, type UpdateTexts } from './texts.ts';

const useStyles = makeStyles({
  title: { display: 'flex', alignItems: 'center', gap: '8px', minWidth: 0 },
  text: { overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' },
  mark: { flexShrink: 0 },
  quiet: { color: tokens.colorNeutralForeground3 },
  card: { display: 'flex', flexDirection: 'column', gap: '4px' },
  cardTitle: {
    display: '-webkit-box',
    WebkitBoxOrient: 'vertical',
    WebkitLineClamp: 2,
    overflow: 'hidden',
    fontWeight: tokens.fontWeightSemibold,
  },
  line: {
    display: 'flex',
    flexWrap: 'wrap',
    gap: '2px 12px',
    alignItems: 'center',
    overflow: 'hidden',
    maxHeight: '42px',
    fontSize: tokens.fontSizeBase200,
  },
});

function Marks({ update }: { readonly update: UpdateSummary }): ReactElement {
  const t = useTexts(texts);
  const styles = useStyles();
  return (
    <>
      {update.isSuperseded && (
        <Badge className={styles.mark} size="small" appearance="outline" color="informative">
          {t.superseded}
        </Badge>
      )}
      {update.isExpired && (
        <Badge className={styles.mark} size="small" appearance="outline" color="warning">
          {t.expired}
        </Badge>
      )}
      {update.hasOlderApprovals && (
        <Badge
          className={styles.mark}
          size="small"
          appearance="outline"
          color="warning"
          title={t.olderApproved(update.revisionNumber)}
        >
          {t.revisionWaits}
        </Badge>
      )}
    </>
  );
}

function TitleCell({ update }: { readonly update: UpdateSummary }): ReactElement {
  const styles = useStyles();
  return (
    <span className={styles.title}>
      <span className={styles.text} title={update.title}>
        {update.title}
      </span>
      <Marks update={update} />
    </span>
  );
}

const namesOf = (refs: readonly { readonly title: string }[]): string =>
  refs.map(({ title }) => title).join(', ');

function Quiet({ text }: { readonly text: string }): ReactElement {
  const styles = useStyles();
  return (
    <span className={styles.quiet} title={text}>
      {text}
    </span>
  );
}

export const updateColumns = ({ columns }: Pick<UpdateTexts, 'columns'>): Column<UpdateSummary>[] => [
  {
    key: 'title',
    label: columns.title,
    track: 'minmax(200px, 5fr)',
    sort: 'title',
    render: (update) => <TitleCell update={update} />,
  },
  {
    key: 'kb',
    label: columns.kb,
    track: '104px',
    from: 720,
    render: (update) => <Quiet text={update.kbArticleIds.map((id) => `KB${id}`).join(', ') || '–'} />,
  },
  {
    key: 'classification',
    label: columns.classification,
    track: 'minmax(120px, 1.2fr)',
    from: 1000,
    render: (update) => <Quiet text={update.classification?.title ?? '–'} />,
  },
  {
    key: 'product',
    label: columns.product,
    track: 'minmax(120px, 1.4fr)',
    from: 1180,
    render: (update) => <Quiet text={namesOf(update.products)} />,
  },
  {
    key: 'severity',
    label: columns.severity,
    track: '120px',
    from: 860,
    sort: 'severity',
    render: (update) => <Severity severity={update.msrcSeverity} />,
  },
  {
    key: 'released',
    label: columns.released,
    track: '104px',
    from: 1320,
    sort: 'released',
    render: (update) => <Time at={update.creationDate} />,
  },
  {
    key: 'arrived',
    label: columns.arrived,
    track: '128px',
    from: 760,
    sort: 'arrived',
    render: (update) => <Time at={update.arrivedAt} />,
  },
  {
    key: 'approval',
    label: columns.approval,
    track: '136px',
    render: (update) => <ApprovalBadge approval={update.approval} />,
  },
  {
    key: 'status',
    label: columns.status,
    track: 'minmax(176px, 1.2fr)',
    from: 640,
    render: (update) => <StatusSummary counts={update.status} />,
  },
];

export function UpdateCard({ update }: { readonly update: UpdateSummary }): ReactElement {
  const t = useTexts(texts);
  const styles = useStyles();
  return (
    <div className={styles.card}>
      <span className={styles.cardTitle} title={update.title}>
        {update.title}
      </span>
      <span className={styles.line}>
        <ApprovalBadge approval={update.approval} />
        {update.msrcSeverity !== undefined && <Severity severity={update.msrcSeverity} />}
        <StatusSummary counts={update.status} />
        <Marks update={update} />
      </span>
      <span className={styles.line}>
        <span className={styles.quiet}>
          {update.classification?.title ?? t.update} · <Time at={update.arrivedAt} />
        </span>
      </span>
    </div>
  );
}
