/** What the list of computers shows of each. */
import { makeStyles, tokens } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import type { z } from 'zod';
import type { ComputerSummary } from '../../../protocol/console/computers.ts';
import { Time } from '../format/time.tsx';
import { useTexts } from '../language/use-texts.ts';
import type { Column } from '../list/column.ts';
import { StatusSummary } from '../states/status-summary.tsx';
import { texts, type ComputerTexts } from './texts.ts';

export type Computer = z.infer<typeof ComputerSummary>;

const useStyles = makeStyles({
  card: { display: 'flex', flexDirection: 'column', gap: '4px' },
  name: {
    fontWeight: tokens.fontWeightSemibold,
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    whiteSpace: 'nowrap',
  },
  quiet: {
    color: tokens.colorNeutralForeground3,
    fontSize: tokens.fontSizeBase200,
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    whiteSpace: 'nowrap',
  },
  line: { display: 'flex', gap: '12px', fontSize: tokens.fontSizeBase200, alignItems: 'center' },
});

export const groupNames = (computer: Computer, t: Pick<ComputerTexts, 'unassigned'>): string =>
  computer.groups.map(({ name }) => name).join(', ') || t.unassigned;

export const computerColumns = (t: Pick<ComputerTexts, 'columns' | 'unassigned'>): Column<Computer>[] => [
  {
    key: 'name',
    label: t.columns.name,
    track: 'minmax(160px, 2fr)',
    sort: 'name',
    render: (computer) => <span title={computer.dnsName}>{computer.dnsName}</span>,
  },
  {
    key: 'groups',
    label: t.columns.groups,
    track: 'minmax(120px, 1.4fr)',
    from: 680,
    render: (computer) => <span title={groupNames(computer, t)}>{groupNames(computer, t)}</span>,
  },
  {
    key: 'os',
    label: t.columns.os,
    track: 'minmax(140px, 1.6fr)',
    from: 860,
    sort: 'os',
    render: (computer) => (
      <span title={`${computer.osDescription} ${computer.osVersion}`}>{computer.osDescription}</span>
    ),
  },
  {
    key: 'address',
    label: t.columns.address,
    track: '128px',
    from: 1040,
    render: (computer) => computer.ipAddress,
  },
  {
    key: 'contact',
    label: t.columns.contact,
    track: '132px',
    sort: 'lastContact',
    render: (computer) => <Time at={computer.lastContact} />,
  },
  {
    key: 'status',
    label: t.columns.status,
    track: 'minmax(150px, 1.2fr)',
    render: (computer) => <StatusSummary counts={computer.status} />,
  },
];

export function ComputerCard({ computer }: { readonly computer: Computer }): ReactElement {
  const t = useTexts(texts);
  const styles = useStyles();
  return (
    <div className={styles.card}>
      <span className={styles.name}>{computer.dnsName}</span>
      <span className={styles.quiet}>
        {groupNames(computer, t)} · {computer.osDescription}
      </span>
      <span className={styles.line}>
        <StatusSummary counts={computer.status} />
        <Time at={computer.lastContact} />
      </span>
    </div>
  );
}
