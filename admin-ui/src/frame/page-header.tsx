/** The heading of a page, and what can be done on it. */
import { Text, Title2, makeStyles, tokens } from '@fluentui/react-components';
import { useEffect, type ReactElement, type ReactNode } from 'react';
import { useTexts } from '../language/use-texts.ts';
import { NARROW } from './media.ts';
import { texts } from './texts.ts';

const useStyles = makeStyles({
  root: {
    display: 'flex',
    alignItems: 'center',
    flexWrap: 'wrap',
    gap: '8px 16px',
    padding: '20px 24px 12px',
    [NARROW]: { padding: '12px 12px 8px' },
  },
  heading: { display: 'flex', alignItems: 'baseline', gap: '12px', flexGrow: 1, flexWrap: 'wrap' },
  note: { color: tokens.colorNeutralForeground3 },
});

interface PageHeaderProps {
  readonly title: string;
  /** Beside the title: how many, since when. */
  readonly note?: ReactNode;
  readonly children?: ReactNode;
}

export function PageHeader({ title, note, children }: PageHeaderProps): ReactElement {
  const t = useTexts(texts);
  const styles = useStyles();
  useEffect(() => {
    document.title = t.titleOf(title);
  }, [t, title]);
  return (
    <header className={styles.root}>
      <div className={styles.heading}>
        <Title2 as="h1">{title}</Title2>
        {note !== undefined && <Text className={styles.note}>{note}</Text>}
      </div>
      {children}
    </header>
  );
}
