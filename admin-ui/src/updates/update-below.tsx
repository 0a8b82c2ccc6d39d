/** How one update stands on the computers of downstream servers; nothing where none of them told of it. */
import { Button, Text, mergeClasses } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import { Time } from '../format/time.tsx';
import { Failure } from '../frame/failure.tsx';
import { Section } from '../frame/section.tsx';
import { useTexts } from '../language/use-texts.ts';
import { StateBadge } from '../states/state-badge.tsx';
import { StatusBar } from '../states/status-bar.tsx';
import { texts as stateTexts } from '../states/texts.ts';
import { describeCounts } from '../states/update-states.ts';
import { useComputerRowStyles } from './computer-row-styles.ts';
import { texts } from './texts.ts';
import { useUpdateBelow } from './updates-queries.ts';

export function UpdateBelow({ updateId }: { readonly updateId: string }): ReactElement | undefined {
  const stateWords = useTexts(stateTexts);
  const t = useTexts(texts);
  const styles = useComputerRowStyles();
  const below = useUpdateBelow(updateId);
  const rows = below.data?.pages.flatMap((page) => page.items) ?? [];
  const first = below.data?.pages[0];
  if (below.isError)
    return <Failure what={t.belowNotRead} error={below.error} onRetry={() => void below.refetch()} />;
  if (first === undefined || first.total === 0) return undefined;
  return (
    <Section as="h3" title={t.below}>
      <Text>
        {t.computersIn(first.total)} · {describeCounts(first.status, stateWords)}
      </Text>
      <StatusBar counts={first.status} height={6} />
      {first.status.Failed > 0 && <Text className={styles.quiet}>{t.whyBelow}</Text>}
      <ul className={styles.list} aria-label={t.below}>
        {rows.map((computer) => (
          <li key={computer.computerId} className={styles.row}>
            <span className={mergeClasses(styles.name, styles.text)}>{computer.dnsName}</span>
            <StateBadge state={computer.state} />
            <span className={styles.quiet}>
              {computer.serverName} · <Time at={computer.changedAt} />
            </span>
          </li>
        ))}
      </ul>
      {below.hasNextPage && (
        <Button disabled={below.isFetchingNextPage} onClick={() => void below.fetchNextPage()}>
          {t.moreComputers}
        </Button>
      )}
    </Section>
  );
}
