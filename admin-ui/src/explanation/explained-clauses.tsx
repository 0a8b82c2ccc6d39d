/** Prerequisites as an AND of ORs, each met or missed, with what a missed one waits for. */
import { CheckmarkCircleFilled } from '@fluentui/react-icons/svg/checkmark-circle';
import { DismissCircleFilled } from '@fluentui/react-icons/svg/dismiss-circle';
import { Text, makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import type { ExplainedAlternative, ExplainedClause } from '../../../protocol/console/explanation.ts';
import { useTexts } from '../language/use-texts.ts';
import { texts, type ExplanationTexts } from './texts.ts';

const useStyles = makeStyles({
  list: {
    listStyleType: 'none',
    margin: 0,
    padding: 0,
    display: 'flex',
    flexDirection: 'column',
    gap: '8px',
  },
  clause: {
    display: 'grid',
    gridTemplateColumns: '20px minmax(0, 1fr)',
    gap: '2px 8px',
    padding: '8px 12px',
    borderRadius: tokens.borderRadiusMedium,
    border: `1px solid ${tokens.colorNeutralStroke2}`,
  },
  icon: { width: '20px', height: '20px' },
  met: { color: tokens.colorPaletteGreenForeground1 },
  missed: { color: tokens.colorPaletteRedForeground1 },
  alternatives: { margin: 0, padding: 0, listStyleType: 'none', overflowWrap: 'anywhere' },
  quiet: { color: tokens.colorNeutralForeground3 },
});

export function ExplainedClauses({
  clauses,
}: {
  readonly clauses: readonly ExplainedClause[];
}): ReactElement {
  const styles = useStyles();
  const t = useTexts(texts);
  return (
    <ul className={styles.list}>
      {clauses.map((clause) => {
        const Icon = clause.isMet ? CheckmarkCircleFilled : DismissCircleFilled;
        const word = clause.isMet ? t.met : t.missed;
        return (
          <li key={clause.anyOf.map(({ update }) => update.updateId).join()} className={styles.clause}>
            <Icon className={mergeClasses(styles.icon, clause.isMet ? styles.met : styles.missed)} />
            <Text weight="semibold">
              {word}
              {clause.anyOf.length > 1 && <span className={styles.quiet}> · {t.oneOf}</span>}
            </Text>
            <span />
            <ul className={styles.alternatives}>
              {clause.anyOf.map((alternative) => (
                <li key={alternative.update.updateId}>
                  {nameOf(alternative, t)}{' '}
                  <span className={styles.quiet}>– {standingOf(alternative, t)}</span>
                </li>
              ))}
            </ul>
          </li>
        );
      })}
    </ul>
  );
}

export const nameOf = (
  { update }: Pick<ExplainedAlternative, 'update'>,
  t: Pick<ExplanationTexts, 'notHere'>,
): string => update.title ?? t.notHere(update.updateId);

function standingOf({ isInstalled, isOffered }: ExplainedAlternative, t: ExplanationTexts): string {
  if (isInstalled) return t.installed;
  return isOffered ? t.askedNotInstalled : t.heldBack;
}
