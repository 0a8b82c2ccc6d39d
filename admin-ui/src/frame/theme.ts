/** Light or dark: the system's, until the reader chooses. */
import { webDarkTheme, webLightTheme, type Theme } from '@fluentui/react-components';
import { useEffect, useSyncExternalStore } from 'react';

export type ThemeChoice = 'system' | 'light' | 'dark';

const KEY = 'sluice.theme';

/** Fonts of the systems for Latin first, then theirs for Korean: a letter is drawn by the first that has it. */
const FONTS = [
  "'Segoe UI'",
  "'Segoe UI Web (West European)'",
  '-apple-system',
  'BlinkMacSystemFont',
  'Roboto',
  "'Helvetica Neue'",
  "'Malgun Gothic'",
  "'Apple SD Gothic Neo'",
  "'Noto Sans KR'",
  "'Noto Sans CJK KR'",
  'sans-serif',
].join(', ');

const day: Theme = { ...webLightTheme, fontFamilyBase: FONTS };
const night: Theme = { ...webDarkTheme, fontFamilyBase: FONTS };

export const themeOf = (isDark: boolean): Theme => (isDark ? night : day);

const dark = window.matchMedia('(prefers-color-scheme: dark)');
const listeners = new Set<() => void>();
let choice = readChoice();

function readChoice(): ThemeChoice {
  const kept = localStorage.getItem(KEY);
  return kept === 'light' || kept === 'dark' ? kept : 'system';
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  dark.addEventListener('change', listener);
  return () => {
    listeners.delete(listener);
    dark.removeEventListener('change', listener);
  };
}

export function chooseTheme(next: ThemeChoice): void {
  choice = next;
  localStorage.setItem(KEY, next);
  for (const listener of listeners) listener();
}

export const useThemeChoice = (): ThemeChoice => useSyncExternalStore(subscribe, () => choice);

/** Also tells the page, whose own parts (scroll bars, background) are not components. */
export function useIsDark(): boolean {
  const isDark = useSyncExternalStore(subscribe, () =>
    choice === 'system' ? dark.matches : choice === 'dark',
  );
  useEffect(() => {
    document.documentElement.dataset['theme'] = isDark ? 'dark' : 'light';
  }, [isDark]);
  return isDark;
}
