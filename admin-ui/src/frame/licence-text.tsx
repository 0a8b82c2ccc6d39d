/** Licence terms, as long as they are, in a box that scrolls. */
import { Textarea, makeStyles } from '@fluentui/react-components';
import type { ReactElement } from 'react';

const useStyles = makeStyles({ root: { width: '100%' }, text: { height: '160px', maxHeight: 'none' } });

export function LicenceText({
  label,
  text,
}: {
  readonly label: string;
  readonly text: string;
}): ReactElement {
  const styles = useStyles();
  return (
    <Textarea
      readOnly
      className={styles.root}
      textarea={{ className: styles.text }}
      resize="vertical"
      aria-label={label}
      value={text}
    />
  );
}
