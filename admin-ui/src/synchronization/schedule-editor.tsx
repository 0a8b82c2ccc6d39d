/** The plan's fields, and beside them the runs that they would give. */
import { Button, Text, makeStyles, tokens } from '@fluentui/react-components';
import { useState, type FormEvent, type ReactElement } from 'react';
import { NARROW } from '../frame/media.ts';
import { Failure } from '../frame/failure.tsx';
import { useNotice } from '../frame/notices.tsx';
import { Section } from '../frame/section.tsx';
import { useTexts } from '../language/use-texts.ts';
import { FastClassifications } from './fast-classifications.tsx';
import { NextRuns } from './next-runs.tsx';
import { PauseWindowsEditor } from './pause-windows-editor.tsx';
import { RetryFields } from './retry-fields.tsx';
import { ScheduleConflict } from './schedule-conflict.tsx';
import { draftOf, planOf, problemsOf, type PlanDraft } from './schedule-draft.ts';
import { useSchedulePreview, useSetSchedule, type SavedPlan } from './synchronization-queries.ts';
import { texts } from './texts.ts';
import { TimeZoneField } from './time-zone-field.tsx';
import { TimingFields } from './timing-fields.tsx';

const useStyles = makeStyles({
  columns: { display: 'flex', flexWrap: 'wrap', alignItems: 'flex-start', gap: '8px 48px' },
  fields: { flexGrow: 2, flexBasis: '480px', minWidth: 0, maxWidth: '680px' },
  zone: { display: 'flex' },
  // Beside the fields it stays in sight while they scroll.
  runs: {
    flexGrow: 1,
    flexBasis: '280px',
    minWidth: 0,
    maxWidth: '420px',
    position: 'sticky',
    top: 0,
    alignSelf: 'flex-start',
    [NARROW]: { position: 'static' },
  },
  bar: {
    position: 'sticky',
    bottom: '-20px',
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: '8px 16px',
    padding: '12px 0',
    backgroundColor: tokens.colorNeutralBackground1,
    borderTop: `1px solid ${tokens.colorNeutralStroke2}`,
    zIndex: 1,
  },
});

const browserZone = (): string => new Intl.DateTimeFormat().resolvedOptions().timeZone;

export function ScheduleEditor({ saved }: { readonly saved: SavedPlan }): ReactElement {
  const t = useTexts(texts);
  const styles = useStyles();
  /** What the draft began as. */
  const [base, setBase] = useState(saved);
  const [draft, setDraft] = useState(() => draftOf(saved.plan, browserZone()));
  const notice = useNotice();
  const save = useSetSchedule((kept) => {
    setBase(kept);
    notice({ intent: 'success', title: t.scheduleSaved, text: t.scheduleFollowed });
  });
  const result = planOf(draft);
  const plan = 'plan' in result ? result.plan : undefined;
  const preview = useSchedulePreview(plan);
  const refused = problemsOf(preview.error);
  const problems = new Map(
    [...('problems' in result ? result.problems : refused)].map(([field, said]) => [
      field,
      t.fieldProblem(field, said),
    ]),
  );
  const change = (part: Partial<PlanDraft>): void => setDraft({ ...draft, ...part });
  const isChanged = JSON.stringify(plan) !== JSON.stringify(base.plan);
  const begin = (from: SavedPlan): void => {
    setBase(from);
    setDraft(draftOf(from.plan, browserZone()));
  };
  const isOutdated = saved.version !== base.version && !save.isPending;
  // Nobody's work is lost where nobody began any.
  if (isOutdated && JSON.stringify(draft) === JSON.stringify(draftOf(base.plan, browserZone()))) begin(saved);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (plan !== undefined) save.mutate({ plan, version: base.version });
  };
  return (
    <form onSubmit={submit}>
      <div className={styles.columns}>
        <div className={styles.fields}>
          <Section title={t.mainSchedule}>
            <Text>{t.mainMeans}</Text>
            <TimingFields
              label={t.synchronizeWhen}
              offLabel={t.byHandOnly}
              path="main"
              draft={draft.main}
              problems={problems}
              onChange={(main) => change({ main })}
            />
            <div className={styles.zone}>
              <TimeZoneField
                value={draft.timeZone}
                problems={problems}
                onChange={(timeZone) => change({ timeZone })}
              />
            </div>
          </Section>
          <Section title={t.fasterSchedule}>
            <Text>{t.fasterMeans}</Text>
            <TimingFields
              label={t.synchronizeThese}
              offLabel={t.withRestOnly}
              path="fast.timing"
              draft={draft.fast}
              problems={problems}
              onChange={(fast) => change({ fast })}
            />
            {draft.fast.mode !== 'off' && (
              <FastClassifications
                chosen={draft.classifications}
                problems={problems}
                onChange={(classifications) => change({ classifications })}
              />
            )}
          </Section>
          <Section title={t.pauseWindows}>
            <PauseWindowsEditor
              windows={draft.pauseWindows}
              problems={problems}
              onChange={(pauseWindows) => change({ pauseWindows })}
            />
          </Section>
          <Section title={t.afterFailure}>
            <RetryFields draft={draft} problems={problems} onChange={change} />
          </Section>
        </div>
        <div className={styles.runs}>
          <NextRuns
            view={preview.data}
            isStale={problems.size > 0}
            error={refused.size > 0 ? null : preview.error}
          />
        </div>
      </div>
      {save.isError && !isOutdated && <Failure what={t.scheduleNotSaved} error={save.error} />}
      {isOutdated && (
        <ScheduleConflict
          base={base.plan}
          saved={saved.plan}
          onDiscard={() => {
            begin(saved);
            save.reset();
          }}
          onKeep={() => {
            setBase(saved);
            save.reset();
          }}
        />
      )}
      <div className={styles.bar}>
        <Button
          type="submit"
          appearance="primary"
          disabled={plan === undefined || preview.isError || !isChanged || isOutdated || save.isPending}
        >
          {t.saveSchedule}
        </Button>
        <Button disabled={!isChanged || isOutdated} onClick={() => begin(base)}>
          {t.discard}
        </Button>
        {problems.size > 0 && <Text>{t.correctFirst}</Text>}
      </div>
    </form>
  );
}
