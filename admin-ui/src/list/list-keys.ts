/** What a key means in a list. */

export type ListAction =
  'next' | 'previous' | 'first' | 'last' | 'toggle' | 'open' | 'close' | 'search' | 'select-all';

export interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}

const ACTIONS: Readonly<Record<string, ListAction>> = {
  ArrowDown: 'next',
  j: 'next',
  ArrowUp: 'previous',
  k: 'previous',
  Home: 'first',
  End: 'last',
  ' ': 'toggle',
  x: 'toggle',
  Enter: 'open',
  Escape: 'close',
  '/': 'search',
};

export function listAction({ key, ctrlKey, metaKey, altKey }: KeyPress): ListAction | undefined {
  if (altKey) return undefined;
  if (ctrlKey || metaKey) return key === 'a' ? 'select-all' : undefined;
  return ACTIONS[key];
}

/** The row to go to, of `count` rows; -1 stands for none yet. */
export function moveTo(action: ListAction, from: number, count: number): number {
  if (count === 0) return -1;
  if (action === 'first') return 0;
  if (action === 'last') return count - 1;
  if (action === 'next') return Math.min(from + 1, count - 1);
  if (action === 'previous') return from <= 0 ? 0 : from - 1;
  return from;
}
