/** What is decided about an update, over all groups. */
import { makeStyles } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import { APPROVALS, type Approval } from './approval-looks.ts';

const useStyles = makeStyles({
  root: {
    display: 'inline-flex',
    verticalAlign: 'middle',
    alignItems: 'center',
    gap: '6px',
    whiteSpace: 'nowrap',
    '& svg': { width: '16px', height: '16px', flexShrink: 0 },
  },
});

export function ApprovalBadge({ approval }: { readonly approval: Approval }): ReactElement {
  const styles = useStyles();
  const { word, icon: Icon, color } = APPROVALS[approval];
  return (
    <span className={styles.root} style={{ color }}>
      <Icon />
      {word}
    </span>
  );
}
