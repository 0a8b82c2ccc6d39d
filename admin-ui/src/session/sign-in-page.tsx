/** Name and password. */
import {
  Button,
  Field,
  Input,
  MessageBar,
  MessageBarBody,
  Text,
  makeStyles,
} from '@fluentui/react-components';
import { useState, type FormEvent, type ReactElement } from 'react';
import { describeError } from '../api/api-error.ts';
import { CardPage } from './card-page.tsx';
import { useSignIn } from './session-query.ts';

const useStyles = makeStyles({ form: { display: 'flex', flexDirection: 'column', gap: '16px' } });

export function SignInPage(): ReactElement {
  const styles = useStyles();
  const signIn = useSignIn();
  const [userName, setUserName] = useState('');
  const [password, setPassword] = useState('');
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    signIn.mutate({ userName: userName.trim(), password }, { onError: () => setPassword('') });
  };
  return (
    <CardPage title="Sign in to Sluice">
      <form className={styles.form} onSubmit={submit}>
        {signIn.isError && (
          <MessageBar intent="error" layout="multiline">
            <MessageBarBody>{describeError(signIn.error)}</MessageBarBody>
          </MessageBar>
        )}
        <Field label="User name" required>
          <Input
            name="username"
            autoComplete="username"
            // The page is this form: whoever opens it is here to type.
            // oxlint-disable-next-line jsx-a11y/no-autofocus
            autoFocus
            value={userName}
            onChange={(_, data) => setUserName(data.value)}
          />
        </Field>
        <Field label="Password" required>
          <Input
            name="password"
            type="password"
            autoComplete="current-password"
            value={password}
            onChange={(_, data) => setPassword(data.value)}
          />
        </Field>
        <Button
          type="submit"
          appearance="primary"
          disabled={signIn.isPending || userName.trim() === '' || password === ''}
        >
          Sign in
        </Button>
        <Text size={200}>
          First time here? The relay printed the first account and its one-time password when it started.
        </Text>
      </form>
    </CardPage>
  );
}
