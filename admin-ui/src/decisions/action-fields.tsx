/** The action, and by when. */
import { Dropdown, Field, Input, Option, Text, makeStyles, tokens } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import { useNow } from '../format/now.ts';
import { useTexts } from '../language/use-texts.ts';
import { ACTION_CHOICES, deadlineOf, mayHaveDeadline, type ChosenAction } from './actions.ts';
import { texts } from './texts.ts';

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
  const t = useTexts(texts);
  const styles = useStyles();
  const now = useNow();
  const at = deadlineOf(deadline);
  const isPast = at !== undefined && Date.parse(at) <= now;
  return (
    <div className={styles.root}>
      <Field label={t.action} className={styles.field} hint={t.actions[action].meaning}>
        <Dropdown
          className={styles.dropdown}
          value={t.actions[action].word}
          selectedOptions={[action]}
          onOptionSelect={(_, { optionValue }) => {
            const next = ACTION_CHOICES.find((one) => one === optionValue);
            if (next !== undefined) onAction(next);
          }}
        >
          {ACTION_CHOICES.map((one) => (
            <Option key={one} value={one} text={t.actions[one].word}>
              <span className={styles.option}>
                <Text>{t.actions[one].word}</Text>
                <span className={styles.meaning}>{t.actions[one].meaning}</span>
              </span>
            </Option>
          ))}
        </Dropdown>
      </Field>
      {mayHaveDeadline(action) && (
        <Field
          label={t.deadline}
          className={styles.field}
          hint={t.deadlineHint}
          {...(isPast && {
            validationState: 'warning' as const,
            validationMessage: t.deadlinePast,
          })}
        >
          <Input type="datetime-local" value={deadline} onChange={(_, data) => onDeadline(data.value)} />
        </Field>
      )}
    </div>
  );
}
