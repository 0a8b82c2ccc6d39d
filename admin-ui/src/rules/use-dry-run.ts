/**
 * What the rule being edited would do. Asked half a breath after the last change, and not whenever something changes on
 * the relay: the whole catalogue is looked through for it.
 */
import { useEffect, useMemo, useState } from 'react';
import { api } from '../../../protocol/console/api.ts';
import { RulePreviewRequest, type RulePreview } from '../../../protocol/console/rules.ts';
import { consoleApi } from '../api/console-api.ts';

const PAUSE = 400;

export interface DryRun {
  /** Of what was asked last, until there is a newer one. */
  readonly preview: RulePreview | undefined;
  readonly isReading: boolean;
  readonly error: unknown;
  readonly lookAgain: () => void;
}

/**
 * @param request undefined: what is entered is no rule yet
 * @param since asked again whenever it is another
 */
export function useDryRun(request: RulePreviewRequest | undefined, since: string): DryRun {
  const [preview, setPreview] = useState<RulePreview>();
  const [error, setError] = useState<unknown>();
  const [isReading, setIsReading] = useState(false);
  const [looks, setLooks] = useState(0);
  const written = request === undefined ? undefined : JSON.stringify(request);
  const ask = useMemo(
    () => (written === undefined ? undefined : { written, since, looks }),
    [written, since, looks],
  );
  useEffect(() => {
    if (ask === undefined) return undefined;
    const cancelling = new AbortController();
    const look = async (): Promise<void> => {
      try {
        const body = RulePreviewRequest.parse(JSON.parse(ask.written));
        const found = await consoleApi.call(api.previewRule, { body, signal: cancelling.signal });
        if (cancelling.signal.aborted) return;
        setPreview(found);
        setError(undefined);
      } catch (failure) {
        if (cancelling.signal.aborted) return;
        setError(failure);
      }
      setIsReading(false);
    };
    const timer = setTimeout(() => {
      setIsReading(true);
      void look();
    }, PAUSE);
    return () => {
      clearTimeout(timer);
      cancelling.abort();
    };
  }, [ask]);
  return { preview, isReading, error, lookAgain: () => setLooks((count) => count + 1) };
}
