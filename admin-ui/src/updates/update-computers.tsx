/** The state of one update on each computer. */
import { Button, Dropdown, Option, Text } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import { UPDATE_STATES, type UpdateState } from '../../../protocol/console/status.ts';
import { WhyLink } from '../explanation/why-link.tsx';
import { formatHresult } from '../format/amounts.ts';
import { Time } from '../format/time.tsx';
import { Failure } from '../frame/failure.tsx';
import { TextLink } from '../frame/link-button.tsx';
import { SkeletonLines } from '../frame/skeleton-lines.tsx';
import { useTexts } from '../language/use-texts.ts';
import { StateBadge } from '../states/state-badge.tsx';
import { texts as stateTexts } from '../states/texts.ts';
import { STATES_BY_URGENCY } from '../states/update-states.ts';
import { useComputerRowStyles } from './computer-row-styles.ts';
import { texts } from './texts.ts';
import { useUpdateComputers } from './updates-queries.ts';

interface UpdateComputersProps {
  readonly updateId: string;
  readonly state: UpdateState | undefined;
  readonly onState: (state: UpdateState | undefined) => void;
}

export function UpdateComputers({ updateId, state, onState }: UpdateComputersProps): ReactElement {
  const stateWords = useTexts(stateTexts);
  const t = useTexts(texts);
  const styles = useComputerRowStyles();
  const computers = useUpdateComputers(updateId, state);
  const rows = computers.data?.pages.flatMap((page) => page.items) ?? [];
  const total = computers.data?.pages[0]?.total;
  const word = state === undefined ? t.everyState : stateWords.states[state];
  return (
    <>
      <Dropdown
        size="small"
        aria-label={t.state}
        value={word}
        selectedOptions={[state ?? '']}
        onOptionSelect={(_, { optionValue }) => onState(UPDATE_STATES.find((one) => one === optionValue))}
      >
        <Option value="">{t.everyState}</Option>
        {STATES_BY_URGENCY.map((one) => (
          <Option key={one} value={one}>
            {stateWords.states[one]}
          </Option>
        ))}
      </Dropdown>
      {computers.isPending && <SkeletonLines count={4} label={t.readingComputers} />}
      {computers.isError && (
        <Failure what={t.computersNotRead} error={computers.error} onRetry={() => void computers.refetch()} />
      )}
      {total !== undefined && <Text>{total === 0 ? t.noComputer : t.computersIn(total)}</Text>}
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
                ` · ${t.error(formatHresult(computer.errorCode))}`}
              {computer.changedAt !== undefined && (
                <>
                  {' · '}
                  <Time at={computer.changedAt} />
                </>
              )}
              {' · '}
              <WhyLink computerId={computer.computerId} updateId={updateId} />
            </span>
          </li>
        ))}
      </ul>
      {computers.hasNextPage && (
        <Button disabled={computers.isFetchingNextPage} onClick={() => void computers.fetchNextPage()}>
          {t.moreComputers}
        </Button>
      )}
    </>
  );
}
