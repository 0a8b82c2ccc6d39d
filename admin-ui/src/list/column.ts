/** A column of a list. */
import type { ReactNode } from 'react';

export interface Column<T> {
  readonly key: string;
  readonly label: string;
  /** A track of `grid-template-columns`. */
  readonly track: string;
  readonly render: (row: T) => ReactNode;
  /** Narrowest list, in pixels, that shows it; without it, it is always shown. */
  readonly from?: number;
  /** Name to sort by; without it, the column is not sorted. */
  readonly sort?: string;
}

/** Lists narrower than this, in pixels, show cards. */
export const CARDS_BELOW = 560;

export const visibleColumns = <T>(columns: readonly Column<T>[], width: number): Column<T>[] =>
  columns.filter(({ from }) => from === undefined || width >= from);

/** The other direction where it is sorted by this already; otherwise `first`. */
export function nextSort(current: string, name: string, first: 'up' | 'down'): string {
  if (current === name) return `-${name}`;
  if (current === `-${name}`) return name;
  return first === 'up' ? name : `-${name}`;
}
