/** What a rule would do now: how many, for whom, what is to be fetched, what is held back and why. */
import { Button, Subtitle2, Text, makeStyles, tokens } from '@fluentui/react-components';
import { ArrowClockwiseRegular } from '@fluentui/react-icons/svg/arrow-clockwise';
import type { ReactElement } from 'react';
import type { RulePreview } from '../../../protocol/console/rules.ts';
import { formatBytes, formatCount } from '../format/amounts.ts';
import { Time } from '../format/time.tsx';
import { Facts } from '../frame/facts.tsx';
import { Failure } from '../frame/failure.tsx';
import { TextLink } from '../frame/link-button.tsx';
import { SkeletonLines } from '../frame/skeleton-lines.tsx';
import { useTexts } from '../language/use-texts.ts';
import { texts, type RuleTexts } from './texts.ts';
import type { DryRun } from './use-dry-run.ts';

const useStyles = makeStyles({
  root: {
    display: 'flex',
    flexDirection: 'column',
    gap: '8px',
    padding: '12px 16px',
    borderRadius: tokens.borderRadiusMedium,
    backgroundColor: tokens.colorNeutralBackground3,
    overflowWrap: 'anywhere',
  },
  head: { display: 'flex', alignItems: 'center', gap: '8px', justifyContent: 'space-between' },
  stale: { opacity: 0.6 },
  result: { display: 'flex', flexDirection: 'column', gap: '8px' },
  quiet: { color: tokens.colorNeutralForeground3, fontSize: tokens.fontSizeBase200 },
  list: { listStyleType: 'none', margin: 0, padding: 0, maxHeight: '320px', overflowY: 'auto' },
  item: {
    display: 'flex',
    flexDirection: 'column',
    padding: '4px 0',
    borderBottom: `1px solid ${tokens.colorNeutralStroke3}`,
  },
});

interface DryRunViewProps {
  readonly dryRun: DryRun;
  /** Whether what is entered is a rule. */
  readonly isRule: boolean;
}

export function DryRunView({ dryRun, isRule }: DryRunViewProps): ReactElement {
  const styles = useStyles();
  const t = useTexts(texts);
  const { preview, isReading, error, lookAgain } = dryRun;
  return (
    <section className={styles.root} aria-label={t.dryRun} aria-busy={isReading}>
      <span className={styles.head}>
        <Subtitle2 as="h3">{t.dryRun}</Subtitle2>
        <Button
          size="small"
          appearance="subtle"
          icon={<ArrowClockwiseRegular />}
          aria-label={t.dryRun}
          disabled={!isRule || isReading}
          onClick={lookAgain}
        />
      </span>
      {!isRule && <Text>{t.dryRunHint}</Text>}
      {isRule && error !== undefined && <Failure what={t.dryRunFailed} error={error} onRetry={lookAgain} />}
      {isRule && error === undefined && preview === undefined && (
        <SkeletonLines count={4} label={t.dryRunReading} />
      )}
      {isRule && error === undefined && preview !== undefined && (
        <div className={isReading ? styles.stale : undefined}>
          <Result preview={preview} />
        </div>
      )}
    </section>
  );
}

/** In one sentence. */
export function summaryOf({ updates, matching }: RulePreview, t: RuleTexts): string {
  if (updates > 0) return t.wouldApprove(updates, matching);
  return matching > 0 ? t.wouldNothing : t.matchingNone;
}

function Result({ preview }: { readonly preview: RulePreview }): ReactElement {
  const styles = useStyles();
  const t = useTexts(texts);
  const { download, groups, items, held, heldItems } = preview;
  const names = new Map(groups.map(({ groupId, groupName }) => [groupId, groupName]));
  const named = (groupIds: readonly string[]): string =>
    groupIds.length === groups.length
      ? t.allGroups
      : groupIds.map((groupId) => names.get(groupId) ?? groupId).join(', ');
  return (
    <div className={styles.result}>
      <Text weight="semibold">{summaryOf(preview, t)}</Text>
      {preview.updates > 0 && (
        <Text>
          {t.onComputers(preview.computers)}.{' '}
          {download === undefined ? t.tooManyToAdd : t.toFetch(formatBytes(download.bytes), download.files)}
          {preview.deadline !== undefined && (
            <>
              {' '}
              {t.deadlineWouldBe} <Time at={preview.deadline} />
            </>
          )}
        </Text>
      )}
      {groups.length > 1 && preview.updates > 0 && (
        <Facts
          facts={groups.map(({ groupName, updates }) => ({ name: groupName, value: formatCount(updates) }))}
        />
      )}
      {items.length > 0 && (
        <>
          <Text className={styles.quiet}>{t.first(items.length, preview.updates)}</Text>
          <ul className={styles.list} aria-label={t.first(items.length, preview.updates)}>
            {items.map((item) => (
              <li key={item.updateId} className={styles.item}>
                <TextLink to={`/updates?open=${item.updateId}`}>{item.title}</TextLink>
                <span className={styles.quiet}>
                  {formatBytes(item.bytes)} · <Time at={item.arrivedAt} /> · {named(item.groupIds)}
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
      {held.length > 0 && (
        <>
          <Subtitle2 as="h4">{t.heldTitle}</Subtitle2>
          <Facts
            facts={held.map(({ reason, updates }) => ({ name: formatCount(updates), value: t.held[reason] }))}
          />
        </>
      )}
      {heldItems.length > 0 && (
        <ul className={styles.list} aria-label={t.heldTitle}>
          {heldItems.map((item) => (
            <li key={item.updateId} className={styles.item}>
              <TextLink to={`/updates?open=${item.updateId}`}>{item.title}</TextLink>
              <span className={styles.quiet}>
                {t.held[item.reason]}
                {item.until !== undefined && (
                  <>
                    {' '}
                    · {t.oldEnough} <Time at={item.until} />
                  </>
                )}{' '}
                · {named(item.groupIds)}
              </span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
