/** What is decided about an update, over all groups. */
import { makeStyles } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import { useTexts } from '../language/use-texts.ts';
import { APPROVALS, type Approval } from './approval-looks.ts';
import { texts } from './texts.ts';

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
  const t = useTexts(texts);
  const styles = useStyles();
  const { icon: Icon, color } = APPROVALS[approval];
  return (
    <span className={styles.root} style={{ color }}>
      <Icon />
      {t.approvals[approval]}
    </span>
  );
}
