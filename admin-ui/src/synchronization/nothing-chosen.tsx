/** Says that no update is asked for, and leads to where that is mended. */
import { MessageBar, MessageBarActions, MessageBarBody, MessageBarTitle } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import { LinkButton } from '../frame/link-button.tsx';

export function NothingChosen({ text }: { readonly text: string }): ReactElement {
  return (
    <MessageBar intent="warning" layout="multiline" style={{ marginBottom: '20px' }}>
      <MessageBarBody>
        <MessageBarTitle>Nothing is chosen.</MessageBarTitle> {text}
      </MessageBarBody>
      <MessageBarActions>
        <LinkButton to="/synchronization?tab=categories">Choose</LinkButton>
      </MessageBarActions>
    </MessageBar>
  );
}
