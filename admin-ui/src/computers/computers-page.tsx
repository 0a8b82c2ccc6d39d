/** The list of computers, and putting them into groups. */
import { Button, makeStyles } from '@fluentui/react-components';
import { useCallback, useMemo, useRef, useState, type ReactElement } from 'react';
import { formatCount } from '../format/amounts.ts';
import { ListLayout } from '../frame/list-layout.tsx';
import { NARROW } from '../frame/media.ts';
import { PageHeader } from '../frame/page-header.tsx';
import { useGroupName } from '../groups/group-name.ts';
import { useGroups } from '../groups/groups-query.ts';
import { useTexts } from '../language/use-texts.ts';
import { CommandBar } from '../list/command-bar.tsx';
import { nothing } from '../list/selection.ts';
import { FilterChips, type ActiveFilter } from '../list/filter-chips.tsx';
import { texts as stateTexts } from '../states/texts.ts';
import { useAddress } from '../url/use-address.ts';
import { ComputerFilterBar } from './computer-filter-bar.tsx';
import { ComputerList } from './computer-list.tsx';
import { ComputerPanel } from './computer-panel.tsx';
import { useComputers } from './computers-queries.ts';
import { computersQuery, readComputersView } from './computers-url.ts';
import { MoveDialog } from './move-dialog.tsx';
import { texts } from './texts.ts';

const useStyles = makeStyles({ chips: { padding: '0 24px 8px', [NARROW]: { padding: '0 12px 8px' } } });

export function ComputersPage(): ReactElement {
  const groupName = useGroupName();
  const { states } = useTexts(stateTexts);
  const t = useTexts(texts);
  const styles = useStyles();
  const { params, selected, change, select } = useAddress();
  const view = useMemo(() => readComputersView(params), [params]);
  const search = useRef<HTMLInputElement>(null);
  const list = useComputers(computersQuery(view));
  const groups = useGroups();
  const [moving, setMoving] = useState(false);
  const total = list.data?.pages[0]?.total;
  const onSearch = useCallback((text: string) => change({ search: text }, { replace: true }), [change]);
  const nameOf = (groupId: string): string =>
    groupName(groupId, groups.data?.find((group) => group.groupId === groupId)?.name ?? groupId);
  const active: ActiveFilter[] = [
    ...(view.search === ''
      ? []
      : [{ label: t.searchIs(view.search), onRemove: () => change({ search: undefined }) }]),
    ...view.group.map((id) => ({
      label: t.groupIs(nameOf(id)),
      onRemove: () => change({ group: view.group.filter((one) => one !== id) }),
    })),
    ...view.status.map((state) => ({
      label: t.statusIs(states[state]),
      onRemove: () => change({ status: view.status.filter((one) => one !== state) }),
    })),
  ];
  const clear = (): void => change({ search: undefined, group: undefined, status: undefined });
  return (
    <ListLayout
      list={
        <>
          <PageHeader
            title={t.title}
            note={total === undefined ? undefined : active.length === 0 ? formatCount(total) : t.match(total)}
          />
          <ComputerFilterBar
            view={view}
            groups={groups.data ?? []}
            onChange={change}
            onSearch={onSearch}
            searchRef={search}
          />
          {active.length > 0 && (
            <div className={styles.chips}>
              <FilterChips filters={active} onClear={clear} />
            </div>
          )}
          {selected.size > 0 && (
            <CommandBar says={t.selected(selected.size)} onClear={() => select(nothing)}>
              <Button size="small" appearance="primary" onClick={() => setMoving(true)}>
                {t.moveSelected(selected.size)}
              </Button>
            </CommandBar>
          )}
          <ComputerList
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
          {moving && (
            <MoveDialog
              computerIds={[...selected]}
              present={[]}
              onClose={() => setMoving(false)}
              onDone={() => {
                setMoving(false);
                select(nothing);
              }}
            />
          )}
        </>
      }
      panel={
        view.open === undefined ? undefined : (
          <ComputerPanel
            key={view.open}
            computerId={view.open}
            tab={view.tab}
            onChange={change}
            onClose={() => change({ open: undefined, tab: undefined })}
          />
        )
      }
    />
  );
}
