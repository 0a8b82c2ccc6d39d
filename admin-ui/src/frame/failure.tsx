/** An error where the content would be: what failed, why, and trying again. */
import {
  Button,
  MessageBar,
  MessageBarActions,
  MessageBarBody,
  MessageBarTitle,
} from '@fluentui/react-components';
import type { ReactElement } from 'react';
import { useErrorText } from '../api/use-error-text.ts';
import { useTexts } from '../language/use-texts.ts';
import { texts } from './texts.ts';

interface FailureProps {
  /** A whole sentence: `The updates could not be read.` */
  readonly what: string;
  readonly error: unknown;
  readonly onRetry?: () => void;
}

export function Failure({ what, error, onRetry }: FailureProps): ReactElement {
  const t = useTexts(texts);
  const errorText = useErrorText();
  return (
    <MessageBar intent="error" layout="multiline" role="alert">
      <MessageBarBody>
        <MessageBarTitle>{what}</MessageBarTitle> {errorText(error)}
      </MessageBarBody>
      {onRetry !== undefined && (
        <MessageBarActions>
          <Button onClick={onRetry}>{t.tryAgain}</Button>
        </MessageBarActions>
      )}
    </MessageBar>
  );
}
