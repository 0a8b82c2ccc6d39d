/** How one update stands on the computers of downstream servers; nothing where none of them told of it. */
import { Button, Text, mergeClasses } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import { countOf } from '../format/amounts.ts';
import { Time } from '../format/time.tsx';
import { Failure } from '../frame/failure.tsx';
import { Section } from '../frame/section.tsx';
import { StateBadge } from '../states/state-badge.tsx';
import { StatusBar } from '../states/status-bar.tsx';
import { describeCounts } from '../states/update-states.ts';
import { useComputerRowStyles } from './computer-row-styles.ts';
import { useUpdateBelow } from './updates-queries.ts';

export function UpdateBelow({ updateId }: { readonly updateId: string }): ReactElement | undefined {
  const styles = useComputerRowStyles();
  const below = useUpdateBelow(updateId);
  const rows = below.data?.pages.flatMap((page) => page.items) ?? [];
  const first = below.data?.pages[0];
  if (below.isError)
    return (
      <Failure
        what="The computers of downstream servers could not be read."
        error={below.error}
        onRetry={() => void below.refetch()}
      />
    );
  if (first === undefined || first.total === 0) return undefined;
  return (
    <Section as="h3" title="Computers of downstream servers">
      <Text>
        {countOf(first.total, 'computer')} · {describeCounts(first.status)}
      </Text>
      <StatusBar counts={first.status} height={6} />
      {first.status.Failed > 0 && (
        <Text className={styles.quiet}>
          Why an installation failed is shown by the server that the computer reports to: servers tell each
          other states, not error codes.
        </Text>
      )}
      <ul className={styles.list} aria-label="Computers of downstream servers">
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
          Show more computers
        </Button>
      )}
    </Section>
  );
}
