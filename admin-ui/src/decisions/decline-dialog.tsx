/** Declining: for every group, with what it takes away shown first. */
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
import type { ReactElement } from 'react';
import { countOf } from '../format/amounts.ts';
import { Failure } from '../frame/failure.tsx';
import { DecisionPreviewView } from './decision-preview-view.tsx';
import { useDecline, useDeclinePreview } from './decision-queries.ts';
import { UpdateTitles } from './update-titles.tsx';

const useStyles = makeStyles({
  surface: {
    overflowWrap: 'anywhere',
    maxWidth: '640px',
    width: 'calc(100vw - 32px)',
    '@media (max-width: 480px)': { padding: '16px', width: '100vw' },
  },
  content: { display: 'flex', flexDirection: 'column', gap: '16px' },
});

interface DeclineDialogProps {
  readonly updateIds: readonly string[];
  readonly onClose: () => void;
  readonly onDone: () => void;
}

export function DeclineDialog({ updateIds, onClose, onDone }: DeclineDialogProps): ReactElement {
  const styles = useStyles();
  const request = { updateIds: [...updateIds] };
  const preview = useDeclinePreview(request);
  const count = countOf(updateIds.length, 'update');
  const decline = useDecline(`Declined: ${count}`);
  return (
    <Dialog open onOpenChange={(_, { open }) => !open && onClose()}>
      <DialogSurface className={styles.surface}>
        <DialogBody>
          <DialogTitle>Decline {count}</DialogTitle>
          <DialogContent className={styles.content}>
            <UpdateTitles
              titles={preview.data?.updates.map(({ title }) => title) ?? []}
              total={updateIds.length}
            />
            <Text>
              A declined update is offered to no computer, and its approvals are removed in every group. What
              is installed stays installed. Approving it later brings it back.
            </Text>
            <DecisionPreviewView
              preview={preview.data}
              groupIds={[]}
              isReading={preview.isFetching}
              error={preview.error}
              hint=""
            />
            {decline.isError && <Failure what="Nothing was declined." error={decline.error} />}
          </DialogContent>
          <DialogActions>
            <Button onClick={onClose}>Cancel</Button>
            <Button
              appearance="primary"
              disabled={preview.data === undefined || decline.isPending}
              onClick={() => decline.mutate(request, { onSuccess: onDone })}
            >
              Decline
            </Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
