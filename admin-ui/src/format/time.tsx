/** A time: relative on the page, exact on hover. */
import type { ReactElement } from 'react';
import { useLanguage } from '../language/language.ts';
import { useNow } from './now.ts';
import { exactTime, relativeTime } from './relative-time.ts';

export function Time({ at }: { readonly at: string }): ReactElement {
  const now = useNow();
  const language = useLanguage();
  return (
    <time dateTime={at} title={exactTime(at, language)}>
      {relativeTime(at, now, language)}
    </time>
  );
}
