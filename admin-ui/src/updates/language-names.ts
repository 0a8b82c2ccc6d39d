/** Names of languages, by their tags; a tag without a name is shown as it is. */
import type { Language } from '../language/languages.ts';

const names = {
  en: new Intl.DisplayNames('en', { type: 'language', fallback: 'code' }),
  ko: new Intl.DisplayNames('ko', { type: 'language', fallback: 'code' }),
} satisfies Record<Language, unknown>;

function nameOf(tag: string, language: Language): string {
  try {
    return names[language].of(tag) ?? tag;
  } catch {
    return tag;
  }
}

export const languageNames = (tags: readonly string[], language: Language): string[] =>
  tags.map((tag) => nameOf(tag, language));
