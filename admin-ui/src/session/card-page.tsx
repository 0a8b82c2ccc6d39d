/** A page of one card in the middle, for what comes before the console. */
import { Skeleton, SkeletonItem, Title2, makeStyles, tokens } from '@fluentui/react-components';
import type { ReactElement, ReactNode } from 'react';
import { Mark } from '../frame/mark.tsx';
import { useTexts } from '../language/use-texts.ts';
import { texts } from './texts.ts';

const useStyles = makeStyles({
  page: {
    minHeight: '100%',
    height: '100%',
    overflowY: 'auto',
    display: 'grid',
    placeItems: 'center',
    padding: '16px',
    boxSizing: 'border-box',
    backgroundColor: tokens.colorNeutralBackground3,
  },
  card: {
    width: '100%',
    maxWidth: '400px',
    boxSizing: 'border-box',
    padding: '32px',
    display: 'flex',
    flexDirection: 'column',
    gap: '20px',
    backgroundColor: tokens.colorNeutralBackground1,
    borderRadius: tokens.borderRadiusXLarge,
    boxShadow: tokens.shadow8,
    '@media (max-width: 480px)': { padding: '24px 16px' },
  },
  heading: { display: 'flex', alignItems: 'center', gap: '12px' },
  skeleton: { display: 'flex', flexDirection: 'column', gap: '12px' },
});

export function CardPage(props: {
  readonly title: string;
  readonly busy?: boolean;
  readonly children?: ReactNode;
}): ReactElement {
  const t = useTexts(texts);
  const styles = useStyles();
  return (
    <main className={styles.page}>
      <div className={styles.card}>
        <div className={styles.heading}>
          <Mark />
          <Title2 as="h1">{props.title}</Title2>
        </div>
        {props.busy === true ? (
          <Skeleton aria-label={t.loading} className={styles.skeleton}>
            <SkeletonItem size={32} />
            <SkeletonItem size={32} />
          </Skeleton>
        ) : (
          props.children
        )}
      </div>
    </main>
  );
}
