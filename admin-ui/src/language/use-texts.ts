/**
 * The texts of a folder, each folder's in a `texts.ts` beside its components:
 *
 *     const en = { title: 'Groups', members: (count: number) => countOf(count, 'computer') };
 *     const ko: typeof en = { title: '그룹', members: (count) => `컴퓨터 ${formatCount(count)}대` };
 *     export const texts = { en, ko };
 *
 * A component says `const t = useTexts(texts)`; what is no component takes the texts as a parameter.
 */
import { useLanguage } from './language.ts';

/** One object a language, with the same keys and signatures. */
export interface TextsByLanguage<T extends object> {
  readonly en: T;
  readonly ko: T;
}

/** The texts of a folder in the reader's language. */
export function useTexts<T extends object>(texts: TextsByLanguage<T>): T {
  return texts[useLanguage()];
}
