/** Shows the console to who is signed in, and signing in to everybody else; the address stays what it was. */
import type { ReactElement, ReactNode } from 'react';
import { Failure } from '../frame/failure.tsx';
import { ChangePasswordPage } from './change-password-page.tsx';
import { CardPage } from './card-page.tsx';
import { useSession } from './session-query.ts';
import { SignInPage } from './sign-in-page.tsx';

export function SessionGate({ children }: { readonly children: ReactNode }): ReactElement {
  const session = useSession();
  if (session.isPending) return <CardPage title="Sluice" busy />;
  if (session.isError) {
    return (
      <CardPage title="Sluice">
        <Failure
          what="The session could not be read."
          error={session.error}
          onRetry={() => void session.refetch()}
        />
      </CardPage>
    );
  }
  if (session.data === null) return <SignInPage />;
  if (session.data.mustChangePassword) return <ChangePasswordPage userName={session.data.userName} />;
  return <>{children}</>;
}
