/** Copies a text. Over plain HTTP browsers copy nothing for a page: the text itself can be selected there. */
import { Button, Tooltip } from '@fluentui/react-components';
import { CheckmarkRegular } from '@fluentui/react-icons/svg/checkmark';
import { CopyRegular } from '@fluentui/react-icons/svg/copy';
import { useEffect, useState, type ReactElement } from 'react';
import { useTexts } from '../language/use-texts.ts';
import { texts } from './texts.ts';

/** Milliseconds. */
const SAYS_SO = 2000;

export function CopyButton({
  what,
  text,
}: {
  readonly what: string;
  readonly text: string;
}): ReactElement | null {
  const t = useTexts(texts);
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return undefined;
    const timer = setTimeout(() => setCopied(false), SAYS_SO);
    return () => clearTimeout(timer);
  }, [copied]);
  if (!window.isSecureContext) return null;
  const label = copied ? t.copied : t.copy(what);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      setCopied(true);
    } catch {
      // The browser was told not to; the text can be selected.
    }
  };
  return (
    <Tooltip content={label} relationship="label">
      <Button
        size="small"
        appearance="subtle"
        icon={copied ? <CheckmarkRegular /> : <CopyRegular />}
        onClick={() => void copy()}
      />
    </Tooltip>
  );
}
