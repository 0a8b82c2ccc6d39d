/** A time: relative on the page, exact on hover. */
import type { ReactElement } from 'react';
import { useNow } from './now.ts';
import { exactTime, relativeTime } from './relative-time.ts';

export function Time({ at }: { readonly at: string }): ReactElement {
  const now = useNow();
  return (
    <time dateTime={at} title={exactTime(at)}>
      {relativeTime(at, now)}
    </time>
  );
}
