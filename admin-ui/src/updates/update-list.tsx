/** The rows of the list of updates, or why there are none. */
import type { InfiniteData, UseInfiniteQueryResult } from '@tanstack/react-query';
import { AppsListRegular } from '@fluentui/react-icons/svg/apps-list';
import { SearchRegular } from '@fluentui/react-icons/svg/search';
import { useCallback, useMemo, type ReactElement, type ReactNode } from 'react';
import type { UpdatesPage } from '../../../protocol/console/updates.ts';
import { Empty } from '../frame/empty.tsx';
import { Failure } from '../frame/failure.tsx';
import { LinkButton } from '../frame/link-button.tsx';
import { useTexts } from '../language/use-texts.ts';
import { ListSkeleton } from '../list/list-skeleton.tsx';
import type { SelectionChange } from '../list/selection.ts';
import { VirtualList } from '../list/virtual-list.tsx';
import type { Change } from '../url/parameters.ts';
import { texts } from './texts.ts';
import { UpdateCard, updateColumns } from './update-columns.tsx';
import type { UpdatesView } from './updates-url.ts';

interface UpdateListProps {
  readonly list: UseInfiniteQueryResult<InfiniteData<UpdatesPage>>;
  readonly view: UpdatesView;
  readonly selected: ReadonlySet<string>;
  readonly onSelect: (change: SelectionChange) => void;
  readonly onChange: (change: Change, how?: { readonly replace?: boolean }) => void;
  readonly onSearch: () => void;
  /** Where filters are on: how to take them off. */
  readonly emptyAction: ReactNode;
}

export function UpdateList({
  list,
  view,
  selected,
  onSelect,
  onChange,
  onSearch,
  emptyAction,
}: UpdateListProps): ReactElement {
  const t = useTexts(texts);
  const columns = useMemo(() => updateColumns(t), [t]);
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
  if (rows.length === 0) {
    return (
      <Empty icon={<AppsListRegular />} title={t.none} text={t.noneHint}>
        <LinkButton to="/synchronization" appearance="primary">
          {t.goToSynchronization}
        </LinkButton>
      </Empty>
    );
  }
  return (
    <VirtualList
      label={t.title}
      rows={rows}
      total={data?.pages[0]?.total ?? rows.length}
      columns={columns}
      idOf={(update) => update.updateId}
      labelOf={(update) => update.title}
      renderCard={(update) => <UpdateCard update={update} />}
      cardHeight={108}
      sort={view.sort}
      onSort={(sort) => onChange({ sort })}
      openId={view.open}
      onOpen={(open, { moving }) =>
        onChange(
          open === undefined ? { open, tab: undefined, state: undefined } : { open, state: undefined },
          { replace: moving },
        )
      }
      selected={selected}
      onSelect={onSelect}
      onSearch={onSearch}
      hasMore={list.hasNextPage}
      onMore={more}
    />
  );
}
