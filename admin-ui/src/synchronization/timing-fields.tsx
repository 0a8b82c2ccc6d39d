/** When one of the schedules starts: not at all, some times a day, or by a cron expression. */
import { Field, Input, Radio, RadioGroup, makeStyles } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import { useTexts } from '../language/use-texts.ts';
import type { FieldProblems, TimingDraft } from './schedule-draft.ts';
import { ScheduleField } from './schedule-field.tsx';
import { texts } from './texts.ts';

/** An expression that stays on one line. */
const unbroken = (text: string): string => text.replaceAll(' ', '\u00a0');

const useStyles = makeStyles({
  fields: { display: 'flex', flexWrap: 'wrap', alignItems: 'flex-start', gap: '12px 16px' },
  control: { minWidth: 0, width: '100%' },
});

interface TimingFieldsProps {
  readonly label: string;
  readonly offLabel: string;
  /** `main` or `fast.timing`. */
  readonly path: string;
  readonly draft: TimingDraft;
  readonly problems: FieldProblems;
  readonly onChange: (draft: TimingDraft) => void;
}

export function TimingFields(props: TimingFieldsProps): ReactElement {
  const t = useTexts(texts);
  const { label, offLabel, path, draft, problems, onChange } = props;
  const styles = useStyles();
  const change = (part: Partial<TimingDraft>): void => onChange({ ...draft, ...part });
  return (
    <>
      <Field label={label}>
        <RadioGroup
          layout="horizontal"
          style={{ flexWrap: 'wrap' }}
          value={draft.mode}
          onChange={(_, { value }) =>
            change({ mode: value === 'cron' || value === 'timesPerDay' ? value : 'off' })
          }
        >
          <Radio value="off" label={offLabel} />
          <Radio value="timesPerDay" label={t.everyDay} />
          <Radio value="cron" label={t.byCron} />
        </RadioGroup>
      </Field>
      {draft.mode !== 'off' && (
        <div className={styles.fields}>
          {draft.mode === 'cron' ? (
            <ScheduleField
              path={`${path}.expression`}
              problems={problems}
              label={t.cron}
              hint={t.cronHint(unbroken('0 3 * * *'))}
            >
              <Input
                className={styles.control}
                value={draft.expression}
                maxLength={200}
                onChange={(_, { value }) => change({ expression: value })}
              />
            </ScheduleField>
          ) : (
            <>
              <ScheduleField
                path={`${path}.count`}
                problems={problems}
                label={t.timesPerDay}
                hint={t.timesHint}
              >
                <Input
                  className={styles.control}
                  type="number"
                  min={1}
                  max={24}
                  value={draft.count}
                  onChange={(_, { value }) => change({ count: value })}
                />
              </ScheduleField>
              <ScheduleField
                path={`${path}.firstAt`}
                problems={problems}
                label={t.firstAt}
                hint={t.firstAtHint}
              >
                <Input
                  className={styles.control}
                  inputMode="numeric"
                  placeholder="03:00"
                  maxLength={5}
                  value={draft.firstAt}
                  onChange={(_, { value }) => change({ firstAt: value })}
                />
              </ScheduleField>
            </>
          )}
          <ScheduleField
            path={`${path}.randomOffsetMinutes`}
            problems={problems}
            label={t.randomDelay}
            hint={t.randomDelayHint}
          >
            <Input
              className={styles.control}
              type="number"
              min={0}
              max={240}
              value={draft.randomOffsetMinutes}
              onChange={(_, { value }) => change({ randomOffsetMinutes: value })}
            />
          </ScheduleField>
        </div>
      )}
    </>
  );
}
