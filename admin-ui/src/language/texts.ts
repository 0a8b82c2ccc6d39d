/** Texts of the choice of a language; the languages themselves are named in their own words. */
const en = { language: 'Language' };
const ko: typeof en = { language: '언어' };

export const texts = { en, ko };
