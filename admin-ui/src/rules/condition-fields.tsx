/** Which updates a rule is about. */
import {
  Checkbox,
  Field,
  Input,
  Radio,
  RadioGroup,
  Text,
  Textarea,
  makeStyles,
  tokens,
} from '@fluentui/react-components';
import type { ReactElement } from 'react';
import { RULE_SEVERITIES, type RuleConditions } from '../../../protocol/console/rules.ts';
import { Failure } from '../frame/failure.tsx';
import { SkeletonLines } from '../frame/skeleton-lines.tsx';
import { useTexts } from '../language/use-texts.ts';
import { useCategories } from '../synchronization/synchronization-queries.ts';
import { CategoryPicker } from './category-picker.tsx';
import { fieldProblem } from './field-problem.ts';
import type { RuleDraft, RuleProblems } from './rule-draft.ts';
import { texts } from './texts.ts';
import { TicksField } from './ticks-field.tsx';

const useStyles = makeStyles({
  root: { display: 'flex', flexDirection: 'column', gap: '12px' },
  hint: { color: tokens.colorNeutralForeground3 },
  ticks: { display: 'flex', flexWrap: 'wrap' },
  short: { maxWidth: '120px' },
});

const SUPERSEDED: readonly RuleConditions['superseded'][] = ['exclude', 'include', 'only'];
const KINDS: readonly RuleDraft['kinds'][] = ['all', 'Software', 'Driver'];

interface ConditionFieldsProps {
  readonly draft: RuleDraft;
  readonly problems: RuleProblems;
  readonly onChange: (part: Partial<RuleDraft>) => void;
}

export function ConditionFields({ draft, problems, onChange }: ConditionFieldsProps): ReactElement {
  const styles = useStyles();
  const t = useTexts(texts);
  const categories = useCategories();
  const kindWords = { all: t.kindsAll, Software: t.kindsSoftware, Driver: t.kindsDriver };
  return (
    <div className={styles.root}>
      <Text className={styles.hint}>{t.conditionsHint}</Text>
      {categories.isPending && <SkeletonLines count={2} label={t.reading} />}
      {categories.isError && (
        <Failure
          what={t.categoriesNotRead}
          error={categories.error}
          onRetry={() => void categories.refetch()}
        />
      )}
      {categories.data !== undefined && (
        <div>
          <CategoryPicker
            label={t.classifications}
            categories={categories.data.classifications}
            chosen={draft.classifications}
            onChoose={(classifications) => onChange({ classifications })}
            problem={problems.get('classifications')}
          />
          <CategoryPicker
            label={t.products}
            categories={categories.data.products}
            chosen={draft.products}
            onChoose={(products) => onChange({ products })}
            problem={problems.get('products')}
          />
        </div>
      )}
      <TicksField label={t.severities}>
        <div className={styles.ticks}>
          {RULE_SEVERITIES.map((severity) => (
            <Checkbox
              key={severity}
              label={t.severity[severity]}
              checked={draft.severities.includes(severity)}
              onChange={(_, { checked }) =>
                onChange({
                  severities: RULE_SEVERITIES.filter((one) =>
                    one === severity ? checked === true : draft.severities.includes(one),
                  ),
                })
              }
            />
          ))}
        </div>
      </TicksField>
      <Field label={t.titleIncludes} hint={t.titleHint} {...fieldProblem(problems, 'titleIncludes')}>
        <Textarea
          rows={2}
          resize="vertical"
          value={draft.titleIncludes}
          onChange={(_, { value }) => onChange({ titleIncludes: value })}
        />
      </Field>
      <Field label={t.titleExcludes} hint={t.titleExcludesHint} {...fieldProblem(problems, 'titleExcludes')}>
        <Textarea
          rows={2}
          resize="vertical"
          value={draft.titleExcludes}
          onChange={(_, { value }) => onChange({ titleExcludes: value })}
        />
      </Field>
      <Field label={t.kinds}>
        <RadioGroup
          layout="horizontal"
          style={{ flexWrap: 'wrap' }}
          value={draft.kinds}
          onChange={(_, { value }) => onChange({ kinds: KINDS.find((one) => one === value) ?? 'all' })}
        >
          {KINDS.map((kind) => (
            <Radio key={kind} value={kind} label={kindWords[kind]} />
          ))}
        </RadioGroup>
      </Field>
      <Field label={t.superseded}>
        <RadioGroup
          layout="horizontal"
          style={{ flexWrap: 'wrap' }}
          value={draft.superseded}
          onChange={(_, { value }) =>
            onChange({ superseded: SUPERSEDED.find((one) => one === value) ?? 'exclude' })
          }
        >
          {SUPERSEDED.map((one) => (
            <Radio key={one} value={one} label={t.supersededWord[one]} />
          ))}
        </RadioGroup>
      </Field>
      <Field label={t.age} hint={t.ageHint} {...fieldProblem(problems, 'ageDays')}>
        <Input
          className={styles.short}
          type="number"
          min={0}
          max={365}
          value={draft.ageDays}
          onChange={(_, { value }) => onChange({ ageDays: value })}
        />
      </Field>
    </div>
  );
}
