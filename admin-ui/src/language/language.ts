/** The reader's language, as a store: who changes it sees the page change without a reload. */
import { useEffect, useSyncExternalStore } from 'react';
import { preferredLanguage, type Language } from './languages.ts';

const KEY = 'sluice.language';
const listeners = new Set<() => void>();
let current: Language | undefined;

/** Read when it is first asked for: texts are also tested where there is no browser. */
function read(): Language {
  current ??= preferredLanguage(localStorage.getItem(KEY), navigator.languages);
  return current;
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** Kept in this browser. */
export function chooseLanguage(next: Language): void {
  current = next;
  localStorage.setItem(KEY, next);
  for (const listener of listeners) listener();
}

export const useLanguage = (): Language => useSyncExternalStore(subscribe, read);

/** Tells the page its language: screen readers pronounce by it, and fonts and line breaks follow it. */
export function usePageLanguage(): void {
  const language = useLanguage();
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
}
