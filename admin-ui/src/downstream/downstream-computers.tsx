/** The computers of one downstream server, by name. */
import { Button, Text, makeStyles, tokens } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import { Time } from '../format/time.tsx';
import { Failure } from '../frame/failure.tsx';
import { NARROW } from '../frame/media.ts';
import { SkeletonLines } from '../frame/skeleton-lines.tsx';
import { useTexts } from '../language/use-texts.ts';
import { StatusSummary } from '../states/status-summary.tsx';
import { useDownstreamComputers } from './downstream-queries.ts';
import { texts } from './texts.ts';

const useStyles = makeStyles({
  table: {
    width: '100%',
    borderCollapse: 'collapse',
    tableLayout: 'fixed',
    '& th': { textAlign: 'left', color: tokens.colorNeutralForeground3, fontWeight: 'normal' },
    '& th, & td': {
      padding: '4px 12px 4px 0',
      overflow: 'hidden',
      textOverflow: 'ellipsis',
      whiteSpace: 'nowrap',
    },
    '& th:nth-child(1)': { width: '40%' },
    '& th:nth-child(2)': { width: '26%' },
    [NARROW]: {
      '& thead': { position: 'absolute', clip: 'rect(0 0 0 0)' },
      '& tr': { display: 'block', padding: '6px 0', borderBottom: `1px solid ${tokens.colorNeutralStroke3}` },
      '& td': { display: 'block', padding: '1px 0' },
      '& td:nth-child(2), & td:nth-child(3)': { display: 'inline-block', marginRight: '12px' },
    },
  },
  name: { fontWeight: tokens.fontWeightSemibold, userSelect: 'text' },
});

interface DownstreamComputersProps {
  readonly serverId: string;
  readonly name: string;
}

export function DownstreamComputers({ serverId, name }: DownstreamComputersProps): ReactElement {
  const t = useTexts(texts);
  const styles = useStyles();
  const list = useDownstreamComputers(serverId);
  const rows = list.data?.pages.flatMap((page) => page.items) ?? [];
  const total = list.data?.pages[0]?.total ?? 0;
  if (list.isPending) return <SkeletonLines count={4} label={t.readingComputers} />;
  if (list.isError)
    return <Failure what={t.computersNotRead} error={list.error} onRetry={() => void list.refetch()} />;
  if (rows.length === 0) return <Text>{t.sumsOf(name)}</Text>;
  return (
    <>
      <table className={styles.table} aria-label={t.computersOf(name)}>
        <thead>
          <tr>
            <th scope="col">{t.columns.name}</th>
            <th scope="col">{t.columns.os}</th>
            <th scope="col">{t.columns.contact}</th>
            <th scope="col">{t.columns.updates}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((computer) => (
            <tr key={computer.computerId}>
              <td className={styles.name} title={`${computer.dnsName} ${computer.ipAddress}`}>
                {computer.dnsName === '' ? computer.computerId : computer.dnsName}
              </td>
              <td title={`${computer.osDescription} ${computer.osVersion}`}>
                {computer.osDescription === '' ? computer.osVersion : computer.osDescription}
              </td>
              <td>{computer.lastSync === undefined ? t.never : <Time at={computer.lastSync} />}</td>
              <td>
                <StatusSummary counts={computer.status} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {list.hasNextPage && (
        <Button size="small" disabled={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {t.showMore(total)}
        </Button>
      )}
    </>
  );
}
