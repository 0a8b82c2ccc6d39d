/** The list of updates, and deciding about them. */
import { Button, makeStyles } from '@fluentui/react-components';
import { useCallback, useMemo, useRef, type ReactElement } from 'react';
import { DecisionButtons } from '../decisions/decision-buttons.tsx';
import { formatCount } from '../format/amounts.ts';
import { ListLayout } from '../frame/list-layout.tsx';
import { NARROW } from '../frame/media.ts';
import { PageHeader } from '../frame/page-header.tsx';
import { useTexts } from '../language/use-texts.ts';
import { CommandBar } from '../list/command-bar.tsx';
import { nothing } from '../list/selection.ts';
import { FilterChips } from '../list/filter-chips.tsx';
import { ReplicaNote } from '../replica/replica-note.tsx';
import { texts as stateTexts } from '../states/texts.ts';
import { useAddress } from '../url/use-address.ts';
import { activeFilters } from './active-filters.ts';
import { texts } from './texts.ts';
import { UpdateFilterBar } from './update-filter-bar.tsx';
import { UpdateList } from './update-list.tsx';
import { UpdatePanel } from './update-panel.tsx';
import { useUpdateFilters, useUpdates } from './updates-queries.ts';
import { FILTER_KEYS, readUpdatesView, updatesQuery } from './updates-url.ts';

const useStyles = makeStyles({ chips: { padding: '0 24px 8px', [NARROW]: { padding: '0 12px 8px' } } });

export function UpdatesPage(): ReactElement {
  const stateWords = useTexts(stateTexts);
  const t = useTexts(texts);
  const styles = useStyles();
  const { params, selected, change, select } = useAddress();
  const view = useMemo(() => readUpdatesView(params), [params]);
  const search = useRef<HTMLInputElement>(null);
  const list = useUpdates(updatesQuery(view));
  const filters = useUpdateFilters();
  const total = list.data?.pages[0]?.total;
  const active = activeFilters(view, filters.data, change, t, stateWords);
  const clear = (): void => change(Object.fromEntries(FILTER_KEYS.map((key) => [key, undefined])));
  const onSearch = useCallback((text: string) => change({ search: text }, { replace: true }), [change]);
  return (
    <ListLayout
      list={
        <>
          <PageHeader
            title={t.title}
            note={total === undefined ? undefined : active.length === 0 ? formatCount(total) : t.match(total)}
          />
          <ReplicaNote says={t.replica} />
          <UpdateFilterBar view={view} onChange={change} onSearch={onSearch} searchRef={search} />
          {active.length > 0 && (
            <div className={styles.chips}>
              <FilterChips filters={active} onClear={clear} />
            </div>
          )}
          {selected.size > 0 && (
            <CommandBar says={t.selected(selected.size)} onClear={() => select(nothing)}>
              <DecisionButtons updateIds={[...selected]} named onDone={() => select(nothing)} />
            </CommandBar>
          )}
          <UpdateList
            list={list}
            view={view}
            selected={selected}
            onSelect={select}
            onChange={change}
            onSearch={() => {
              search.current?.focus();
              search.current?.select();
            }}
            emptyAction={active.length > 0 ? <Button onClick={clear}>{t.clearFilters}</Button> : undefined}
          />
        </>
      }
      panel={
        view.open === undefined ? undefined : (
          <UpdatePanel
            key={view.open}
            updateId={view.open}
            tab={view.tab}
            state={view.state}
            onChange={change}
            onClose={() => change({ open: undefined, tab: undefined, state: undefined })}
          />
        )
      }
    />
  );
}
