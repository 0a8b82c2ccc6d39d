/** Shows a one-time password, once. */
import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  Text,
  makeStyles,
  tokens,
} from '@fluentui/react-components';
import { useState, type ReactElement } from 'react';
import type { OneTimePassword } from '../../../protocol/console/users.ts';
import { useTexts } from '../language/use-texts.ts';
import { texts } from './texts.ts';

const useStyles = makeStyles({
  surface: { overflowWrap: 'anywhere', maxWidth: '480px', width: 'calc(100vw - 32px)' },
  content: { display: 'flex', flexDirection: 'column', gap: '12px' },
  password: {
    fontFamily: tokens.fontFamilyMonospace,
    fontSize: tokens.fontSizeBase400,
    userSelect: 'all',
    padding: '8px 12px',
    backgroundColor: tokens.colorNeutralBackground3,
    borderRadius: tokens.borderRadiusMedium,
  },
});

interface PasswordDialogProps {
  readonly made: OneTimePassword;
  readonly onClose: () => void;
}

export function PasswordDialog({ made, onClose }: PasswordDialogProps): ReactElement {
  const t = useTexts(texts);
  const styles = useStyles();
  const [isCopied, setCopied] = useState(false);
  const copy = (): void => {
    void navigator.clipboard.writeText(made.oneTimePassword).then(() => setCopied(true));
  };
  return (
    <Dialog open modalType="alert">
      <DialogSurface className={styles.surface}>
        <DialogBody>
          <DialogTitle>{t.passwordTitle(made.user.userName)}</DialogTitle>
          <DialogContent className={styles.content}>
            <Text>{t.passwordMeans}</Text>
            <code className={styles.password}>{made.oneTimePassword}</code>
          </DialogContent>
          <DialogActions>
            <Button onClick={copy}>{isCopied ? t.copied : t.copy}</Button>
            <Button appearance="primary" onClick={onClose}>
              {t.close}
            </Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
