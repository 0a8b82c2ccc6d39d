/** Which groups computers are in. */
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
} from '@fluentui/react-components';
import { useState, type ReactElement } from 'react';
import { countOf } from '../format/amounts.ts';
import { Failure } from '../frame/failure.tsx';
import { useNotice } from '../frame/notices.tsx';
import { SkeletonLines } from '../frame/skeleton-lines.tsx';
import { GroupTicks } from '../groups/group-ticks.tsx';
import { useGroups } from '../groups/groups-query.ts';
import { toggled } from '../list/selection.ts';
import { useAssignGroups } from './computers-queries.ts';

const useStyles = makeStyles({
  surface: { overflowWrap: 'anywhere', maxWidth: '520px', width: 'calc(100vw - 32px)' },
  content: { display: 'flex', flexDirection: 'column', gap: '12px' },
});

interface MoveDialogProps {
  readonly computerIds: readonly string[];
  /** Groups ticked at first. */
  readonly present: readonly string[];
  readonly onClose: () => void;
  readonly onDone: () => void;
}

export function MoveDialog({ computerIds, present, onClose, onDone }: MoveDialogProps): ReactElement {
  const styles = useStyles();
  const groups = useGroups();
  const assign = useAssignGroups();
  const notice = useNotice();
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set(present));
  const count = countOf(computerIds.length, 'computer');
  const own = groups.data?.filter(({ isBuiltin }) => !isBuiltin) ?? [];
  const names = own.filter(({ groupId }) => ticked.has(groupId)).map(({ name }) => name);
  const where = names.length === 0 ? 'Unassigned Computers' : names.join(', ');
  const chosen = own.map(({ groupId }) => groupId).filter((groupId) => ticked.has(groupId));
  const move = (): void =>
    assign.mutate(
      { computerIds: [...computerIds], groupIds: chosen },
      {
        onSuccess: () => {
          notice({ intent: 'success', title: `Moved ${count}`, text: `Now in ${where}.` });
          onDone();
        },
      },
    );
  return (
    <Dialog open onOpenChange={(_, { open }) => !open && onClose()}>
      <DialogSurface className={styles.surface}>
        <DialogBody>
          <DialogTitle>Move {count} to groups</DialogTitle>
          <DialogContent className={styles.content}>
            <Text>
              They will be in the groups ticked here and in no others; with none ticked, in Unassigned
              Computers.
            </Text>
            {groups.isPending && <SkeletonLines count={4} label="Reading the groups" />}
            {groups.isError && (
              <Failure
                what="The groups could not be read."
                error={groups.error}
                onRetry={() => void groups.refetch()}
              />
            )}
            {groups.data !== undefined && own.length === 0 && (
              <Text>There are no groups yet: create one on the page Groups.</Text>
            )}
            <GroupTicks
              label="Groups"
              groups={own}
              ticked={ticked}
              onTick={(groupId) => setTicked(toggled(ticked, groupId))}
              renderNote={(group) => countOf(group.computers, 'computer')}
            />
            <Text aria-live="polite">
              Afterwards in: <b>{where}</b>
            </Text>
            {assign.isError && <Failure what="No computer was moved." error={assign.error} />}
          </DialogContent>
          <DialogActions>
            <Button onClick={onClose}>Cancel</Button>
            <Button
              appearance="primary"
              disabled={assign.isPending || groups.data === undefined}
              onClick={move}
            >
              Move
            </Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
