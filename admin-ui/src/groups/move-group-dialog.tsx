/** Putting a group below another one. */
import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  Radio,
  RadioGroup,
  Text,
  makeStyles,
} from '@fluentui/react-components';
import { useState, type ReactElement } from 'react';
import type { TargetGroup } from '../../../protocol/console/computers.ts';
import { Failure } from '../frame/failure.tsx';
import { useTexts } from '../language/use-texts.ts';
import { buildTree, flatten, idsBelow } from '../tree/tree.ts';
import { useGroupName } from './group-name.ts';
import { UNASSIGNED_COMPUTERS, useChangeGroup } from './groups-query.ts';
import { texts } from './texts.ts';

const useStyles = makeStyles({
  surface: { overflowWrap: 'anywhere', maxWidth: '480px', width: 'calc(100vw - 32px)' },
  content: { display: 'flex', flexDirection: 'column', gap: '12px' },
});

interface MoveGroupDialogProps {
  readonly group: TargetGroup;
  readonly groups: readonly TargetGroup[];
  readonly onClose: () => void;
}

export function MoveGroupDialog({ group, groups, onClose }: MoveGroupDialogProps): ReactElement {
  const nameOf = useGroupName();
  const t = useTexts(texts);
  const styles = useStyles();
  const change = useChangeGroup();
  const [parentId, setParentId] = useState(group.parentId ?? '');
  const all = flatten(buildTree(groups, ({ groupId }) => groupId));
  const own = all.find(({ id }) => id === group.groupId);
  const below = new Set(own === undefined ? [] : idsBelow(own));
  return (
    <Dialog open onOpenChange={(_, { open }) => !open && onClose()}>
      <DialogSurface className={styles.surface}>
        <DialogBody>
          <DialogTitle>{t.moveTitle(group.name)}</DialogTitle>
          <DialogContent className={styles.content}>
            <Text>{t.moveMeans}</Text>
            <RadioGroup
              aria-label={t.groupAbove}
              value={parentId}
              onChange={(_, data) => setParentId(data.value)}
            >
              {all
                .filter(({ id }) => id !== UNASSIGNED_COMPUTERS)
                .map(({ id, item, depth }) => (
                  <Radio
                    key={id}
                    value={id}
                    label={nameOf(id, item.name)}
                    disabled={below.has(id)}
                    style={{ paddingLeft: depth * 20 }}
                  />
                ))}
            </RadioGroup>
            {change.isError && <Failure what={t.notMoved} error={change.error} />}
          </DialogContent>
          <DialogActions>
            <Button onClick={onClose}>{t.cancel}</Button>
            <Button
              appearance="primary"
              disabled={change.isPending || parentId === group.parentId}
              onClick={() =>
                change.mutate({ groupId: group.groupId, change: { parentId } }, { onSuccess: onClose })
              }
            >
              {t.doMove}
            </Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
