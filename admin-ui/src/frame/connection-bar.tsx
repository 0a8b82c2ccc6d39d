/** Says that the relay does not answer, keeps trying, and reads everything again once it does. */
import { MessageBar, MessageBarBody, MessageBarTitle } from '@fluentui/react-components';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, type ReactElement } from 'react';
import { api } from '../../../protocol/console/api.ts';
import { useReached } from '../api/connection.ts';
import { consoleApi } from '../api/console-api.ts';
import { useTexts } from '../language/use-texts.ts';
import { texts } from './texts.ts';

const TRY_EVERY = 3000;

export function ConnectionBar(): ReactElement | null {
  const t = useTexts(texts);
  const reached = useReached();
  const client = useQueryClient();
  useEffect(() => {
    if (reached) return undefined;
    const timer = setInterval(() => void consoleApi.call(api.session).catch(() => undefined), TRY_EVERY);
    return () => {
      clearInterval(timer);
      void client.invalidateQueries();
    };
  }, [reached, client]);
  if (reached) return null;
  return (
    <output>
      <MessageBar intent="warning" layout="multiline">
        <MessageBarBody>
          <MessageBarTitle>{t.connectionLost}</MessageBarTitle> {t.tryingToReach}
        </MessageBarBody>
      </MessageBar>
    </output>
  );
}
