/** The page's state as the address bar has it: it survives reload, back and sharing. */
import { useCallback, useMemo } from 'react';
import { useLocation, useNavigate } from 'react-router';
import type { SelectionChange } from '../list/selection.ts';
import { readSelection, withChange, writeSelection, type Change } from './parameters.ts';

export interface Address {
  readonly params: URLSearchParams;
  readonly selected: ReadonlySet<string>;
  /** `replace` for what happens while typing or moving: it makes no step for "back". */
  readonly change: (change: Change, how?: { readonly replace?: boolean }) => void;
  readonly select: (change: SelectionChange) => void;
}

export function useAddress(): Address {
  const { search, hash } = useLocation();
  const navigate = useNavigate();
  const params = useMemo(() => new URLSearchParams(search), [search]);
  const selected = useMemo(() => readSelection(hash), [hash]);
  const change = useCallback<Address['change']>(
    (next, how) => {
      // Read at the moment of the change: two changes in one tick must not lose the first.
      const now = new URLSearchParams(window.location.search);
      void navigate(
        { search: withChange(now, next).toString(), hash: window.location.hash },
        { replace: how?.replace ?? false },
      );
    },
    [navigate],
  );
  const select = useCallback<Address['select']>(
    (next) =>
      void navigate(
        { search: window.location.search, hash: writeSelection(next(readSelection(window.location.hash))) },
        { replace: true },
      ),
    [navigate],
  );
  return { params, selected, change, select };
}
