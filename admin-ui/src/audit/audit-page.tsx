/** The audit log: who changed what, from where, what was before and after, and whether the log is as it was written. */
import { Button, makeStyles } from '@fluentui/react-components';
import { useCallback, useMemo, useRef, type ReactElement } from 'react';
import { formatCount } from '../format/amounts.ts';
import { ListLayout } from '../frame/list-layout.tsx';
import { NARROW } from '../frame/media.ts';
import { PageHeader } from '../frame/page-header.tsx';
import { useTexts } from '../language/use-texts.ts';
import { FilterChips } from '../list/filter-chips.tsx';
import { useAddress } from '../url/use-address.ts';
import { activeFilters } from './active-filters.ts';
import { AuditFilterBar } from './audit-filter-bar.tsx';
import { AuditList } from './audit-list.tsx';
import { AuditPanel } from './audit-panel.tsx';
import { useAuditLog, useAuditState } from './audit-queries.ts';
import { auditFilters, NO_FILTERS, readAuditView } from './audit-url.ts';
import { ExportMenu } from './export-menu.tsx';
import { LogState } from './log-state.tsx';
import { texts } from './texts.ts';

const useStyles = makeStyles({ chips: { padding: '0 24px 8px', [NARROW]: { padding: '0 12px 8px' } } });

export function AuditPage(): ReactElement {
  const t = useTexts(texts);
  const styles = useStyles();
  const { params, change } = useAddress();
  const view = useMemo(() => readAuditView(params), [params]);
  const filters = useMemo(() => auditFilters(view), [view]);
  const search = useRef<HTMLInputElement>(null);
  const list = useAuditLog(filters);
  const state = useAuditState();
  const onSearch = useCallback((text: string) => change({ search: text }, { replace: true }), [change]);
  const active = activeFilters(view, t, change);
  const clear = (): void => change(NO_FILTERS);
  const total = list.data?.pages[0]?.total;
  const note = (found: number): string =>
    active.length === 0 ? t.entries(formatCount(found)) : t.matching(formatCount(found));
  return (
    <ListLayout
      list={
        <>
          <PageHeader title={t.title} note={total === undefined ? undefined : note(total)}>
            <ExportMenu filters={filters} />
          </PageHeader>
          <LogState />
          <AuditFilterBar
            view={view}
            state={state.data}
            onChange={change}
            onSearch={onSearch}
            searchRef={search}
          />
          {active.length > 0 && (
            <div className={styles.chips}>
              <FilterChips filters={active} onClear={clear} />
            </div>
          )}
          <AuditList
            list={list}
            open={view.open}
            change={change}
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
          <AuditPanel
            key={view.open}
            sequence={view.open}
            part={view.part}
            onChange={change}
            onClose={() => change({ open: undefined, part: undefined })}
          />
        )
      }
    />
  );
}
