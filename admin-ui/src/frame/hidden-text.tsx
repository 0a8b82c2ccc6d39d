/** Words for screen readers, where a picture speaks to the eye. */
import { makeStyles } from '@fluentui/react-components';
import type { ReactElement } from 'react';

const useStyles = makeStyles({
  root: {
    position: 'absolute',
    width: '1px',
    height: '1px',
    overflow: 'hidden',
    clipPath: 'inset(50%)',
    whiteSpace: 'nowrap',
  },
});

export function HiddenText({ children }: { readonly children: string }): ReactElement {
  const styles = useStyles();
  return <span className={styles.root}>{children}</span>;
}
