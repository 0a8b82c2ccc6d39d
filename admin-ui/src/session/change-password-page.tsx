/** The one-time password is replaced before anything else is shown. */
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
import { SHORTEST_PASSWORD } from '../../../protocol/console/session.ts';
import { useErrorText } from '../api/use-error-text.ts';
import { useTexts } from '../language/use-texts.ts';
import { CardPage } from './card-page.tsx';
import { isComplete, passwordFaults } from './new-password.ts';
import { useChangePassword, useSignOut } from './session-query.ts';
import { texts } from './texts.ts';

const useStyles = makeStyles({
  form: { display: 'flex', flexDirection: 'column', gap: '16px' },
  buttons: { display: 'flex', gap: '8px', flexWrap: 'wrap' },
});

interface PasswordFieldProps {
  readonly label: string;
  readonly value: string;
  readonly autoComplete: 'current-password' | 'new-password';
  readonly hint?: string;
  readonly fault?: string | undefined;
  readonly onChange: (value: string) => void;
}

function PasswordField({
  label,
  value,
  autoComplete,
  hint,
  fault,
  onChange,
}: PasswordFieldProps): ReactElement {
  return (
    <Field
      label={label}
      required
      {...(hint !== undefined && { hint })}
      {...(fault !== undefined && { validationMessage: fault })}
    >
      <Input
        type="password"
        autoComplete={autoComplete}
        value={value}
        onChange={(_, data) => onChange(data.value)}
      />
    </Field>
  );
}

export function ChangePasswordPage({ userName }: { readonly userName: string }): ReactElement {
  const t = useTexts(texts);
  const styles = useStyles();
  const errorText = useErrorText();
  const change = useChangePassword();
  const signOut = useSignOut();
  const [entry, setEntry] = useState({ current: '', next: '', again: '' });
  const faults = passwordFaults(entry, t);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    change.mutate({ currentPassword: entry.current, newPassword: entry.next });
  };
  return (
    <CardPage title={t.choosePassword}>
      <Text>{t.oneTime(userName)}</Text>
      <form className={styles.form} onSubmit={submit}>
        {change.isError && (
          <MessageBar intent="error" layout="multiline">
            <MessageBarBody>{errorText(change.error)}</MessageBarBody>
          </MessageBar>
        )}
        <PasswordField
          label={t.currentPassword}
          autoComplete="current-password"
          value={entry.current}
          onChange={(current) => setEntry({ ...entry, current })}
        />
        <PasswordField
          label={t.newPassword}
          autoComplete="new-password"
          hint={t.atLeast(SHORTEST_PASSWORD)}
          value={entry.next}
          fault={faults.next}
          onChange={(next) => setEntry({ ...entry, next })}
        />
        <PasswordField
          label={t.newPasswordAgain}
          autoComplete="new-password"
          value={entry.again}
          fault={faults.again}
          onChange={(again) => setEntry({ ...entry, again })}
        />
        <div className={styles.buttons}>
          <Button type="submit" appearance="primary" disabled={change.isPending || !isComplete(entry)}>
            {t.changePassword}
          </Button>
          <Button onClick={() => signOut.mutate()}>{t.signOut}</Button>
        </div>
      </form>
    </CardPage>
  );
}
