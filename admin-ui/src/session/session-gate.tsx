/** Shows the console to who is signed in, and signing in to everybody else; the address stays what it was. */
import type { ReactElement, ReactNode } from 'react';
import { Failure } from '../frame/failure.tsx';
import { useTexts } from '../language/use-texts.ts';
import { ChangePasswordPage } from './change-password-page.tsx';
import { CardPage } from './card-page.tsx';
import { useSession } from './session-query.ts';
import { SignInPage } from './sign-in-page.tsx';
import { texts } from './texts.ts';

export function SessionGate({ children }: { readonly children: ReactNode }): ReactElement {
  const t = useTexts(texts);
  const session = useSession();
  if (session.isPending) return <CardPage title={t.product} busy />;
  if (session.isError) {
    return (
      <CardPage title={t.product}>
        <Failure what={t.notRead} error={session.error} onRetry={() => void session.refetch()} />
      </CardPage>
    );
  }
  if (session.data === null) return <SignInPage />;
  if (session.data.mustChangePassword) return <ChangePasswordPage userName={session.data.userName} />;
  return <>{children}</>;
}
