/** Everything around the pages: theme, cache, router, toasts. */
import { FluentProvider, Toaster, makeStyles } from '@fluentui/react-components';
import { QueryClientProvider } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { BrowserRouter } from 'react-router';
import { queryClient } from '../api/console-api.ts';
import { usePageLanguage } from '../language/language.ts';
import { useTexts } from '../language/use-texts.ts';
import { SessionGate } from '../session/session-gate.tsx';
import { Frame } from './frame.tsx';
import { TOASTER } from './notices.tsx';
import { texts } from './texts.ts';
import { themeOf, useIsDark } from './theme.ts';

/** Over panels and dialogs alike. */
const useStyles = makeStyles({ notices: { position: 'fixed', right: 0, bottom: 0, zIndex: 2_000_000 } });

export function App(): ReactElement {
  const t = useTexts(texts);
  const styles = useStyles();
  const isDark = useIsDark();
  usePageLanguage();
  return (
    <FluentProvider theme={themeOf(isDark)}>
      <QueryClientProvider client={queryClient}>
        <BrowserRouter>
          <SessionGate>
            <Frame />
          </SessionGate>
        </BrowserRouter>
        <section className={styles.notices} aria-label={t.noticesList}>
          <Toaster inline toasterId={TOASTER} position="bottom-end" />
        </section>
      </QueryClientProvider>
    </FluentProvider>
  );
}
