/** What was thrown, in a sentence of the reader's language. */
import { useTexts } from '../language/use-texts.ts';
import { describeError } from './api-error.ts';
import { texts } from './texts.ts';

export function useErrorText(): (error: unknown) => string {
  const t = useTexts(texts);
  return (error) => describeError(error, t);
}
