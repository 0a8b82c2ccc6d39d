/** Times of the week at which nothing starts by itself. */
import { Button, Field, Input, Text, ToggleButton, makeStyles, tokens } from '@fluentui/react-components';
import { AddRegular } from '@fluentui/react-icons/svg/add';
import { DeleteRegular } from '@fluentui/react-icons/svg/delete';
import type { ReactElement } from 'react';
import { WEEKDAYS } from '../../../protocol/console/schedule.ts';
import type { PauseWindow, Weekday } from '../../../protocol/console/schedule.ts';
import { useTexts } from '../language/use-texts.ts';
import type { FieldProblems } from './schedule-draft.ts';
import { texts } from './texts.ts';

const useStyles = makeStyles({
  list: {
    listStyleType: 'none',
    margin: 0,
    padding: 0,
    display: 'flex',
    flexDirection: 'column',
    gap: '12px',
  },
  window: {
    margin: 0,
    minWidth: 0,
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'flex-start',
    gap: '8px 16px',
    padding: '12px',
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    borderRadius: tokens.borderRadiusMedium,
  },
  days: { display: 'flex', flexWrap: 'wrap', gap: '4px' },
  day: { minWidth: '44px', padding: '0 4px' },
  times: { display: 'flex', alignItems: 'flex-start', gap: '8px' },
  time: { width: '124px', minWidth: 0 },
  foot: {
    flexBasis: '100%',
    display: 'flex',
    alignItems: 'center',
    justifyContent: 'space-between',
    gap: '8px',
  },
  quiet: { color: tokens.colorNeutralForeground3 },
});

/** The week begins on Monday here. */
const DAYS: readonly Weekday[] = [...WEEKDAYS.slice(1), WEEKDAYS[0]];
const NEW_WINDOW: PauseWindow = { days: DAYS.slice(0, 5), from: '08:00', to: '17:00' };
const MOST = 20;

interface PauseWindowsEditorProps {
  readonly windows: readonly PauseWindow[];
  readonly problems: FieldProblems;
  readonly onChange: (windows: readonly PauseWindow[]) => void;
}

export function PauseWindowsEditor({ windows, problems, onChange }: PauseWindowsEditorProps): ReactElement {
  const t = useTexts(texts);
  const styles = useStyles();
  const problem = problems.get('pauseWindows');
  return (
    <>
      <Text>{t.pauseMeans}</Text>
      {windows.length > 0 && (
        <ul className={styles.list} aria-label={t.pauseWindows}>
          {windows.map((window, index) => (
            <li key={index}>
              <WindowFields
                number={index + 1}
                window={window}
                problemOf={(field) => problems.get(`pauseWindows.${index}.${field}`)}
                onChange={(changed) => onChange(windows.with(index, changed))}
                onRemove={() => onChange(windows.toSpliced(index, 1))}
              />
            </li>
          ))}
        </ul>
      )}
      {problem !== undefined && (
        <Text role="alert" style={{ color: tokens.colorPaletteRedForeground1 }}>
          {problem}
        </Text>
      )}
      <div>
        <Button
          icon={<AddRegular />}
          disabled={windows.length >= MOST}
          onClick={() => onChange([...windows, NEW_WINDOW])}
        >
          {t.addPauseWindow}
        </Button>
      </div>
    </>
  );
}

interface WindowFieldsProps {
  readonly number: number;
  readonly window: PauseWindow;
  readonly problemOf: (field: 'days' | 'from' | 'to') => string | undefined;
  readonly onChange: (window: PauseWindow) => void;
  readonly onRemove: () => void;
}

function WindowFields({ number, window, problemOf, onChange, onRemove }: WindowFieldsProps): ReactElement {
  const t = useTexts(texts);
  const styles = useStyles();
  const problemProps = (field: 'days' | 'from' | 'to') => {
    const problem = problemOf(field);
    return problem === undefined ? {} : { validationState: 'error' as const, validationMessage: problem };
  };
  const toggle = (day: Weekday): void => {
    const days = window.days.includes(day)
      ? window.days.filter((one) => one !== day)
      : DAYS.filter((one) => one === day || window.days.includes(one));
    onChange({ ...window, days });
  };
  return (
    <fieldset className={styles.window} aria-label={t.pauseWindow(number)}>
      <Field label={t.beginsOn} {...problemProps('days')}>
        <div className={styles.days}>
          {DAYS.map((day) => (
            <ToggleButton
              key={day}
              size="small"
              className={styles.day}
              checked={window.days.includes(day)}
              appearance={window.days.includes(day) ? 'primary' : 'outline'}
              aria-label={t.days[day].long}
              onClick={() => toggle(day)}
            >
              {t.days[day].short}
            </ToggleButton>
          ))}
        </div>
      </Field>
      <div className={styles.times}>
        <Field label={t.from} className={styles.time} {...problemProps('from')}>
          <Input
            inputMode="numeric"
            placeholder="03:00"
            maxLength={5}
            style={{ minWidth: 0 }}
            value={window.from}
            onChange={(_, { value }) => onChange({ ...window, from: value })}
          />
        </Field>
        <Field label={t.to} className={styles.time} {...problemProps('to')}>
          <Input
            inputMode="numeric"
            placeholder="03:00"
            maxLength={5}
            style={{ minWidth: 0 }}
            value={window.to}
            onChange={(_, { value }) => onChange({ ...window, to: value })}
          />
        </Field>
      </div>
      <div className={styles.foot}>
        <Text size={200} className={styles.quiet}>
          {window.to <= window.from ? t.endsNextDay : t.endsSameDay}
        </Text>
        <Button
          size="small"
          icon={<DeleteRegular />}
          aria-label={t.removePauseWindow(number)}
          onClick={onRemove}
        >
          {t.remove}
        </Button>
      </div>
    </fieldset>
  );
}
