/** The schedule's fields, and the runs that they would give. */
import {
  Button,
  Combobox,
  Field,
  Input,
  Option,
  Radio,
  RadioGroup,
  makeStyles,
} from '@fluentui/react-components';
import { useState, type FormEvent, type ReactElement } from 'react';
import type { ScheduleBody } from '../../../protocol/console/synchronization.ts';
import { Failure } from '../frame/failure.tsx';
import { useNotice } from '../frame/notices.tsx';
import { NextRuns } from './next-runs.tsx';
import { draftOf, scheduleOf, type ScheduleDraft } from './schedule-draft.ts';
import { useSchedulePreview, useSetSchedule } from './synchronization-queries.ts';

const useStyles = makeStyles({
  root: { display: 'flex', flexDirection: 'column', gap: '16px', maxWidth: '560px' },
  fields: { display: 'flex', flexWrap: 'wrap', alignItems: 'flex-start', gap: '12px 16px' },
  field: { flexGrow: 1, flexBasis: '200px', minWidth: 0 },
  control: { minWidth: 0, width: '100%' },
});

const browserZone = (): string => new Intl.DateTimeFormat().resolvedOptions().timeZone;

interface FieldsProps {
  readonly draft: ScheduleDraft;
  readonly onChange: (change: Partial<ScheduleDraft>) => void;
}

function TimeFields({ draft, onChange }: FieldsProps): ReactElement {
  const styles = useStyles();
  if (draft.mode === 'cron') {
    return (
      <Field
        label="Cron expression"
        className={styles.field}
        hint="Minute, hour, day of month, month, day of week. 0 3 * * * is every day at 03:00."
      >
        <Input
          value={draft.expression}
          maxLength={200}
          onChange={(_, { value }) => onChange({ expression: value })}
        />
      </Field>
    );
  }
  return (
    <>
      <Field label="Times per day" className={styles.field} hint="Between 1 and 24, evenly spread.">
        <Input
          type="number"
          min={1}
          max={24}
          value={draft.count}
          onChange={(_, { value }) => onChange({ count: value })}
        />
      </Field>
      <Field label="First at" className={styles.field}>
        <Input type="time" value={draft.firstAt} onChange={(_, { value }) => onChange({ firstAt: value })} />
      </Field>
    </>
  );
}

function ZoneFields({ draft, onChange }: FieldsProps): ReactElement {
  const styles = useStyles();
  const typed = draft.timeZone.toLowerCase();
  const zones = Intl.supportedValuesOf('timeZone').filter((zone) => zone.toLowerCase().includes(typed));
  return (
    <>
      <Field label="Time zone" className={styles.field}>
        <Combobox
          freeform
          className={styles.control}
          value={draft.timeZone}
          selectedOptions={[draft.timeZone]}
          onChange={(event) => onChange({ timeZone: event.target.value })}
          onOptionSelect={(_, { optionValue }) =>
            optionValue !== undefined && onChange({ timeZone: optionValue })
          }
        >
          {zones.slice(0, 50).map((zone) => (
            <Option key={zone} value={zone}>
              {zone}
            </Option>
          ))}
        </Combobox>
      </Field>
      <Field
        label="Random delay, in minutes"
        className={styles.field}
        hint="So that many relays do not ask at once. At most 240."
      >
        <Input
          type="number"
          min={0}
          max={240}
          value={draft.randomOffsetMinutes}
          onChange={(_, { value }) => onChange({ randomOffsetMinutes: value })}
        />
      </Field>
    </>
  );
}

export function ScheduleEditor({ saved }: { readonly saved: ScheduleBody }): ReactElement {
  const styles = useStyles();
  const [draft, setDraft] = useState(() => draftOf(saved, browserZone()));
  const save = useSetSchedule();
  const notice = useNotice();
  const body = scheduleOf(draft);
  const preview = useSchedulePreview(body);
  const change = (part: Partial<ScheduleDraft>): void => setDraft({ ...draft, ...part });
  const isChanged = JSON.stringify(body) !== JSON.stringify(saved);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (body !== undefined)
      save.mutate(body, { onSuccess: () => notice({ intent: 'success', title: 'Schedule saved' }) });
  };
  return (
    <form className={styles.root} onSubmit={submit}>
      <Field label="Synchronize">
        <RadioGroup
          layout="horizontal"
          value={draft.mode}
          onChange={(_, { value }) =>
            change({ mode: value === 'cron' || value === 'timesPerDay' ? value : 'off' })
          }
        >
          <Radio value="off" label="By hand only" />
          <Radio value="timesPerDay" label="Every day" />
          <Radio value="cron" label="By cron expression" />
        </RadioGroup>
      </Field>
      {draft.mode !== 'off' && (
        <div className={styles.fields}>
          <TimeFields draft={draft} onChange={change} />
          <ZoneFields draft={draft} onChange={change} />
        </div>
      )}
      <NextRuns
        isComplete={body !== undefined}
        mode={draft.mode}
        runs={preview.data?.nextRuns}
        error={preview.error}
      />
      {save.isError && <Failure what="The schedule was not saved." error={save.error} />}
      <div>
        <Button
          type="submit"
          appearance="primary"
          disabled={body === undefined || preview.isError || !isChanged || save.isPending}
        >
          Save schedule
        </Button>
      </div>
    </form>
  );
}
