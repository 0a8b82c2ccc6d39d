/** Times of the week at which nothing starts by itself. */
import { Button, Field, Input, Text, ToggleButton, makeStyles, tokens } from '@fluentui/react-components';
import { AddRegular } from '@fluentui/react-icons/svg/add';
import { DeleteRegular } from '@fluentui/react-icons/svg/delete';
import type { ReactElement } from 'react';
import { WEEKDAYS } from '../../../protocol/console/schedule.ts';
import type { PauseWindow, Weekday } from '../../../protocol/console/schedule.ts';
import type { FieldProblems } from './schedule-draft.ts';

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

const capitalized = (day: Weekday): string => day.charAt(0).toUpperCase() + day.slice(1);

interface PauseWindowsEditorProps {
  readonly windows: readonly PauseWindow[];
  readonly problems: FieldProblems;
  readonly onChange: (windows: readonly PauseWindow[]) => void;
}

export function PauseWindowsEditor({ windows, problems, onChange }: PauseWindowsEditorProps): ReactElement {
  const styles = useStyles();
  const problem = problems.get('pauseWindows');
  return (
    <>
      <Text>
        In a pause window nothing starts by itself. What comes due in one starts once when it ends; a run that
        is on goes on, and one may still be started by hand.
      </Text>
      {windows.length > 0 && (
        <ul className={styles.list} aria-label="Pause windows">
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
          Add a pause window
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
    <fieldset className={styles.window} aria-label={`Pause window ${number}`}>
      <Field label="Begins on" {...problemProps('days')}>
        <div className={styles.days}>
          {DAYS.map((day) => (
            <ToggleButton
              key={day}
              size="small"
              className={styles.day}
              checked={window.days.includes(day)}
              appearance={window.days.includes(day) ? 'primary' : 'outline'}
              aria-label={capitalized(day)}
              onClick={() => toggle(day)}
            >
              {capitalized(day).slice(0, 3)}
            </ToggleButton>
          ))}
        </div>
      </Field>
      <div className={styles.times}>
        <Field label="From" className={styles.time} {...problemProps('from')}>
          <Input
            inputMode="numeric"
            placeholder="03:00"
            maxLength={5}
            style={{ minWidth: 0 }}
            value={window.from}
            onChange={(_, { value }) => onChange({ ...window, from: value })}
          />
        </Field>
        <Field label="To" className={styles.time} {...problemProps('to')}>
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
          {window.to <= window.from ? 'Ends on the day after.' : 'Ends on the same day.'}
        </Text>
        <Button
          size="small"
          icon={<DeleteRegular />}
          aria-label={`Remove pause window ${number}`}
          onClick={onRemove}
        >
          Remove
        </Button>
      </div>
    </fieldset>
  );
}
