/** The rules in the order in which they decide. There are a hundred at most, so that all are in the page. */
import { Button, Link, Text, Tooltip, makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { ArrowDownRegular } from '@fluentui/react-icons/svg/arrow-down';
import { ArrowUpRegular } from '@fluentui/react-icons/svg/arrow-up';
import type { ReactElement } from 'react';
import type { Rule } from '../../../protocol/console/rules.ts';
import { Time } from '../format/time.tsx';
import { NARROW } from '../frame/media.ts';
import { useGroups } from '../groups/groups-query.ts';
import { useTexts } from '../language/use-texts.ts';
import { useCategories } from '../synchronization/synchronization-queries.ts';
import { RuleStateBadge, runWords } from './rule-state.tsx';
import { describeConditions, describeDecision } from './rule-summary.ts';
import { texts } from './texts.ts';

const useStyles = makeStyles({
  list: { listStyleType: 'none', margin: 0, padding: 0 },
  rule: {
    display: 'grid',
    gridTemplateColumns: '24px minmax(0, 1fr) auto',
    gap: '2px 12px',
    alignItems: 'start',
    padding: '10px 8px',
    borderBottom: `1px solid ${tokens.colorNeutralStroke3}`,
    ':hover': { backgroundColor: tokens.colorSubtleBackgroundHover },
    [NARROW]: { gridTemplateColumns: 'minmax(0, 1fr) auto', padding: '10px 0' },
  },
  open: { backgroundColor: tokens.colorSubtleBackgroundSelected },
  place: { color: tokens.colorNeutralForeground3, textAlign: 'right', [NARROW]: { display: 'none' } },
  body: { display: 'flex', flexDirection: 'column', gap: '2px', minWidth: 0, overflowWrap: 'anywhere' },
  head: { display: 'flex', flexWrap: 'wrap', gap: '2px 12px', alignItems: 'center' },
  name: { fontWeight: tokens.fontWeightSemibold, textAlign: 'left' },
  quiet: { color: tokens.colorNeutralForeground3, fontSize: tokens.fontSizeBase200 },
  warning: { color: tokens.colorPaletteDarkOrangeForeground1, fontSize: tokens.fontSizeBase200 },
  moves: { display: 'flex' },
});

interface RuleListProps {
  readonly rules: readonly Rule[];
  readonly openId: number | undefined;
  readonly onOpen: (ruleId: number) => void;
  /** Undefined where nothing can be changed. */
  readonly onOrder: ((ruleIds: readonly number[]) => void) | undefined;
}

export function RuleList({ rules, openId, onOpen, onOrder }: RuleListProps): ReactElement {
  const styles = useStyles();
  const t = useTexts(texts);
  const groups = useGroups();
  const categories = useCategories();
  const names = new Map(groups.data?.map(({ groupId, name }) => [groupId, name]));
  const titles = new Map(
    [...(categories.data?.classifications ?? []), ...(categories.data?.products ?? [])].map(
      ({ updateId, title }) => [updateId, title],
    ),
  );
  const move = (index: number, by: number): void => {
    const ids = rules.map(({ ruleId }) => ruleId);
    const [moved] = ids.splice(index, 1);
    if (moved === undefined) return;
    ids.splice(index + by, 0, moved);
    onOrder?.(ids);
  };
  return (
    <ol className={styles.list}>
      {rules.map((rule, index) => (
        <li key={rule.ruleId} className={mergeClasses(styles.rule, rule.ruleId === openId && styles.open)}>
          <Text className={styles.place}>{index + 1}</Text>
          <div className={styles.body}>
            <span className={styles.head}>
              <Link
                as="button"
                className={styles.name}
                {...(rule.ruleId === openId && { 'aria-current': true })}
                onClick={() => onOpen(rule.ruleId)}
              >
                {rule.name}
              </Link>
              <RuleStateBadge enabled={rule.enabled} />
            </span>
            <Text>{describeConditions(rule.conditions, t, (id) => titles.get(id))}</Text>
            <Text>{describeDecision(rule, t, (id) => names.get(id))}</Text>
            <MissingGroups rule={rule} />
            <span className={styles.quiet}>
              {t.approvedSoFar(rule.approvedUpdates)} ·{' '}
              {rule.lastLookAt === undefined ? (
                t.neverLooked
              ) : (
                <>
                  {t.lastLook} <Time at={rule.lastLookAt} />
                </>
              )}
              {rule.lastRun !== undefined && ` · ${runWords(rule.lastRun, t)}`}
            </span>
          </div>
          {onOrder !== undefined && rules.length > 1 && (
            <span className={styles.moves}>
              <Tooltip content={t.moveUp(rule.name)} relationship="label">
                <Button
                  size="small"
                  appearance="subtle"
                  icon={<ArrowUpRegular />}
                  disabled={index === 0}
                  onClick={() => move(index, -1)}
                />
              </Tooltip>
              <Tooltip content={t.moveDown(rule.name)} relationship="label">
                <Button
                  size="small"
                  appearance="subtle"
                  icon={<ArrowDownRegular />}
                  disabled={index === rules.length - 1}
                  onClick={() => move(index, 1)}
                />
              </Tooltip>
            </span>
          )}
        </li>
      ))}
    </ol>
  );
}

function MissingGroups({ rule }: { readonly rule: Rule }): ReactElement | null {
  const styles = useStyles();
  const t = useTexts(texts);
  const missing = rule.missingGroupIds.length;
  if (missing === 0) return null;
  return (
    <span className={styles.warning}>
      {missing === rule.groupIds.length ? t.noGroups : t.someGroupsGone(missing)}
    </span>
  );
}
