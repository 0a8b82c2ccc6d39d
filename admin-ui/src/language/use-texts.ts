/** The texts of a folder in the reader's language. */
export function useTexts<T extends object>(texts: { readonly en: T; readonly ko: T }): T {
  return texts.en;
}
