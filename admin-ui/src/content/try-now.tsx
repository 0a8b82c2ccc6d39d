/** Having files tried now that wait for their time. */
import { Button, type ButtonProps } from '@fluentui/react-components';
import { ArrowClockwiseRegular } from '@fluentui/react-icons/svg/arrow-clockwise';
import type { ReactElement } from 'react';
import { useErrorText } from '../api/use-error-text.ts';
import { countOf } from '../format/amounts.ts';
import { useNotice } from '../frame/notices.tsx';
import { useTryContent } from './content-queries.ts';

interface TryNowProps {
  /** Undefined: all that wait. */
  readonly sha1s: readonly string[] | undefined;
  readonly label: string;
  /** Of what was done: `Judging again`. */
  readonly done?: string;
  readonly appearance?: NonNullable<ButtonProps['appearance']>;
  readonly size?: NonNullable<ButtonProps['size']>;
  readonly onDone?: () => void;
}

export function TryNow({
  sha1s,
  label,
  done = 'Trying',
  appearance = 'secondary',
  size = 'small',
  onDone,
}: TryNowProps): ReactElement {
  const attempt = useTryContent();
  const notice = useNotice();
  const errorText = useErrorText();
  const start = (): void =>
    attempt.mutate(sha1s, {
      onSuccess: ({ changed }) => {
        notice(
          changed === 0
            ? { intent: 'info', title: 'Nothing was waiting for its time' }
            : { intent: 'success', title: `${done} ${countOf(changed, 'file')} now` },
        );
        onDone?.();
      },
      onError: (error) => notice({ intent: 'error', title: 'Nothing was changed', text: errorText(error) }),
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

export const TryAll = (): ReactElement => (
  <TryNow sha1s={undefined} label="Try all that wait now" size="medium" />
);
