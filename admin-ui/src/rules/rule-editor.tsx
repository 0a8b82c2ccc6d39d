/** A rule's fields, and below them what it would do. */
import {
  Button,
  Field,
  Input,
  MessageBar,
  MessageBarActions,
  MessageBarBody,
  MessageBarTitle,
  Text,
  makeStyles,
  tokens,
} from '@fluentui/react-components';
import { useEffect, useState, type FormEvent, type ReactElement } from 'react';
import type { RuleBody, RulePreviewRequest } from '../../../protocol/console/rules.ts';
import { Failure } from '../frame/failure.tsx';
import { useNotice } from '../frame/notices.tsx';
import { Section } from '../frame/section.tsx';
import { useTexts } from '../language/use-texts.ts';
import { ConditionFields } from './condition-fields.tsx';
import { DecisionFields } from './decision-fields.tsx';
import { DryRunView, summaryOf } from './dry-run-view.tsx';
import { fieldProblem } from './field-problem.ts';
import { draftOf, ruleOf, type RuleDraft, type RuleProblems } from './rule-draft.ts';
import { useSaveRule, type VersionedRule } from './rules-queries.ts';
import { texts } from './texts.ts';
import { useDryRun } from './use-dry-run.ts';

const useStyles = makeStyles({
  name: { marginBottom: '24px' },
  bar: {
    position: 'sticky',
    bottom: '-24px',
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: '8px 12px',
    padding: '12px 0',
    marginTop: '16px',
    backgroundColor: tokens.colorNeutralBackground1,
    borderTop: `1px solid ${tokens.colorNeutralStroke2}`,
    zIndex: 1,
  },
});

export const browserZone = (): string => new Intl.DateTimeFormat().resolvedOptions().timeZone;

const NO_PROBLEMS: RuleProblems = new Map();

interface RuleEditorProps {
  /** Undefined: it is made. */
  readonly saved: VersionedRule | undefined;
  readonly start: RuleDraft;
  readonly onSaved: (rule: VersionedRule) => void;
  /** Told whether there is something to lose. */
  readonly onDirty: (isDirty: boolean) => void;
}

export function RuleEditor({ saved, start, onSaved, onDirty }: RuleEditorProps): ReactElement {
  const t = useTexts(texts);
  const styles = useStyles();
  /** What the draft began as, and of which version. */
  const [base, setBase] = useState({ saved, draft: start });
  const [draft, setDraft] = useState(start);
  const [isTried, setIsTried] = useState(false);
  const notice = useNotice();
  const save = useSaveRule((kept) => {
    setIsTried(false);
    notice({
      intent: 'success',
      title: t.saved,
      text: kept.value.enabled ? t.savedOn : t.savedOff,
    });
    const next = draftOf(kept.value, browserZone());
    setBase({ saved: kept, draft: next });
    setDraft(next);
    onSaved(kept);
  });
  const isChanged = JSON.stringify(draft) !== JSON.stringify(base.draft);
  useEffect(() => onDirty(isChanged), [isChanged, onDirty]);
  const begin = (from: VersionedRule): void => {
    const next = draftOf(from.value, browserZone());
    setBase({ saved: from, draft: next });
    setDraft(next);
    save.reset();
  };
  const isOutdated =
    saved !== undefined && base.saved !== undefined && saved.value.version > base.saved.value.version;
  // Nobody's work is lost where nobody began any.
  if (isOutdated && !isChanged && !save.isPending) begin(saved);

  const result = ruleOf(draft, base.saved?.value.enabled ?? false, t);
  const body = 'body' in result ? result.body : undefined;
  // A blank form is no mistake yet.
  const problems = 'problems' in result && (isTried || saved !== undefined) ? result.problems : NO_PROBLEMS;
  const request = body === undefined ? undefined : previewOf(body, saved?.value.ruleId);
  const dryRun = useDryRun(request, `${saved?.value.approvedUpdates ?? 0}`);
  const submit = (enabled: boolean): void => {
    setIsTried(true);
    if (body === undefined) return;
    const rule =
      base.saved === undefined
        ? {}
        : { rule: { ruleId: base.saved.value.ruleId, version: base.saved.version } };
    save.mutate({ ...rule, body: { ...body, enabled } });
  };
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    submit(base.saved?.value.enabled ?? false);
  };
  const change = (part: Partial<RuleDraft>): void => setDraft({ ...draft, ...part });
  const isBlocked = save.isPending || (isOutdated && isChanged);
  return (
    <form onSubmit={onSubmit}>
      <Field className={styles.name} label={t.name} hint={t.nameHint} {...fieldProblem(problems, 'name')}>
        <Input maxLength={100} value={draft.name} onChange={(_, { value }) => change({ name: value })} />
      </Field>
      <Section as="h3" title={t.conditions}>
        <ConditionFields draft={draft} problems={problems} onChange={change} />
      </Section>
      <Section as="h3" title={t.what}>
        <DecisionFields draft={draft} problems={problems} onChange={change} />
      </Section>
      <DryRunView dryRun={dryRun} isRule={body !== undefined} />
      {save.isError && !isOutdated && <Failure what={t.notSaved} error={save.error} />}
      {isOutdated && isChanged && (
        <MessageBar intent="warning" layout="multiline" role="alert">
          <MessageBarBody>
            <MessageBarTitle>{t.conflictTitle}</MessageBarTitle> {t.conflictText(saved.value.changedBy)}
          </MessageBarBody>
          <MessageBarActions>
            <Button onClick={() => begin(saved)}>{t.discardMine}</Button>
            <Button
              onClick={() => {
                setBase({ saved, draft: draftOf(saved.value, browserZone()) });
                save.reset();
              }}
            >
              {t.keepMine}
            </Button>
          </MessageBarActions>
        </MessageBar>
      )}
      <div className={styles.bar}>
        {saved === undefined ? (
          <>
            <Button type="submit" appearance="primary" disabled={isBlocked}>
              {t.saveOff}
            </Button>
            <Button disabled={isBlocked} onClick={() => submit(true)}>
              {t.saveOn}
            </Button>
          </>
        ) : (
          <>
            <Button type="submit" appearance="primary" disabled={isBlocked || !isChanged}>
              {t.save}
            </Button>
            <Button disabled={!isChanged || isOutdated} onClick={() => setDraft(base.draft)}>
              {t.discard}
            </Button>
          </>
        )}
        <Text aria-live="polite">
          {problems.size > 0 && t.correct}
          {body !== undefined && dryRun.preview !== undefined && summaryOf(dryRun.preview, t)}
        </Text>
      </div>
    </form>
  );
}

function previewOf(body: RuleBody, ruleId: number | undefined): RulePreviewRequest {
  const { enabled: _, ...definition } = body;
  return { ...definition, ...(ruleId === undefined ? {} : { ruleId }) };
}
