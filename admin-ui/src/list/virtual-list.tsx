/**
 * The list that is the work place: only what is seen is in the page, more is read as the reader comes near the end, and
 * the keyboard does everything the mouse does.
 */
// Rows are placed where they are seen, which a table's own elements do not do: the roles say what the boxes are.
/* oxlint-disable jsx-a11y/prefer-tag-over-role */
import { Skeleton, SkeletonItem, makeStyles, tokens } from '@fluentui/react-components';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useId, useRef, useState, type ReactElement, type ReactNode } from 'react';
import { useTexts } from '../language/use-texts.ts';
import { CARDS_BELOW, visibleColumns, type Column } from './column.ts';
import { moveTo, type ListAction } from './list-keys.ts';
import { ListHeader } from './list-header.tsx';
import { ListRow } from './list-row.tsx';
import { allChecked, nothing, toggled, withRange, type SelectionChange } from './selection.ts';
import { texts } from './texts.ts';
import { useListKeys } from './use-list-keys.ts';
import { useWidth } from './use-width.ts';

const ROW = 32;
const TICK = '36px';
/** In place of ticks where there are none. */
const EDGE = '16px';

const useStyles = makeStyles({
  scroller: {
    flexGrow: 1,
    minHeight: 0,
    overflowY: 'auto',
    overflowX: 'hidden',
    // Room for the focused row under the sticky header.
    scrollPaddingTop: '36px',
    ':focus-visible': { outline: `2px solid ${tokens.colorStrokeFocus2}`, outlineOffset: '-2px' },
  },
  rows: { position: 'relative', width: '100%' },
  waiting: { position: 'absolute', left: '44px', right: '16px' },
});

export interface VirtualListProps<T> {
  readonly label: string;
  readonly rows: readonly T[];
  readonly total: number;
  readonly columns: readonly Column<T>[];
  readonly idOf: (row: T) => string;
  readonly labelOf: (row: T) => string;
  readonly renderCard: (row: T) => ReactNode;
  /** Pixels of a card. */
  readonly cardHeight: number;
  readonly sort: string;
  readonly onSort: (sort: string) => void;
  readonly openId: string | undefined;
  readonly onOpen: (id: string | undefined, how: { readonly moving: boolean }) => void;
  readonly selected: ReadonlySet<string>;
  readonly onSelect: (change: SelectionChange) => void;
  /** Whether rows can be ticked. Default: yes. */
  readonly hasTicks?: boolean;
  readonly onSearch: () => void;
  readonly hasMore: boolean;
  readonly onMore: () => void;
}

export function VirtualList<T>(props: VirtualListProps<T>): ReactElement {
  const t = useTexts(texts);
  const { rows, idOf, openId, selected, hasMore, onMore, hasTicks = true } = props;
  const styles = useStyles();
  const scroller = useRef<HTMLDivElement>(null);
  const width = useWidth(scroller);
  const prefix = useId();
  const [activeId, setActiveId] = useState(openId);
  const [anchorId, setAnchorId] = useState<string>();
  const asCards = width > 0 && width < CARDS_BELOW;
  const columns = asCards ? [] : visibleColumns(props.columns, width);
  const tracks = asCards ? ['minmax(0, 1fr)'] : columns.map(({ track }) => track);
  const template = [hasTicks ? TICK : EDGE, ...tracks].join(' ');
  const height = asCards ? props.cardHeight : ROW;
  // oxlint-disable-next-line react/incompatible-library -- its functions are not memoized, and nothing here memoizes them
  const virtualizer = useVirtualizer({
    count: rows.length + (hasMore ? 1 : 0),
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan: 12,
  });
  useEffect(() => virtualizer.measure(), [virtualizer, height]);
  const items = virtualizer.getVirtualItems();
  const lastSeen = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasMore && lastSeen >= rows.length - 20) onMore();
  }, [hasMore, lastSeen, rows.length, onMore]);

  const ids = rows.map(idOf);
  const activeIndex = activeId === undefined ? -1 : ids.indexOf(activeId);

  const all: SelectionChange = (now) => new Set([...now, ...ids]);
  const toggle = (id: string, withShift: boolean): void => {
    const ranged = withShift && anchorId !== undefined;
    props.onSelect((now) => (ranged ? withRange(now, ids, anchorId, id) : toggled(now, id)));
    setAnchorId(id);
    setActiveId(id);
  };
  const open = (id: string): void => {
    setActiveId(id);
    props.onOpen(id, { moving: false });
  };
  const move = (action: ListAction): boolean => {
    const index = moveTo(action, activeIndex, rows.length);
    const id = ids[index];
    if (id === undefined) return false;
    setActiveId(id);
    virtualizer.scrollToIndex(index);
    if (openId !== undefined) props.onOpen(id, { moving: true });
    return true;
  };
  const close = (): boolean => {
    if (openId !== undefined) props.onOpen(undefined, { moving: false });
    else if (selected.size > 0) props.onSelect(nothing);
    else return false;
    scroller.current?.focus();
    return true;
  };
  useListKeys((action) => {
    if (action === 'search') {
      props.onSearch();
      return true;
    }
    if (action === 'close') return close();
    if (!hasTicks && (action === 'select-all' || action === 'toggle')) return false;
    if (action === 'select-all') {
      props.onSelect(all);
      return true;
    }
    if (action !== 'toggle' && action !== 'open') return move(action);
    const id = ids[activeIndex];
    if (id === undefined) return false;
    if (action === 'toggle') toggle(id, false);
    else open(id);
    return true;
  });

  return (
    <div
      ref={scroller}
      className={styles.scroller}
      role="grid"
      tabIndex={0}
      aria-label={props.label}
      aria-rowcount={props.total + 1}
      aria-multiselectable={hasTicks}
      {...(activeIndex >= 0 &&
        items.some(({ index }) => index === activeIndex) && {
          'aria-activedescendant': `${prefix}-${activeIndex}`,
        })}
    >
      {!asCards && (
        <ListHeader
          columns={columns}
          template={template}
          hasTicks={hasTicks}
          sort={props.sort}
          onSort={props.onSort}
          all={allChecked(selected, ids)}
          allLabel={t.selectShown(rows.length)}
          onAll={(checked) => props.onSelect(checked ? all : nothing)}
        />
      )}
      <div role="rowgroup" className={styles.rows} style={{ height: virtualizer.getTotalSize() }}>
        {items.map(({ index, start }) => {
          const row = rows[index];
          const place = { height, transform: `translateY(${start}px)`, gridTemplateColumns: template };
          if (row === undefined) {
            return (
              <Skeleton
                key="more"
                role="presentation"
                aria-hidden
                className={styles.waiting}
                style={{ transform: `translateY(${start + 8}px)` }}
              >
                <SkeletonItem size={16} />
              </Skeleton>
            );
          }
          const id = idOf(row);
          return (
            <ListRow
              key={id}
              id={`${prefix}-${index}`}
              row={row}
              label={props.labelOf(row)}
              index={index}
              columns={columns}
              card={asCards ? props.renderCard(row) : undefined}
              place={place}
              hasTicks={hasTicks}
              selected={selected.has(id)}
              open={id === openId}
              active={index === activeIndex}
              onOpen={() => open(id)}
              onToggle={(withShift) => toggle(id, withShift)}
            />
          );
        })}
      </div>
    </div>
  );
}
