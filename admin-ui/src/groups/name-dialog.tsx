/** Naming a group. */
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
import { useState, type FormEvent, type ReactElement } from 'react';
import { Failure } from '../frame/failure.tsx';
import { useTexts } from '../language/use-texts.ts';
import { texts } from './texts.ts';

const useStyles = makeStyles({
  surface: { overflowWrap: 'anywhere', maxWidth: '480px', width: 'calc(100vw - 32px)' },
  content: { display: 'flex', flexDirection: 'column', gap: '12px' },
});

interface NameDialogProps {
  readonly title: string;
  readonly text: string;
  readonly name: string;
  readonly action: string;
  readonly isBusy: boolean;
  readonly error: Error | null;
  readonly onSave: (name: string) => void;
  readonly onClose: () => void;
}

export function NameDialog(props: NameDialogProps): ReactElement {
  const t = useTexts(texts);
  const styles = useStyles();
  const [name, setName] = useState(props.name);
  const trimmed = name.trim();
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    props.onSave(trimmed);
  };
  return (
    <Dialog open onOpenChange={(_, { open }) => !open && props.onClose()}>
      <DialogSurface className={styles.surface}>
        <form onSubmit={submit}>
          <DialogBody>
            <DialogTitle>{props.title}</DialogTitle>
            <DialogContent className={styles.content}>
              <Text>{props.text}</Text>
              <Field label={t.name} required>
                <Input
                  value={name}
                  maxLength={200}
                  autoComplete="off"
                  onChange={(_, data) => setName(data.value)}
                />
              </Field>
              {props.error !== null && <Failure what={t.nothingChanged} error={props.error} />}
            </DialogContent>
            <DialogActions>
              <Button onClick={props.onClose}>{t.cancel}</Button>
              <Button
                type="submit"
                appearance="primary"
                disabled={props.isBusy || trimmed === '' || trimmed === props.name}
              >
                {props.action}
              </Button>
            </DialogActions>
          </DialogBody>
        </form>
      </DialogSurface>
    </Dialog>
  );
}
