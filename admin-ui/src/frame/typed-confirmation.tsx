/** What cannot be undone is typed, not clicked. */
import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  Field,
  Input,
  Text,
  makeStyles,
} from '@fluentui/react-components';
import { useState, type FormEvent, type ReactElement, type ReactNode } from 'react';
import { useTexts } from '../language/use-texts.ts';
import { Failure } from './failure.tsx';
import { texts } from './texts.ts';

const useStyles = makeStyles({
  surface: { overflowWrap: 'anywhere', maxWidth: '520px', width: 'calc(100vw - 32px)' },
  content: { display: 'flex', flexDirection: 'column', gap: '12px' },
});

interface TypedConfirmationProps {
  readonly title: string;
  /** To be typed. */
  readonly name: string;
  readonly action: string;
  readonly isBusy: boolean;
  readonly error: Error | null;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
  /** What will happen. */
  readonly children: ReactNode;
}

export function TypedConfirmation({
  title,
  name,
  action,
  isBusy,
  error,
  onConfirm,
  onClose,
  children,
}: TypedConfirmationProps): ReactElement {
  const t = useTexts(texts);
  const styles = useStyles();
  const [typed, setTyped] = useState('');
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (typed.trim() === name) onConfirm();
  };
  return (
    <Dialog open modalType="alert" onOpenChange={(_, { open }) => !open && onClose()}>
      <DialogSurface className={styles.surface}>
        <form onSubmit={submit}>
          <DialogBody>
            <DialogTitle>{title}</DialogTitle>
            <DialogContent className={styles.content}>
              <Text>{children}</Text>
              <Field label={t.typeToConfirm(name)}>
                <Input value={typed} autoComplete="off" onChange={(_, data) => setTyped(data.value)} />
              </Field>
              {error !== null && <Failure what={t.nothingChanged} error={error} />}
            </DialogContent>
            <DialogActions>
              <Button onClick={onClose}>{t.cancel}</Button>
              <Button type="submit" appearance="primary" disabled={isBusy || typed.trim() !== name}>
                {action}
              </Button>
            </DialogActions>
          </DialogBody>
        </form>
      </DialogSurface>
    </Dialog>
  );
}
