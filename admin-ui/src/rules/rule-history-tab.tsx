/** What a rule did, and what it said when. */
import { Text, makeStyles, tokens } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import type { RuleHistory } from '../../../protocol/console/rules.ts';
import { Time } from '../format/time.tsx';
import { Failure } from '../frame/failure.tsx';
import { Section } from '../frame/section.tsx';
import { SkeletonLines } from '../frame/skeleton-lines.tsx';
import { useGroups } from '../groups/groups-query.ts';
import { useTexts } from '../language/use-texts.ts';
import { RuleStateBadge, runWords } from './rule-state.tsx';
import { describeConditions, describeDecision } from './rule-summary.ts';
import { useRuleHistory } from './rules-queries.ts';
import { texts } from './texts.ts';

const useStyles = makeStyles({
  list: { listStyleType: 'none', margin: 0, padding: 0 },
  entry: {
    display: 'flex',
    flexDirection: 'column',
    gap: '2px',
    padding: '8px 0',
    borderBottom: `1px solid ${tokens.colorNeutralStroke3}`,
    overflowWrap: 'anywhere',
  },
  quiet: { color: tokens.colorNeutralForeground3, fontSize: tokens.fontSizeBase200 },
});

export function RuleHistoryTab({ ruleId }: { readonly ruleId: number }): ReactElement {
  const t = useTexts(texts);
  const history = useRuleHistory(ruleId);
  if (history.isPending) return <SkeletonLines count={6} label={t.historyReading} />;
  if (history.isError) {
    return <Failure what={t.historyNotRead} error={history.error} onRetry={() => void history.refetch()} />;
  }
  return (
    <>
      <Section as="h3" title={t.runs}>
        <Runs runs={history.data.runs} />
      </Section>
      <Section as="h3" title={t.versions}>
        <Versions versions={history.data.versions} />
      </Section>
    </>
  );
}

function Runs({ runs }: { readonly runs: RuleHistory['runs'] }): ReactElement {
  const styles = useStyles();
  const t = useTexts(texts);
  if (runs.length === 0) return <Text>{t.noRuns}</Text>;
  return (
    <ul className={styles.list}>
      {runs.map((run) => (
        <li key={run.runId} className={styles.entry}>
          <Text>{runWords(run, t)}</Text>
          <span className={styles.quiet}>
            <Time at={run.finishedAt ?? run.createdAt} /> ·{' '}
            {run.requestedBy === undefined ? t.trigger[run.trigger] : t.askedBy(run.requestedBy)} ·{' '}
            {t.ruleVersion(run.ruleVersion)}
          </span>
        </li>
      ))}
    </ul>
  );
}

function Versions({ versions }: { readonly versions: RuleHistory['versions'] }): ReactElement {
  const styles = useStyles();
  const t = useTexts(texts);
  const groups = useGroups();
  const nameOf = (groupId: string): string | undefined =>
    groups.data?.find((group) => group.groupId === groupId)?.name;
  return (
    <ul className={styles.list}>
      {versions.map(({ version, savedBy, savedAt, enabled, definition }) => (
        <li key={version} className={styles.entry}>
          <Text weight="semibold">
            {t.versionLine(version, savedBy)} · <Time at={savedAt} />
          </Text>
          <RuleStateBadge enabled={enabled} />
          <Text>{definition.name}</Text>
          <span className={styles.quiet}>
            {describeConditions(definition.conditions, t, () => undefined)}
          </span>
          <span className={styles.quiet}>
            {describeDecision({ ...definition, missingGroupIds: [] }, t, nameOf)}
          </span>
        </li>
      ))}
    </ul>
  );
}
