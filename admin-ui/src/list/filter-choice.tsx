/** One filter: a button that opens its values, with how many rows each has. */
import {
  Badge,
  Button,
  Checkbox,
  Popover,
  PopoverSurface,
  PopoverTrigger,
  SearchBox,
  Text,
  makeStyles,
  tokens,
} from '@fluentui/react-components';
import { ChevronDownRegular } from '@fluentui/react-icons/svg/chevron-down';
import { useState, type ReactElement } from 'react';
import { formatCount } from '../format/amounts.ts';
import { useTexts } from '../language/use-texts.ts';
import { texts } from './texts.ts';

export interface FilterOption {
  readonly value: string;
  readonly label: string;
  /** Absent while it is not known. */
  readonly count?: number | undefined;
}

/** More than this are searched instead of scrolled through. */
const MANY = 12;
const MOST_SHOWN = 200;

const useStyles = makeStyles({
  surface: {
    display: 'flex',
    flexDirection: 'column',
    gap: '4px',
    padding: '8px',
    width: '300px',
    maxWidth: 'calc(100vw - 24px)',
    boxSizing: 'border-box',
  },
  values: { maxHeight: '320px', overflowY: 'auto', border: 'none', margin: 0, padding: 0, minWidth: 0 },
  value: { display: 'flex', alignItems: 'center' },
  tick: { flexGrow: 1, maxWidth: 'none', minWidth: 0 },
  count: { color: tokens.colorNeutralForeground3, fontVariantNumeric: 'tabular-nums', padding: '0 8px' },
  note: { color: tokens.colorNeutralForeground3, padding: '4px 8px' },
});

interface FilterChoiceProps {
  readonly label: string;
  readonly options: readonly FilterOption[];
  readonly chosen: readonly string[];
  readonly onChoose: (values: readonly string[]) => void;
  readonly onOpenChange?: (open: boolean) => void;
}

export function FilterChoice({
  label,
  options,
  chosen,
  onChoose,
  onOpenChange,
}: FilterChoiceProps): ReactElement {
  const t = useTexts(texts);
  const styles = useStyles();
  const [find, setFind] = useState('');
  const matching = options.filter((option) => option.label.toLowerCase().includes(find.trim().toLowerCase()));
  const toggle = (value: string): void =>
    onChoose(chosen.includes(value) ? chosen.filter((one) => one !== value) : [...chosen, value]);
  return (
    <Popover trapFocus positioning="below-start" onOpenChange={(_, { open }) => onOpenChange?.(open)}>
      <PopoverTrigger disableButtonEnhancement>
        <Button
          size="small"
          appearance={chosen.length > 0 ? 'secondary' : 'subtle'}
          icon={<ChevronDownRegular />}
          iconPosition="after"
        >
          {label}
          {chosen.length > 0 && (
            <>
              &nbsp;
              <Badge size="small" appearance="tint" aria-label={t.chosen(chosen.length)}>
                {chosen.length}
              </Badge>
            </>
          )}
        </Button>
      </PopoverTrigger>
      <PopoverSurface className={styles.surface} aria-label={label}>
        {options.length > MANY && (
          <SearchBox
            size="small"
            aria-label={t.findIn(label)}
            placeholder={t.find}
            value={find}
            onChange={(_, data) => setFind(data.value)}
            style={{ maxWidth: 'none' }}
          />
        )}
        <fieldset className={styles.values} aria-label={label}>
          {matching.slice(0, MOST_SHOWN).map((option) => (
            <div key={option.value} className={styles.value}>
              <Checkbox
                className={styles.tick}
                checked={chosen.includes(option.value)}
                label={option.label}
                onChange={() => toggle(option.value)}
              />
              {option.count !== undefined && (
                <Text className={styles.count}>{formatCount(option.count)}</Text>
              )}
            </div>
          ))}
        </fieldset>
        {options.length === 0 && <Text className={styles.note}>{t.nothingToChoose}</Text>}
        {matching.length > MOST_SHOWN && (
          <Text className={styles.note}>{t.moreToFind(matching.length - MOST_SHOWN)}</Text>
        )}
      </PopoverSurface>
    </Popover>
  );
}
