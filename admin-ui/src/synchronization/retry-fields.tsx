/** What happens when a run fails for what may pass by itself. */
import { Input, Text, makeStyles } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import type { FieldProblems, PlanDraft } from './schedule-draft.ts';
import { ScheduleField } from './schedule-field.tsx';

const useStyles = makeStyles({
  fields: { display: 'flex', flexWrap: 'wrap', alignItems: 'flex-start', gap: '12px 16px' },
  control: { minWidth: 0, width: '100%' },
});

interface RetryFieldsProps {
  readonly draft: PlanDraft;
  readonly problems: FieldProblems;
  readonly onChange: (change: Partial<PlanDraft>) => void;
}

export function RetryFields({ draft, problems, onChange }: RetryFieldsProps): ReactElement {
  const styles = useStyles();
  return (
    <>
      <Text>
        A run that lost its connection, timed out or met a busy server is tried again. One whose certificate
        or pin was wrong, or which was refused, is not: that takes a person.
      </Text>
      <div className={styles.fields}>
        <ScheduleField
          path="retry.attempts"
          problems={problems}
          label="Further attempts"
          hint="From 0 to 10; 0 is none."
        >
          <Input
            className={styles.control}
            type="number"
            min={0}
            max={10}
            value={draft.attempts}
            onChange={(_, { value }) => onChange({ attempts: value })}
          />
        </ScheduleField>
        <ScheduleField
          path="retry.firstDelayMinutes"
          problems={problems}
          label="First after, in minutes"
          hint="From 1 to 240; each further one waits twice as long, at most 12 hours."
        >
          <Input
            className={styles.control}
            type="number"
            min={1}
            max={240}
            value={draft.firstDelayMinutes}
            onChange={(_, { value }) => onChange({ firstDelayMinutes: value })}
          />
        </ScheduleField>
      </div>
    </>
  );
}
