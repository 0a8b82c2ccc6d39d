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
import { Failure } from '../frame/failure.tsx';
import { useTexts } from '../language/use-texts.ts';
import { DecisionPreviewView } from './decision-preview-view.tsx';
import { useDecline, useDeclinePreview } from './decision-queries.ts';
import { texts } from './texts.ts';
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
  const t = useTexts(texts);
  const styles = useStyles();
  const request = { updateIds: [...updateIds] };
  const preview = useDeclinePreview(request);
  const decline = useDecline(t.declined(updateIds.length));
  return (
    <Dialog open onOpenChange={(_, { open }) => !open && onClose()}>
      <DialogSurface className={styles.surface}>
        <DialogBody>
          <DialogTitle>{t.declineTitle(updateIds.length)}</DialogTitle>
          <DialogContent className={styles.content}>
            <UpdateTitles
              titles={preview.data?.updates.map(({ title }) => title) ?? []}
              total={updateIds.length}
            />
            <Text>{t.declineMeans}</Text>
            <DecisionPreviewView
              preview={preview.data}
              groupIds={[]}
              isReading={preview.isFetching}
              error={preview.error}
              hint=""
            />
            {decline.isError && <Failure what={t.nothingDeclined} error={decline.error} />}
          </DialogContent>
          <DialogActions>
            <Button onClick={onClose}>{t.cancel}</Button>
            <Button
              appearance="primary"
              disabled={preview.data === undefined || decline.isPending}
              onClick={() => decline.mutate(request, { onSuccess: onDone })}
            >
              {t.doDecline}
            </Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
