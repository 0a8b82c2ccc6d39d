/** Why there is nothing here, and what to do next. */
import { Subtitle2, Text, makeStyles, tokens } from '@fluentui/react-components';
import type { ReactElement, ReactNode } from 'react';

const useStyles = makeStyles({
  root: {
    display: 'flex',
    flexDirection: 'column',
    alignItems: 'center',
    justifyContent: 'center',
    textAlign: 'center',
    gap: '12px',
    padding: '48px 24px',
    color: tokens.colorNeutralForeground2,
  },
  icon: { fontSize: '40px', lineHeight: 0, color: tokens.colorNeutralForeground3 },
  text: { maxWidth: '48ch' },
});

interface EmptyProps {
  readonly icon: ReactElement;
  readonly title: string;
  readonly text: string;
  readonly children?: ReactNode;
}

export function Empty({ icon, title, text, children }: EmptyProps): ReactElement {
  const styles = useStyles();
  return (
    <div className={styles.root}>
      <span className={styles.icon} aria-hidden>
        {icon}
      </span>
      <Subtitle2 as="h2">{title}</Subtitle2>
      <Text align="center" className={styles.text}>
        {text}
      </Text>
      {children}
    </div>
  );
}
