/** Content files of one state, and what can be done with those that are ticked. */
import { Button, makeStyles } from '@fluentui/react-components';
import { ArchiveRegular } from '@fluentui/react-icons/svg/archive';
import { CheckmarkCircleRegular } from '@fluentui/react-icons/svg/checkmark-circle';
import { SearchRegular } from '@fluentui/react-icons/svg/search';
import { useCallback, useMemo, useRef, type ReactElement, type ReactNode } from 'react';
import { Empty } from '../frame/empty.tsx';
import { Failure } from '../frame/failure.tsx';
import { LinkButton } from '../frame/link-button.tsx';
import { NARROW } from '../frame/media.ts';
import { useTexts } from '../language/use-texts.ts';
import { CommandBar } from '../list/command-bar.tsx';
import { FilterChips, type ActiveFilter } from '../list/filter-chips.tsx';
import { ListSkeleton } from '../list/list-skeleton.tsx';
import { nothing } from '../list/selection.ts';
import { VirtualList } from '../list/virtual-list.tsx';
import type { Address } from '../url/use-address.ts';
import { ContentCard, contentColumns } from './content-columns.tsx';
import { ContentFilterBar } from './content-filter-bar.tsx';
import { useContentFiles } from './content-queries.ts';
import { ASPECTS_OF, contentFilesQuery, type ContentListTab, type ContentView } from './content-url.ts';
import { texts, type ContentTexts } from './texts.ts';
import { TryNow } from './try-now.tsx';

const useStyles = makeStyles({
  root: { flexGrow: 1, minHeight: 0, display: 'flex', flexDirection: 'column' },
  chips: { padding: '0 24px 8px', [NARROW]: { padding: '0 12px 8px' } },
  failure: { padding: '0 12px' },
});

/** What one call takes. */
const MOST_AT_ONCE = 500;

interface ContentListTabProps {
  readonly tab: ContentListTab;
  readonly view: ContentView;
  readonly address: Address;
}

export function ContentListTab({ tab, view, address }: ContentListTabProps): ReactElement {
  const t = useTexts(texts);
  const styles = useStyles();
  const { selected, change, select } = address;
  const search = useRef<HTMLInputElement>(null);
  const onSearch = useCallback((text: string) => change({ search: text }, { replace: true }), [change]);
  const active = filtersOf(view, tab, change, t);
  return (
    <div className={styles.root} role="tabpanel" aria-labelledby={`content-tab-${tab}`}>
      <ContentFilterBar tab={tab} view={view} onChange={change} onSearch={onSearch} searchRef={search} />
      {active.length > 0 && (
        <div className={styles.chips}>
          <FilterChips filters={active} onClear={() => change(NO_FILTERS)} />
        </div>
      )}
      {tab !== 'files' && selected.size > 0 && (
        <CommandBar says={t.selected(selected.size)} onClear={() => select(nothing)}>
          <TryNow
            sha1s={[...selected].slice(0, MOST_AT_ONCE)}
            label={t.tryFiles(Math.min(selected.size, MOST_AT_ONCE))}
            appearance="primary"
            onDone={() => select(nothing)}
          />
        </CommandBar>
      )}
      <Rows
        tab={tab}
        view={view}
        address={address}
        onSearch={() => {
          search.current?.focus();
          search.current?.select();
        }}
        emptyAction={
          active.length > 0 ? <Button onClick={() => change(NO_FILTERS)}>{t.clearFilters}</Button> : undefined
        }
      />
    </div>
  );
}

const NO_FILTERS = { search: undefined, aspect: undefined, verdict: undefined, signer: undefined };

function filtersOf(
  view: ContentView,
  tab: ContentListTab,
  change: Address['change'],
  t: ContentTexts,
): ActiveFilter[] {
  const { search, aspect, verdict, signer } = view;
  const chip = (label: string, key: keyof typeof NO_FILTERS): ActiveFilter => ({
    label,
    onRemove: () => change({ [key]: undefined }),
  });
  return [
    ...(search === '' ? [] : [chip(t.searchIs(search), 'search')]),
    ...(aspect === undefined || !ASPECTS_OF[tab].includes(aspect)
      ? []
      : [chip(t.showIs(t.aspects[aspect]), 'aspect')]),
    ...(verdict === undefined ? [] : [chip(t.signatureIs(t.verdicts[verdict].word), 'verdict')]),
    ...(signer === undefined ? [] : [chip(t.signerIs(signer), 'signer')]),
  ];
}

interface RowsProps extends ContentListTabProps {
  readonly onSearch: () => void;
  readonly emptyAction: ReactNode;
}

function Rows({ tab, view, address, onSearch, emptyAction }: RowsProps): ReactElement {
  const t = useTexts(texts);
  const columns = useMemo(() => contentColumns(t), [t]);
  const styles = useStyles();
  const list = useContentFiles(contentFilesQuery(view, tab));
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
      <Empty icon={<SearchRegular />} title={t.noMatch} text={t.everyFilter}>
        {emptyAction}
      </Empty>
    );
  }
  if (rows.length === 0) return <NoFiles tab={tab} />;
  const { change, selected, select } = address;
  return (
    <VirtualList
      label={t.lists[tab]}
      rows={rows}
      total={data?.pages[0]?.total ?? rows.length}
      columns={columns[tab]}
      idOf={(file) => file.sha1}
      labelOf={(file) => file.fileName}
      renderCard={(file) => <ContentCard file={file} tab={tab} />}
      cardHeight={92}
      sort={view.sort}
      onSort={(sort) => change({ sort })}
      openId={view.open}
      onOpen={(open, { moving }) =>
        change(open === undefined ? { open, part: undefined } : { open }, { replace: moving })
      }
      selected={selected}
      onSelect={select}
      hasTicks={tab !== 'files'}
      onSearch={onSearch}
      hasMore={list.hasNextPage}
      onMore={more}
    />
  );
}

function NoFiles({ tab }: { readonly tab: ContentListTab }): ReactElement {
  const t = useTexts(texts);
  if (tab === 'queue') {
    return (
      <Empty icon={<CheckmarkCircleRegular />} title={t.none.queue.title} text={t.none.queue.hint}>
        <LinkButton to="/updates?approval=NotApproved">{t.none.queue.link}</LinkButton>
      </Empty>
    );
  }
  if (tab === 'quarantine') {
    return (
      <Empty
        icon={<CheckmarkCircleRegular />}
        title={t.none.quarantine.title}
        text={t.none.quarantine.hint}
      />
    );
  }
  return (
    <Empty icon={<ArchiveRegular />} title={t.none.files.title} text={t.none.files.hint}>
      <LinkButton to="/updates">{t.none.files.link}</LinkButton>
    </Empty>
  );
}
