/** Where text will be. */
import { Skeleton, SkeletonItem, makeStyles } from '@fluentui/react-components';
import type { ReactElement } from 'react';

const useStyles = makeStyles({
  root: { display: 'flex', flexDirection: 'column', gap: '12px', padding: '8px 0' },
});

export function SkeletonLines({
  count,
  label,
}: {
  readonly count: number;
  readonly label: string;
}): ReactElement {
  const styles = useStyles();
  return (
    <Skeleton className={styles.root} aria-label={label}>
      {Array.from({ length: count }, (_, index) => (
        <SkeletonItem key={index} size={16} />
      ))}
    </Skeleton>
  );
}
