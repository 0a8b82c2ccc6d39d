/** The state of one update on each computer. */
import { Button, Dropdown, Option, Text } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import { UPDATE_STATES, type UpdateState } from '../../../protocol/console/status.ts';
import { explanationPath } from '../explanation/explanation-query.ts';
import { countOf, formatHresult } from '../format/amounts.ts';
import { Time } from '../format/time.tsx';
import { Failure } from '../frame/failure.tsx';
import { TextLink } from '../frame/link-button.tsx';
import { SkeletonLines } from '../frame/skeleton-lines.tsx';
import { StateBadge } from '../states/state-badge.tsx';
import { STATE_LOOKS, STATES_BY_URGENCY } from '../states/update-states.ts';
import { useComputerRowStyles } from './computer-row-styles.ts';
import { useUpdateComputers } from './updates-queries.ts';

interface UpdateComputersProps {
  readonly updateId: string;
  readonly state: UpdateState | undefined;
  readonly onState: (state: UpdateState | undefined) => void;
}

export function UpdateComputers({ updateId, state, onState }: UpdateComputersProps): ReactElement {
  const styles = useComputerRowStyles();
  const computers = useUpdateComputers(updateId, state);
  const rows = computers.data?.pages.flatMap((page) => page.items) ?? [];
  const total = computers.data?.pages[0]?.total;
  const word = state === undefined ? 'Every state' : STATE_LOOKS[state].word;
  return (
    <>
      <Dropdown
        size="small"
        aria-label="State"
        value={word}
        selectedOptions={[state ?? '']}
        onOptionSelect={(_, { optionValue }) => onState(UPDATE_STATES.find((one) => one === optionValue))}
      >
        <Option value="">Every state</Option>
        {STATES_BY_URGENCY.map((one) => (
          <Option key={one} value={one}>
            {STATE_LOOKS[one].word}
          </Option>
        ))}
      </Dropdown>
      {computers.isPending && <SkeletonLines count={4} label="Reading the computers" />}
      {computers.isError && (
        <Failure
          what="The computers could not be read."
          error={computers.error}
          onRetry={() => void computers.refetch()}
        />
      )}
      {total !== undefined && <Text>{total === 0 ? 'No computer.' : countOf(total, 'computer')}</Text>}
      <ul className={styles.list}>
        {rows.map((computer) => (
          <li key={computer.computerId} className={styles.row}>
            <span className={styles.name}>
              <TextLink to={`/computers?open=${encodeURIComponent(computer.computerId)}`}>
                {computer.dnsName}
              </TextLink>
            </span>
            <StateBadge state={computer.state} />
            <span className={styles.quiet}>
              {computer.groups.join(', ')}
              {computer.errorCode !== undefined &&
                computer.errorCode !== 0 &&
                ` · error ${formatHresult(computer.errorCode)}`}
              {computer.changedAt !== undefined && (
                <>
                  {' · '}
                  <Time at={computer.changedAt} />
                </>
              )}
              {' · '}
              <TextLink to={explanationPath(computer.computerId, updateId)}>Why?</TextLink>
            </span>
          </li>
        ))}
      </ul>
      {computers.hasNextPage && (
        <Button disabled={computers.isFetchingNextPage} onClick={() => void computers.fetchNextPage()}>
          Show more computers
        </Button>
      )}
    </>
  );
}
