/** What can be done with the rows that are ticked. */
import { Button, Text, makeStyles, tokens } from '@fluentui/react-components';
import { DismissRegular } from '@fluentui/react-icons/svg/dismiss';
import type { ReactElement, ReactNode } from 'react';

const useStyles = makeStyles({
  root: {
    display: 'flex',
    alignItems: 'center',
    flexWrap: 'wrap',
    gap: '8px',
    padding: '6px 16px',
    backgroundColor: tokens.colorBrandBackground2,
    color: tokens.colorNeutralForeground1,
  },
  count: { marginRight: '8px' },
  space: { flexGrow: 1 },
});

interface CommandBarProps {
  /** `12 updates selected`. */
  readonly says: string;
  readonly onClear: () => void;
  readonly children: ReactNode;
}

export function CommandBar({ says, onClear, children }: CommandBarProps): ReactElement {
  const styles = useStyles();
  return (
    <div className={styles.root} role="toolbar" aria-label="Selection">
      <Text weight="semibold" className={styles.count} aria-live="polite">
        {says}
      </Text>
      {children}
      <span className={styles.space} />
      <Button size="small" appearance="subtle" icon={<DismissRegular />} onClick={onClear}>
        Clear selection
      </Button>
    </div>
  );
}
