/** The languages of the console, and which one a reader gets who has chosen none. */

export const LANGUAGES = ['en', 'ko'] as const;
export type Language = (typeof LANGUAGES)[number];

/** Each in its own words, for who cannot read the one that is shown. */
export const LANGUAGE_NAMES: Readonly<Record<Language, string>> = { en: 'English', ko: '한국어' };

/** The language of a tag of BCP 47 (`ko-KR`); undefined where the console does not speak it. */
export function languageOf(tag: string): Language | undefined {
  const [primary] = tag.toLowerCase().split('-');
  return LANGUAGES.find((language) => language === primary);
}

/** What was chosen before; else the first of the browser's that the console speaks; else English. */
export function preferredLanguage(chosen: string | null, browser: readonly string[]): Language {
  const known = LANGUAGES.find((language) => language === chosen);
  if (known !== undefined) return known;
  return browser.map(languageOf).find((language) => language !== undefined) ?? 'en';
}
