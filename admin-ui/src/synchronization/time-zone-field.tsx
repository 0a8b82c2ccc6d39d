/** The time zone of everything in the plan. */
import { Combobox, Option } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import { useTexts } from '../language/use-texts.ts';
import type { FieldProblems } from './schedule-draft.ts';
import { ScheduleField } from './schedule-field.tsx';
import { texts } from './texts.ts';

const MOST_SHOWN = 50;

interface TimeZoneFieldProps {
  readonly value: string;
  readonly problems: FieldProblems;
  readonly onChange: (zone: string) => void;
}

export function TimeZoneField({ value, problems, onChange }: TimeZoneFieldProps): ReactElement {
  const t = useTexts(texts);
  const typed = value.toLowerCase();
  const known = Intl.supportedValuesOf('timeZone');
  // A zone that is chosen already is no search: all are offered then.
  const zones = known.some((zone) => zone === value)
    ? known
    : known.filter((zone) => zone.toLowerCase().includes(typed));
  return (
    <ScheduleField path="timeZone" problems={problems} label={t.timeZone} hint={t.timeZoneHint}>
      <Combobox
        freeform
        style={{ minWidth: 0, width: '100%' }}
        value={value}
        selectedOptions={[value]}
        onChange={(event) => onChange(event.target.value)}
        onOptionSelect={(_, { optionValue }) => optionValue !== undefined && onChange(optionValue)}
      >
        {(zones === known ? known : zones.slice(0, MOST_SHOWN)).map((zone) => (
          <Option key={zone} value={zone}>
            {zone}
          </Option>
        ))}
      </Combobox>
    </ScheduleField>
  );
}
