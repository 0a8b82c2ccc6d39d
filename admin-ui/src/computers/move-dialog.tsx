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
import { Failure } from '../frame/failure.tsx';
import { useNotice } from '../frame/notices.tsx';
import { SkeletonLines } from '../frame/skeleton-lines.tsx';
import { GroupTicks } from '../groups/group-ticks.tsx';
import { useGroups } from '../groups/groups-query.ts';
import { useTexts } from '../language/use-texts.ts';
import { toggled } from '../list/selection.ts';
import { useAssignGroups } from './computers-queries.ts';
import { texts } from './texts.ts';

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
  const t = useTexts(texts);
  const styles = useStyles();
  const groups = useGroups();
  const assign = useAssignGroups();
  const notice = useNotice();
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set(present));
  const count = computerIds.length;
  const own = groups.data?.filter(({ isBuiltin }) => !isBuiltin) ?? [];
  const names = own.filter(({ groupId }) => ticked.has(groupId)).map(({ name }) => name);
  const where = names.length === 0 ? t.unassigned : names.join(', ');
  const chosen = own.map(({ groupId }) => groupId).filter((groupId) => ticked.has(groupId));
  const move = (): void =>
    assign.mutate(
      { computerIds: [...computerIds], groupIds: chosen },
      {
        onSuccess: () => {
          notice({ intent: 'success', title: t.moved(count), text: t.nowIn(where) });
          onDone();
        },
      },
    );
  return (
    <Dialog open onOpenChange={(_, { open }) => !open && onClose()}>
      <DialogSurface className={styles.surface}>
        <DialogBody>
          <DialogTitle>{t.moveTitle(count)}</DialogTitle>
          <DialogContent className={styles.content}>
            <Text>{t.moveMeans}</Text>
            {groups.isPending && <SkeletonLines count={4} label={t.readingGroups} />}
            {groups.isError && (
              <Failure what={t.groupsNotRead} error={groups.error} onRetry={() => void groups.refetch()} />
            )}
            {groups.data !== undefined && own.length === 0 && <Text>{t.noGroups}</Text>}
            <GroupTicks
              label={t.groups}
              groups={own}
              ticked={ticked}
              onTick={(groupId) => setTicked(toggled(ticked, groupId))}
              renderNote={(group) => t.computersIn(group.computers)}
            />
            <Text aria-live="polite">
              {t.afterwards} <b>{where}</b>
            </Text>
            {assign.isError && <Failure what={t.noneMoved} error={assign.error} />}
          </DialogContent>
          <DialogActions>
            <Button onClick={onClose}>{t.cancel}</Button>
            <Button
              appearance="primary"
              disabled={assign.isPending || groups.data === undefined}
              onClick={move}
            >
              {t.move}
            </Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
