/** Approving, and removing approvals: groups, action, deadline, and below them what it will mean. */
import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  Text,
  makeStyles,
  tokens,
} from '@fluentui/react-components';
import { useState, type ReactElement } from 'react';
import { Failure } from '../frame/failure.tsx';
import { SkeletonLines } from '../frame/skeleton-lines.tsx';
import { useGroupName } from '../groups/group-name.ts';
import { GroupTicks } from '../groups/group-ticks.tsx';
import { useGroups } from '../groups/groups-query.ts';
import { useTexts } from '../language/use-texts.ts';
import { toggled } from '../list/selection.ts';
import { texts as stateTexts } from '../states/texts.ts';
import { ActionFields } from './action-fields.tsx';
import { deadlineOf, mayHaveDeadline, type ChosenAction } from './actions.ts';
import { DecisionPreviewView } from './decision-preview-view.tsx';
import { EulaTicks } from './eula-ticks.tsx';
import { useApprovalPreview, useApprove, type Approve } from './decision-queries.ts';
import { decidedGroups, presentState, stateAfter } from './present-state.ts';
import { texts } from './texts.ts';
import { UpdateTitles } from './update-titles.tsx';
import { usePresentUpdates } from './use-present-updates.ts';

const useStyles = makeStyles({
  surface: {
    overflowWrap: 'anywhere',
    maxWidth: '760px',
    width: 'calc(100vw - 32px)',
    '@media (max-width: 480px)': { padding: '16px', width: '100vw' },
  },
  content: { display: 'flex', flexDirection: 'column', gap: '16px' },
  after: { fontWeight: 600 },
  missing: { flexGrow: 1, color: tokens.colorNeutralForeground2 },
});

interface ApproveDialogProps {
  readonly mode: 'approve' | 'remove';
  readonly updateIds: readonly string[];
  readonly onClose: () => void;
  readonly onDone: () => void;
}

const NEEDS_TERMS: ReadonlySet<ChosenAction> = new Set(['Install', 'OptionalInstall']);

export function ApproveDialog({ mode, updateIds, onClose, onDone }: ApproveDialogProps): ReactElement {
  const t = useTexts(texts);
  const words = { decisions: t, states: useTexts(stateTexts), nameOf: useGroupName() };
  const styles = useStyles();
  const groups = useGroups();
  const present = usePresentUpdates(updateIds);
  const [chosen, setChosen] = useState<ReadonlySet<string>>();
  const [action, setAction] = useState<ChosenAction>('Install');
  const [deadline, setDeadline] = useState('');
  const [accepted, setAccepted] = useState<ReadonlySet<string>>(new Set());

  const isRemoval = mode === 'remove';
  const effectiveAction = isRemoval ? 'Remove' : action;
  const ticked = chosen ?? (isRemoval ? decidedGroups(present.updates) : new Set<string>());
  const by = mayHaveDeadline(effectiveAction) ? deadlineOf(deadline) : undefined;
  const request: Approve | undefined =
    ticked.size === 0
      ? undefined
      : {
          updateIds: [...updateIds],
          groupIds: [...ticked],
          action: effectiveAction,
          ...(by !== undefined && { deadline: by }),
        };
  const preview = useApprovalPreview(request);
  const shown = request === undefined ? undefined : preview.data;
  const eulas = NEEDS_TERMS.has(effectiveAction) ? (shown?.eulas ?? []) : [];
  const count = updateIds.length;
  const done = isRemoval ? t.approvalRemoved : action === 'Install' ? t.approved : t.decided;
  const approve = useApprove(done(count, ticked.size));
  const isAccepted = eulas.every(({ eulaId }) => accepted.has(eulaId));
  const isReady = shown !== undefined && !preview.isPlaceholderData && isAccepted;
  const missing = request === undefined ? t.noGroup : isAccepted ? '' : t.termsOpen;

  const submit = (): void => {
    if (request === undefined) return;
    approve.mutate({ ...request, acceptEulaIds: eulas.map(({ eulaId }) => eulaId) }, { onSuccess: onDone });
  };

  return (
    <Dialog open onOpenChange={(_, { open }) => !open && onClose()}>
      <DialogSurface className={styles.surface}>
        <DialogBody>
          <DialogTitle>{isRemoval ? t.removeTitle(count) : t.approveTitle(count)}</DialogTitle>
          <DialogContent className={styles.content}>
            <UpdateTitles titles={present.updates.map(({ title }) => title)} total={updateIds.length} />
            {groups.isError && (
              <Failure what={t.groupsNotRead} error={groups.error} onRetry={() => void groups.refetch()} />
            )}
            {groups.isPending && <SkeletonLines count={4} label={t.readingGroups} />}
            {groups.data !== undefined && (
              <GroupTicks
                label={t.groups}
                groups={groups.data}
                ticked={ticked}
                onTick={(groupId) => setChosen(toggled(ticked, groupId))}
                renderNote={({ groupId }) => {
                  const after = stateAfter(shown, groupId, words);
                  return (
                    <>
                      {presentState(present.updates, groupId, words)}
                      {after !== undefined && <span className={styles.after}> → {after}</span>}
                    </>
                  );
                }}
              />
            )}
            {!isRemoval && (
              <ActionFields
                action={action}
                onAction={setAction}
                deadline={deadline}
                onDeadline={setDeadline}
              />
            )}
            <DecisionPreviewView
              preview={shown}
              groupIds={[...ticked]}
              isReading={preview.isFetching}
              error={preview.error}
              hint={isRemoval ? t.tickToRemove : t.tickToSee}
            />
            <EulaTicks
              eulas={eulas}
              accepted={accepted}
              onAccept={(eulaId) => setAccepted(toggled(accepted, eulaId))}
            />
            {approve.isError && <Failure what={t.nothingDecided} error={approve.error} />}
          </DialogContent>
          <DialogActions fluid>
            <Text className={styles.missing}>{missing}</Text>
            <Button onClick={onClose}>{t.cancel}</Button>
            <Button appearance="primary" disabled={!isReady || approve.isPending} onClick={submit}>
              {isRemoval ? t.doRemove : t.doApprove}
            </Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
