/** The filters that are on: each goes away with a press. */
import { Button, makeStyles } from '@fluentui/react-components';
import { DismissRegular } from '@fluentui/react-icons/svg/dismiss';
import type { ReactElement } from 'react';
import { useTexts } from '../language/use-texts.ts';
import { texts } from './texts.ts';

export interface ActiveFilter {
  readonly label: string;
  readonly onRemove: () => void;
}

const useStyles = makeStyles({
  root: { display: 'flex', flexWrap: 'wrap', gap: '6px', listStyleType: 'none', margin: 0, padding: 0 },
  chip: { maxWidth: '320px', borderRadius: '12px', fontWeight: 'normal', minWidth: 0 },
  text: { overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' },
});

export function FilterChips({
  filters,
  onClear,
}: {
  readonly filters: readonly ActiveFilter[];
  readonly onClear: () => void;
}): ReactElement | null {
  const t = useTexts(texts);
  const styles = useStyles();
  if (filters.length === 0) return null;
  return (
    <ul className={styles.root} aria-label={t.filters}>
      {filters.map(({ label, onRemove }) => (
        <li key={label}>
          <Button
            size="small"
            className={styles.chip}
            icon={<DismissRegular />}
            iconPosition="after"
            aria-label={t.removeFilter(label)}
            onClick={onRemove}
          >
            <span className={styles.text}>{label}</span>
          </Button>
        </li>
      ))}
      <li>
        <Button size="small" appearance="transparent" onClick={onClear}>
          {t.clearAll}
        </Button>
      </li>
    </ul>
  );
}
