/** The filters that are on: each goes away with a press. */
import { Button, makeStyles } from '@fluentui/react-components';
import { DismissRegular } from '@fluentui/react-icons/svg/dismiss';
import type { ReactElement } from 'react';

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
  const styles = useStyles();
  if (filters.length === 0) return null;
  return (
    <ul className={styles.root} aria-label="Filters">
      {filters.map(({ label, onRemove }) => (
        <li key={label}>
          <Button
            size="small"
            className={styles.chip}
            icon={<DismissRegular />}
            iconPosition="after"
            aria-label={`Remove the filter ${label}`}
            onClick={onRemove}
          >
            <span className={styles.text}>{label}</span>
          </Button>
        </li>
      ))}
      <li>
        <Button size="small" appearance="transparent" onClick={onClear}>
          Clear all
        </Button>
      </li>
    </ul>
  );
}
