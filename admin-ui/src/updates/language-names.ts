/** Names of languages, by their tags; a tag without a name is shown as it is. */

const names = new Intl.DisplayNames('en', { type: 'language', fallback: 'code' });

function nameOf(tag: string): string {
  try {
    return names.of(tag) ?? tag;
  } catch {
    return tag;
  }
}

export const languageNames = (tags: readonly string[]): string[] => tags.map(nameOf);
