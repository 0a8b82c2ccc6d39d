/** Having files tried now that wait for their time. */
import { Button, type ButtonProps } from '@fluentui/react-components';
import { ArrowClockwiseRegular } from '@fluentui/react-icons/svg/arrow-clockwise';
import type { ReactElement } from 'react';
import { useErrorText } from '../api/use-error-text.ts';
import { useNotice } from '../frame/notices.tsx';
import { useTexts } from '../language/use-texts.ts';
import { useTryContent } from './content-queries.ts';
import { texts } from './texts.ts';

interface TryNowProps {
  /** Undefined: all that wait. */
  readonly sha1s: readonly string[] | undefined;
  readonly label: string;
  /** Of how many files what was done: `Judging 2 files now`. */
  readonly done?: (files: number) => string;
  readonly appearance?: NonNullable<ButtonProps['appearance']>;
  readonly size?: NonNullable<ButtonProps['size']>;
  readonly onDone?: () => void;
}

export function TryNow({
  sha1s,
  label,
  done,
  appearance = 'secondary',
  size = 'small',
  onDone,
}: TryNowProps): ReactElement {
  const t = useTexts(texts);
  const attempt = useTryContent();
  const notice = useNotice();
  const errorText = useErrorText();
  const start = (): void =>
    attempt.mutate(sha1s, {
      onSuccess: ({ changed }) => {
        notice(
          changed === 0
            ? { intent: 'info', title: t.nothingWaited }
            : { intent: 'success', title: (done ?? t.trying)(changed) },
        );
        onDone?.();
      },
      onError: (error) => notice({ intent: 'error', title: t.nothingChanged, text: errorText(error) }),
    });
  return (
    <Button
      size={size}
      appearance={appearance}
      icon={<ArrowClockwiseRegular />}
      disabled={attempt.isPending}
      onClick={start}
    >
      {label}
    </Button>
  );
}

export function TryAll(): ReactElement {
  const t = useTexts(texts);
  return <TryNow sha1s={undefined} label={t.tryAll} size="medium" />;
}
