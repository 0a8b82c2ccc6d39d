/** A part of a panel or page under its own heading. */
import { Subtitle2, makeStyles } from '@fluentui/react-components';
import type { ReactElement, ReactNode } from 'react';

const useStyles = makeStyles({
  root: { display: 'flex', flexDirection: 'column', gap: '8px', marginBottom: '24px' },
});

interface SectionProps {
  readonly title: string;
  /** `h3` where it stands under the heading of a panel or dialog. */
  readonly as?: 'h2' | 'h3';
  readonly children: ReactNode;
}

export function Section({ title, as = 'h2', children }: SectionProps): ReactElement {
  const styles = useStyles();
  return (
    <section className={styles.root} aria-label={title}>
      <Subtitle2 as={as}>{title}</Subtitle2>
      {children}
    </section>
  );
}
