/** The rows of the audit log, or why there are none. */
import { makeStyles } from '@fluentui/react-components';
import { HistoryRegular } from '@fluentui/react-icons/svg/history';
import { SearchRegular } from '@fluentui/react-icons/svg/search';
import type { InfiniteData, UseInfiniteQueryResult } from '@tanstack/react-query';
import { useCallback, useMemo, type ReactElement, type ReactNode } from 'react';
import type { AuditPage } from '../../../protocol/console/audit.ts';
import { Empty } from '../frame/empty.tsx';
import { Failure } from '../frame/failure.tsx';
import { useTexts } from '../language/use-texts.ts';
import { ListSkeleton } from '../list/list-skeleton.tsx';
import { VirtualList } from '../list/virtual-list.tsx';
import type { Address } from '../url/use-address.ts';
import { AuditCard, auditColumns } from './audit-columns.tsx';
import { texts } from './texts.ts';

const useStyles = makeStyles({ failure: { padding: '0 12px' } });

/** Nothing is ticked: there is nothing to do with entries. */
const NONE: ReadonlySet<string> = new Set();

interface AuditListProps {
  readonly list: UseInfiniteQueryResult<InfiniteData<AuditPage>>;
  readonly open: string | undefined;
  readonly change: Address['change'];
  readonly onSearch: () => void;
  /** Where filters are on. */
  readonly emptyAction: ReactNode;
}

export function AuditList({ list, open, change, onSearch, emptyAction }: AuditListProps): ReactElement {
  const t = useTexts(texts);
  const styles = useStyles();
  const columns = useMemo(() => auditColumns(t), [t]);
  const { data, fetchNextPage, isFetchingNextPage } = list;
  const rows = useMemo(() => data?.pages.flatMap((page) => page.items) ?? [], [data]);
  const more = useCallback(() => {
    if (!isFetchingNextPage) void fetchNextPage();
  }, [fetchNextPage, isFetchingNextPage]);
  if (list.isPending) return <ListSkeleton label={t.reading} />;
  if (list.isError && rows.length === 0) {
    return (
      <div className={styles.failure}>
        <Failure what={t.notRead} error={list.error} onRetry={() => void list.refetch()} />
      </div>
    );
  }
  if (rows.length === 0 && emptyAction !== undefined) {
    return (
      <Empty icon={<SearchRegular />} title={t.noneMatches} text={t.allFiltersHold}>
        {emptyAction}
      </Empty>
    );
  }
  if (rows.length === 0)
    return <Empty icon={<HistoryRegular />} title={t.nothingYet} text={t.nothingYetText} />;
  return (
    <VirtualList
      label={t.title}
      rows={rows}
      total={data?.pages[0]?.total ?? rows.length}
      columns={columns}
      idOf={({ sequence }) => String(sequence)}
      labelOf={({ sequence, action }) => `${t.entry(sequence)}: ${action}`}
      renderCard={(entry) => <AuditCard entry={entry} />}
      cardHeight={84}
      sort=""
      onSort={() => undefined}
      openId={open}
      onOpen={(id, { moving }) =>
        change(id === undefined ? { open: id, part: undefined } : { open: id }, { replace: moving })
      }
      selected={NONE}
      onSelect={() => undefined}
      hasTicks={false}
      onSearch={onSearch}
      hasMore={list.hasNextPage}
      onMore={more}
    />
  );
}
