/** What the list shows of each entry. */
import { makeStyles, tokens } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import type { AuditEntrySummary } from '../../../protocol/console/audit.ts';
import { Time } from '../format/time.tsx';
import { useTexts } from '../language/use-texts.ts';
import type { Column } from '../list/column.ts';
import { Actor } from './actor.tsx';
import { texts, type AuditTexts } from './texts.ts';

const useStyles = makeStyles({
  card: { display: 'flex', flexDirection: 'column', gap: '4px', minWidth: 0 },
  action: {
    fontWeight: tokens.fontWeightSemibold,
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    whiteSpace: 'nowrap',
  },
  quiet: { color: tokens.colorNeutralForeground3 },
  line: {
    display: 'flex',
    gap: '12px',
    fontSize: tokens.fontSizeBase200,
    alignItems: 'center',
    minWidth: 0,
    overflow: 'hidden',
    whiteSpace: 'nowrap',
  },
});

export function auditColumns(t: AuditTexts): readonly Column<AuditEntrySummary>[] {
  return [
    { key: 'at', label: t.when, track: '132px', render: ({ at }) => <Time at={at} /> },
    {
      key: 'actor',
      label: t.who,
      track: 'minmax(110px, 1fr)',
      render: ({ actor }) => <Actor actor={actor} />,
    },
    {
      key: 'action',
      label: t.action,
      track: 'minmax(150px, 1fr)',
      render: ({ action }) => <span title={action}>{action}</span>,
    },
    {
      key: 'subject',
      label: t.subject,
      track: 'minmax(160px, 2fr)',
      render: (entry) => <Subject entry={entry} />,
    },
    {
      key: 'address',
      label: t.address,
      track: '170px',
      from: 960,
      render: ({ remoteAddress }) => remoteAddress ?? '',
    },
  ];
}

function Subject({
  entry: { subject, subjects },
}: {
  readonly entry: AuditEntrySummary;
}): ReactElement | null {
  const t = useTexts(texts);
  const styles = useStyles();
  if (subject === undefined) return null;
  const name = subject.name ?? subject.id;
  const more = subjects > 1 ? ` ${t.andMore(subjects - 1)}` : '';
  return (
    <span title={`${subject.kind} ${name}${more}`}>
      {name}
      <span className={styles.quiet}>{more}</span>
    </span>
  );
}

export function AuditCard({ entry }: { readonly entry: AuditEntrySummary }): ReactElement {
  const styles = useStyles();
  return (
    <div className={styles.card}>
      <span className={styles.action}>{entry.action}</span>
      <span className={styles.line}>
        <Subject entry={entry} />
      </span>
      <span className={styles.line}>
        <Actor actor={entry.actor} />
        <Time at={entry.at} />
      </span>
    </div>
  );
}
