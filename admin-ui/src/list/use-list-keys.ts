/** The keyboard works in the whole page, not only where the list has the focus. */
import { useEffect, useRef } from 'react';
import { listAction, type ListAction } from './list-keys.ts';

const EDITS = 'input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable=true]';
const ELSEWHERE =
  '[role=dialog], [role=alertdialog], [role=menu], [role=listbox], [role=tablist], [role=radiogroup], [role=tree]';
const PRESSED = 'a, button, summary, [role=checkbox], [role=switch], input';

function isMeant(action: ListAction, target: EventTarget | null): boolean {
  if (!(target instanceof Element)) return true;
  if (target.closest(EDITS) !== null || target.closest(ELSEWHERE) !== null) return false;
  if (action === 'toggle' || action === 'open') return target.closest(PRESSED) === null;
  return true;
}

/** `onAction` returns false where it had nothing to do, and the browser does what it would. */
export function useListKeys(onAction: (action: ListAction) => boolean): void {
  const latest = useRef(onAction);
  useEffect(() => {
    latest.current = onAction;
  });
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      const action = listAction(event);
      if (action === undefined || event.defaultPrevented || !isMeant(action, event.target)) return;
      if (latest.current(action)) event.preventDefault();
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, []);
}
