/** What can be done with the rows that are ticked. */
import { Button, Text, makeStyles, tokens } from '@fluentui/react-components';
import { DismissRegular } from '@fluentui/react-icons/svg/dismiss';
import type { ReactElement, ReactNode } from 'react';
import { useTexts } from '../language/use-texts.ts';
import { texts } from './texts.ts';

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
  const t = useTexts(texts);
  const styles = useStyles();
  return (
    <div className={styles.root} role="toolbar" aria-label={t.selection}>
      <Text weight="semibold" className={styles.count} aria-live="polite">
        {says}
      </Text>
      {children}
      <span className={styles.space} />
      <Button size="small" appearance="subtle" icon={<DismissRegular />} onClick={onClear}>
        {t.clearSelection}
      </Button>
    </div>
  );
}
