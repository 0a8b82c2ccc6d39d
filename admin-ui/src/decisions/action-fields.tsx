/** The action, and by when. */
import { Dropdown, Field, Input, Option, Text, makeStyles, tokens } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import { useNow } from '../format/now.ts';
import { ACTION_CHOICES, deadlineOf, mayHaveDeadline, type ChosenAction } from './actions.ts';

const useStyles = makeStyles({
  root: { display: 'flex', flexWrap: 'wrap', alignItems: 'flex-start', gap: '12px 16px' },
  field: { flexGrow: 1, flexBasis: '220px', minWidth: 0 },
  dropdown: { minWidth: 0 },
  option: { display: 'flex', flexDirection: 'column' },
  meaning: { color: tokens.colorNeutralForeground3, fontSize: tokens.fontSizeBase200 },
});

interface ActionFieldsProps {
  readonly action: ChosenAction;
  readonly onAction: (action: ChosenAction) => void;
  /** As `datetime-local` has it. */
  readonly deadline: string;
  readonly onDeadline: (deadline: string) => void;
}

export function ActionFields({ action, onAction, deadline, onDeadline }: ActionFieldsProps): ReactElement {
  const styles = useStyles();
  const now = useNow();
  const choice = ACTION_CHOICES.find((one) => one.action === action);
  const at = deadlineOf(deadline);
  const isPast = at !== undefined && Date.parse(at) <= now;
  return (
    <div className={styles.root}>
      <Field label="Action" className={styles.field} hint={choice?.meaning ?? ''}>
        <Dropdown
          className={styles.dropdown}
          value={choice?.word ?? ''}
          selectedOptions={[action]}
          onOptionSelect={(_, { optionValue }) => {
            const next = ACTION_CHOICES.find((one) => one.action === optionValue);
            if (next !== undefined) onAction(next.action);
          }}
        >
          {ACTION_CHOICES.map((one) => (
            <Option key={one.action} value={one.action} text={one.word}>
              <span className={styles.option}>
                <Text>{one.word}</Text>
                <span className={styles.meaning}>{one.meaning}</span>
              </span>
            </Option>
          ))}
        </Dropdown>
      </Field>
      {mayHaveDeadline(action) && (
        <Field
          label="Deadline"
          className={styles.field}
          hint="Optional, in your time zone. From then on, computers no longer wait for anyone."
          {...(isPast && {
            validationState: 'warning' as const,
            validationMessage: 'This is in the past: it is done at the next scan.',
          })}
        >
          <Input type="datetime-local" value={deadline} onChange={(_, data) => onDeadline(data.value)} />
        </Field>
      )}
    </div>
  );
}
