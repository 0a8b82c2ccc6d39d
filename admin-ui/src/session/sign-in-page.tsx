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
import { useErrorText } from '../api/use-error-text.ts';
import { LanguageMenu } from '../language/language-menu.tsx';
import { useTexts } from '../language/use-texts.ts';
import { CardPage } from './card-page.tsx';
import { useSignIn } from './session-query.ts';
import { texts } from './texts.ts';

const useStyles = makeStyles({ form: { display: 'flex', flexDirection: 'column', gap: '16px' } });

export function SignInPage(): ReactElement {
  const t = useTexts(texts);
  const styles = useStyles();
  const errorText = useErrorText();
  const signIn = useSignIn();
  const [userName, setUserName] = useState('');
  const [password, setPassword] = useState('');
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    signIn.mutate({ userName: userName.trim(), password }, { onError: () => setPassword('') });
  };
  return (
    <CardPage title={t.signInTo}>
      <form className={styles.form} onSubmit={submit}>
        {signIn.isError && (
          <MessageBar intent="error" layout="multiline">
            <MessageBarBody>{errorText(signIn.error)}</MessageBarBody>
          </MessageBar>
        )}
        <Field label={t.userName} required>
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
        <Field label={t.password} required>
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
          {t.signIn}
        </Button>
        <Text size={200}>{t.firstTime}</Text>
      </form>
      <div>
        <LanguageMenu />
      </div>
    </CardPage>
  );
}
