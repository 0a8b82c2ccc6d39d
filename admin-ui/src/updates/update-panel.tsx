/** Details of one update, beside the list. */
import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import type { UpdateState } from '../../../protocol/console/status.ts';
import { ApiError } from '../api/api-error.ts';
import { DecisionButtons } from '../decisions/decision-buttons.tsx';
import { Failure } from '../frame/failure.tsx';
import { SidePanel } from '../frame/side-panel.tsx';
import { SkeletonLines } from '../frame/skeleton-lines.tsx';
import { useTexts } from '../language/use-texts.ts';
import { knownValue, type Change } from '../url/parameters.ts';
import { texts } from './texts.ts';
import { UpdateFactsTab } from './update-facts-tab.tsx';
import { UpdateFilesTab } from './update-files-tab.tsx';
import { UpdateRelationshipsTab } from './update-relationships-tab.tsx';
import { UpdateStatusTab } from './update-status-tab.tsx';
import { updateDetails } from './updates-queries.ts';
import { UPDATE_TABS, type UpdateTab } from './updates-url.ts';

interface UpdatePanelProps {
  readonly updateId: string;
  readonly tab: UpdateTab;
  readonly state: UpdateState | undefined;
  readonly onChange: (change: Change, how?: { readonly replace?: boolean }) => void;
  readonly onClose: () => void;
}

export function UpdatePanel({ updateId, tab, state, onChange, onClose }: UpdatePanelProps): ReactElement {
  const t = useTexts(texts);
  const details = useQuery(updateDetails(updateId));
  const isGone = details.error instanceof ApiError && details.error.status === 404;
  return (
    <SidePanel
      title={details.data?.title ?? (details.isPending ? t.pending : t.thisUpdate)}
      actions={details.data !== undefined && <DecisionButtons updateIds={[updateId]} />}
      tabs={UPDATE_TABS.map((value) => ({ value, label: t.tabs[value] }))}
      tab={tab}
      onTab={(value) =>
        onChange(
          { tab: knownValue(new URLSearchParams({ value }), 'value', UPDATE_TABS, 'details') },
          { replace: true },
        )
      }
      onClose={onClose}
    >
      {details.isPending && <SkeletonLines count={8} label={t.readingOne} />}
      {details.isError && (
        <Failure
          what={isGone ? t.notHere : t.oneNotRead}
          error={details.error}
          onRetry={() => void details.refetch()}
        />
      )}
      {details.data !== undefined && tab === 'details' && <UpdateFactsTab update={details.data} />}
      {details.data !== undefined && tab === 'status' && (
        <UpdateStatusTab
          update={details.data}
          state={state}
          onState={(next) => onChange({ state: next }, { replace: true })}
        />
      )}
      {details.data !== undefined && tab === 'relationships' && (
        <UpdateRelationshipsTab update={details.data} />
      )}
      {details.data !== undefined && tab === 'files' && <UpdateFilesTab files={details.data.files} />}
    </SidePanel>
  );
}
