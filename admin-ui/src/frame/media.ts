/** How wide the window is, where style sheets alone cannot say it. */
import { useCallback, useSyncExternalStore } from 'react';

function useMedia(query: string): boolean {
  const subscribe = useCallback(
    (listener: () => void) => {
      const media = window.matchMedia(query);
      media.addEventListener('change', listener);
      return () => media.removeEventListener('change', listener);
    },
    [query],
  );
  return useSyncExternalStore(subscribe, () => window.matchMedia(query).matches);
}

/** Tables are cards, the rail is folded away. */
export const useIsNarrow = (): boolean => useMedia('(max-width: 720px)');

/** No room for a panel beside the list: it lies over it. */
export const usePanelCovers = (): boolean => useMedia('(max-width: 1100px)');

export const NARROW = '@media (max-width: 720px)';
export const PANEL_COVERS = '@media (max-width: 1100px)';
