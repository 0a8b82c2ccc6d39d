/** The rows of the list of computers, or why there are none. */
import { SearchRegular } from '@fluentui/react-icons/svg/search';
import type { InfiniteData, UseInfiniteQueryResult } from '@tanstack/react-query';
import { useCallback, useMemo, type ReactElement, type ReactNode } from 'react';
import type { ComputersPage } from '../../../protocol/console/computers.ts';
import { Empty } from '../frame/empty.tsx';
import { Failure } from '../frame/failure.tsx';
import { useTexts } from '../language/use-texts.ts';
import { ListSkeleton } from '../list/list-skeleton.tsx';
import type { SelectionChange } from '../list/selection.ts';
import { VirtualList } from '../list/virtual-list.tsx';
import type { Change } from '../url/parameters.ts';
import { ComputerCard, computerColumns } from './computer-columns.tsx';
import type { ComputersView } from './computers-url.ts';
import { NoComputers } from './no-computers.tsx';
import { texts } from './texts.ts';

interface ComputerListProps {
  readonly list: UseInfiniteQueryResult<InfiniteData<ComputersPage>>;
  readonly view: ComputersView;
  readonly selected: ReadonlySet<string>;
  readonly onSelect: (change: SelectionChange) => void;
  readonly onChange: (change: Change, how?: { readonly replace?: boolean }) => void;
  readonly onSearch: () => void;
  readonly emptyAction: ReactNode;
}

export function ComputerList({
  list,
  view,
  selected,
  onSelect,
  onChange,
  onSearch,
  emptyAction,
}: ComputerListProps): ReactElement {
  const t = useTexts(texts);
  const columns = useMemo(() => computerColumns(t), [t]);
  const { data, fetchNextPage, isFetchingNextPage } = list;
  const rows = useMemo(() => data?.pages.flatMap((page) => page.items) ?? [], [data]);
  const more = useCallback(() => {
    if (!isFetchingNextPage) void fetchNextPage();
  }, [fetchNextPage, isFetchingNextPage]);
  if (list.isPending) return <ListSkeleton label={t.reading} />;
  if (list.isError && rows.length === 0) {
    return (
      <div style={{ padding: '0 12px' }}>
        <Failure what={t.notRead} error={list.error} onRetry={() => void list.refetch()} />
      </div>
    );
  }
  if (rows.length === 0 && emptyAction !== undefined) {
    return (
      <Empty icon={<SearchRegular />} title={t.noMatch} text={t.everyFilter}>
        {emptyAction}
      </Empty>
    );
  }
  if (rows.length === 0) return <NoComputers />;
  return (
    <VirtualList
      label={t.title}
      rows={rows}
      total={data?.pages[0]?.total ?? rows.length}
      columns={columns}
      idOf={(computer) => computer.computerId}
      labelOf={(computer) => computer.dnsName}
      renderCard={(computer) => <ComputerCard computer={computer} />}
      cardHeight={84}
      sort={view.sort}
      onSort={(sort) => onChange({ sort })}
      openId={view.open}
      onOpen={(open, { moving }) =>
        onChange(open === undefined ? { open, tab: undefined } : { open }, { replace: moving })
      }
      selected={selected}
      onSelect={onSelect}
      onSearch={onSearch}
      hasMore={list.hasNextPage}
      onMore={more}
    />
  );
}
