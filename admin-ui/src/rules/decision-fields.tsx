/** What a rule decides: groups, action, deadline, licence terms. */
import {
  Checkbox,
  Combobox,
  Field,
  Input,
  Option,
  Radio,
  RadioGroup,
  Text,
  makeStyles,
  tokens,
} from '@fluentui/react-components';
import type { ReactElement } from 'react';
import { RuleAction } from '../../../protocol/console/rules.ts';
import { Failure } from '../frame/failure.tsx';
import { SkeletonLines } from '../frame/skeleton-lines.tsx';
import { GroupTicks } from '../groups/group-ticks.tsx';
import { useGroups } from '../groups/groups-query.ts';
import { useTexts } from '../language/use-texts.ts';
import { toggled } from '../list/selection.ts';
import { fieldProblem } from './field-problem.ts';
import type { RuleDraft, RuleProblems } from './rule-draft.ts';
import { texts } from './texts.ts';
import { TicksField } from './ticks-field.tsx';

const useStyles = makeStyles({
  root: { display: 'flex', flexDirection: 'column', gap: '12px' },
  groups: { maxHeight: '280px', overflowY: 'auto' },
  deadline: { display: 'flex', flexWrap: 'wrap', gap: '8px 12px', alignItems: 'flex-start' },
  part: { flexGrow: 1, flexBasis: '120px', minWidth: 0 },
  zone: { flexGrow: 2, flexBasis: '200px', minWidth: 0 },
  control: { minWidth: 0, width: '100%' },
  hint: { color: tokens.colorNeutralForeground3, fontSize: tokens.fontSizeBase200 },
});

const MOST_ZONES = 50;

interface DecisionFieldsProps {
  readonly draft: RuleDraft;
  readonly problems: RuleProblems;
  readonly onChange: (part: Partial<RuleDraft>) => void;
}

export function DecisionFields({ draft, problems, onChange }: DecisionFieldsProps): ReactElement {
  const styles = useStyles();
  const t = useTexts(texts);
  const groups = useGroups();
  return (
    <div className={styles.root}>
      {groups.isPending && <SkeletonLines count={4} label={t.reading} />}
      {groups.isError && (
        <Failure what={t.groupsNotRead} error={groups.error} onRetry={() => void groups.refetch()} />
      )}
      {groups.data !== undefined && (
        <TicksField label={t.groups} problem={problems.get('groupIds')}>
          <div className={styles.groups}>
            <GroupTicks
              label={t.groups}
              groups={groups.data}
              ticked={new Set(draft.groupIds)}
              onTick={(groupId) => onChange({ groupIds: [...toggled(new Set(draft.groupIds), groupId)] })}
            />
          </div>
        </TicksField>
      )}
      <Field label={t.action} hint={t.actionMeaning[draft.action]}>
        <RadioGroup
          layout="horizontal"
          style={{ flexWrap: 'wrap' }}
          value={draft.action}
          onChange={(_, { value }) =>
            onChange({ action: RuleAction.options.find((one) => one === value) ?? draft.action })
          }
        >
          {RuleAction.options.map((action) => (
            <Radio key={action} value={action} label={t.actionWord[action]} />
          ))}
        </RadioGroup>
      </Field>
      {draft.action === 'Install' && (
        <div>
          <Checkbox
            label={t.hasDeadline}
            checked={draft.hasDeadline}
            onChange={(_, { checked }) => onChange({ hasDeadline: checked === true })}
          />
          {draft.hasDeadline && <Deadline draft={draft} problems={problems} onChange={onChange} />}
        </div>
      )}
      {draft.action !== 'PreDeploymentCheck' && (
        <div>
          <Checkbox
            label={t.acceptTerms}
            checked={draft.acceptTerms}
            onChange={(_, { checked }) => onChange({ acceptTerms: checked === true })}
          />
          <Text block className={styles.hint}>
            {t.acceptTermsHint}
          </Text>
        </div>
      )}
    </div>
  );
}

function Deadline({ draft, problems, onChange }: DecisionFieldsProps): ReactElement {
  const styles = useStyles();
  const t = useTexts(texts);
  const known = Intl.supportedValuesOf('timeZone');
  const typed = draft.timeZone.toLowerCase();
  const zones = known.includes(draft.timeZone)
    ? known
    : known.filter((zone) => zone.toLowerCase().includes(typed)).slice(0, MOST_ZONES);
  return (
    <>
      <div className={styles.deadline}>
        <Field className={styles.part} label={t.deadlineDays} {...fieldProblem(problems, 'days')}>
          <Input
            className={styles.control}
            type="number"
            min={0}
            max={365}
            value={draft.days}
            onChange={(_, { value }) => onChange({ days: value })}
          />
        </Field>
        <Field
          className={styles.part}
          label={t.deadlineTime}
          hint={t.deadlineTimeHint}
          {...fieldProblem(problems, 'time')}
        >
          <Input
            className={styles.control}
            inputMode="numeric"
            maxLength={5}
            value={draft.time}
            onChange={(_, { value }) => onChange({ time: value })}
          />
        </Field>
        <Field className={styles.zone} label={t.deadlineZone} {...fieldProblem(problems, 'timeZone')}>
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
            {zones.map((zone) => (
              <Option key={zone} value={zone}>
                {zone}
              </Option>
            ))}
          </Combobox>
        </Field>
      </div>
      <Text block className={styles.hint}>
        {t.deadlineHint}
      </Text>
    </>
  );
}
