/** What happens when a run fails for what may pass by itself. */
import { Input, Text, makeStyles } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import { useTexts } from '../language/use-texts.ts';
import type { FieldProblems, PlanDraft } from './schedule-draft.ts';
import { ScheduleField } from './schedule-field.tsx';
import { texts } from './texts.ts';

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
  const t = useTexts(texts);
  const styles = useStyles();
  return (
    <>
      <Text>{t.retryMeans}</Text>
      <div className={styles.fields}>
        <ScheduleField path="retry.attempts" problems={problems} label={t.attempts} hint={t.attemptsHint}>
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
          label={t.firstDelay}
          hint={t.firstDelayHint}
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
