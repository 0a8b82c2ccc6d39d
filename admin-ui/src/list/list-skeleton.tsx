/** A list that is being read for the first time. */
import { Skeleton, SkeletonItem, makeStyles } from '@fluentui/react-components';
import type { ReactElement } from 'react';

const useStyles = makeStyles({
  root: { display: 'flex', flexDirection: 'column', gap: '16px', padding: '12px 16px' },
});

export function ListSkeleton({ label }: { readonly label: string }): ReactElement {
  const styles = useStyles();
  return (
    <Skeleton className={styles.root} aria-label={label}>
      {Array.from({ length: 14 }, (_, index) => (
        <SkeletonItem key={index} size={16} style={{ width: `${92 - ((index * 17) % 40)}%` }} />
      ))}
    </Skeleton>
  );
}
