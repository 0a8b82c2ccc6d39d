/** Finds updates by words of title, KB and CVE. The one file that knows how SQLite searches texts (FTS5). */

/** SQLite's search reads its text up to the first NUL, and would take the quote before it for an open one. */
const SEPARATORS = /[\s\0]+/;

/**
 * What to MATCH `update_words` against: every word must be there or begin a word that is. Undefined where the text has no
 * word at all.
 */
export function wordsToMatch(text: string): string | undefined {
  const terms = text
    .split(SEPARATORS)
    .filter((word) => /[\p{L}\p{N}]/u.test(word))
    .map((word) => {
      const article = /^kb(\d+)$/i.exec(word)?.[1];
      return article === undefined
        ? prefix(word)
        : `(${prefix(word)} OR kb_article_ids : ${prefix(article)})`;
    });
  return terms.length === 0 ? undefined : terms.join(' AND ');
}

/** What to MATCH a table of words against, all columns alike; undefined where the text has no word at all. */
export function anywhereToMatch(text: string): string | undefined {
  const words = text.split(SEPARATORS).filter((word) => /[\p{L}\p{N}]/u.test(word));
  return words.length === 0 ? undefined : words.map(prefix).join(' AND ');
}

/** What to MATCH for exactly this KB article, with or without its letters; undefined where it has no digits. */
export function articleToMatch(kb: string): string | undefined {
  const article = /^(?:kb)?(\d+)$/i.exec(kb.trim())?.[1];
  return article === undefined ? undefined : `kb_article_ids : "${article}"`;
}

/** Quoted, so that nothing in it is read as an operator; signs within a word part it, and its parts stay in order. */
const prefix = (word: string): string => `"${word.replaceAll('"', ' ')}"*`;
