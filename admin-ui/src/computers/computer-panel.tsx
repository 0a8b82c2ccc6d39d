/** Details of one computer, beside the list. */
import { Button } from '@fluentui/react-components';
import { useState, type ReactElement } from 'react';
import { ApiError } from '../api/api-error.ts';
import { Failure } from '../frame/failure.tsx';
import { SidePanel } from '../frame/side-panel.tsx';
import { SkeletonLines } from '../frame/skeleton-lines.tsx';
import { useTexts } from '../language/use-texts.ts';
import { knownValue, type Change } from '../url/parameters.ts';
import { ComputerEventsTab } from './computer-events-tab.tsx';
import { ComputerFactsTab } from './computer-facts-tab.tsx';
import { ComputerUpdatesTab } from './computer-updates-tab.tsx';
import { useComputer } from './computers-queries.ts';
import { COMPUTER_TABS, type ComputerTab } from './computers-url.ts';
import { MoveDialog } from './move-dialog.tsx';
import { RemoveComputer } from './remove-computer.tsx';
import { texts } from './texts.ts';

interface ComputerPanelProps {
  readonly computerId: string;
  readonly tab: ComputerTab;
  readonly onChange: (change: Change, how?: { readonly replace?: boolean }) => void;
  readonly onClose: () => void;
}

export function ComputerPanel({ computerId, tab, onChange, onClose }: ComputerPanelProps): ReactElement {
  const t = useTexts(texts);
  const details = useComputer(computerId);
  const [moving, setMoving] = useState(false);
  const computer = details.data;
  const isGone = details.error instanceof ApiError && details.error.status === 404;
  return (
    <SidePanel
      title={computer?.dnsName ?? (details.isPending ? t.pending : t.thisComputer)}
      actions={
        computer !== undefined && (
          <>
            <Button size="small" onClick={() => setMoving(true)}>
              {t.moveToGroups}
            </Button>
            <RemoveComputer computer={computer} onDone={onClose} />
          </>
        )
      }
      tabs={COMPUTER_TABS.map((value) => ({ value, label: t.tabs[value] }))}
      tab={tab}
      onTab={(value) =>
        onChange(
          { tab: knownValue(new URLSearchParams({ value }), 'value', COMPUTER_TABS, 'details') },
          { replace: true },
        )
      }
      onClose={onClose}
    >
      {details.isPending && <SkeletonLines count={8} label={t.readingOne} />}
      {details.isError && (
        <Failure
          what={isGone ? t.unknown : t.oneNotRead}
          error={details.error}
          onRetry={() => void details.refetch()}
        />
      )}
      {computer !== undefined && tab === 'details' && <ComputerFactsTab computer={computer} />}
      {computer !== undefined && tab === 'updates' && (
        <ComputerUpdatesTab computerId={computerId} updates={computer.updates} />
      )}
      {computer !== undefined && tab === 'events' && <ComputerEventsTab events={computer.events} />}
      {moving && computer !== undefined && (
        <MoveDialog
          computerIds={[computerId]}
          present={computer.groups.map(({ groupId }) => groupId)}
          onClose={() => setMoving(false)}
          onDone={() => setMoving(false)}
        />
      )}
    </SidePanel>
  );
}
