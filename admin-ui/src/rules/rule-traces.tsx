/** Why an update was approved: what rules decided about it. */
import { makeStyles, tokens } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import type { UpdateDetails } from '../../../protocol/console/updates.ts';
import { Time } from '../format/time.tsx';
import { TextLink } from '../frame/link-button.tsx';
import { Section } from '../frame/section.tsx';
import { useTexts } from '../language/use-texts.ts';
import { texts } from './texts.ts';

const useStyles = makeStyles({
  list: { listStyleType: 'none', margin: 0, padding: 0, overflowWrap: 'anywhere' },
  entry: { padding: '4px 0', display: 'flex', flexDirection: 'column' },
  quiet: { color: tokens.colorNeutralForeground3, fontSize: tokens.fontSizeBase200 },
});

/** Nothing where no rule decided anything. */
export function RuleTraces({
  traces,
}: {
  readonly traces: UpdateDetails['ruleTraces'];
}): ReactElement | null {
  const styles = useStyles();
  const t = useTexts(texts);
  if (traces.length === 0) return null;
  return (
    <Section as="h3" title={t.whyTitle}>
      <ul className={styles.list} aria-label={t.whyTitle}>
        {traces.map((trace) => (
          <li key={`${trace.ruleId} ${trace.groupId}`} className={styles.entry}>
            <span>
              {trace.groupName ?? t.groupDeleted}: {t.actionWord[trace.action]},{' '}
              {trace.presentName === undefined ? (
                t.approvedBy(trace.ruleName, trace.ruleVersion)
              ) : (
                <TextLink to={`/rules?open=${trace.ruleId}&tab=history`}>
                  {t.approvedBy(trace.ruleName, trace.ruleVersion)}
                </TextLink>
              )}
            </span>
            <span className={styles.quiet}>
              <Time at={trace.at} />
              {trace.presentName === undefined && ` · ${t.ruleDeleted}`}
              {trace.presentName !== undefined &&
                trace.presentName !== trace.ruleName &&
                ` · ${t.nowCalled(trace.presentName)}`}
              {!trace.stands && ` · ${t.noLongerStands}`}
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}
