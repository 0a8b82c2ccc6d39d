/** Says that no update is asked for, and leads to where that is mended. */
import { MessageBar, MessageBarActions, MessageBarBody, MessageBarTitle } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import { LinkButton } from '../frame/link-button.tsx';
import { useTexts } from '../language/use-texts.ts';
import { texts } from './texts.ts';

export function NothingChosen({ text }: { readonly text: string }): ReactElement {
  const t = useTexts(texts);
  return (
    <MessageBar intent="warning" layout="multiline" style={{ marginBottom: '20px' }}>
      <MessageBarBody>
        <MessageBarTitle>{t.nothingChosen}</MessageBarTitle> {t.nothingChosenMeans(text)}
      </MessageBarBody>
      <MessageBarActions>
        <LinkButton to="/synchronization?tab=categories">{t.choose}</LinkButton>
      </MessageBarActions>
    </MessageBar>
  );
}
