/** Approve, decline, remove: each opens a dialog that shows what it would mean. */
import { Button } from '@fluentui/react-components';
import { CheckmarkCircleRegular } from '@fluentui/react-icons/svg/checkmark-circle';
import { ProhibitedRegular } from '@fluentui/react-icons/svg/prohibited';
import { SubtractCircleRegular } from '@fluentui/react-icons/svg/subtract-circle';
import { useState, type ReactElement } from 'react';
import { useTexts } from '../language/use-texts.ts';
import { useReplicaOf } from '../replica/use-replica-of.ts';
import { ApproveDialog } from './approve-dialog.tsx';
import { DeclineDialog } from './decline-dialog.tsx';
import { texts } from './texts.ts';

interface DecisionButtonsProps {
  readonly updateIds: readonly string[];
  /** The button says how many. */
  readonly named?: boolean;
  readonly onDone?: () => void;
}

/** The server takes no more in one request. */
const MOST = 1000;

export function DecisionButtons({ updateIds, named = false, onDone }: DecisionButtonsProps): ReactElement {
  const t = useTexts(texts);
  const [open, setOpen] = useState<'approve' | 'decline' | 'remove'>();
  const close = (): void => setOpen(undefined);
  const done = (): void => {
    close();
    onDone?.();
  };
  const tooMany = updateIds.length > MOST;
  const replicaOf = useReplicaOf();
  const disabled = tooMany || replicaOf !== undefined;
  return (
    <>
      <Button
        size="small"
        appearance="primary"
        icon={<CheckmarkCircleRegular />}
        disabled={disabled}
        onClick={() => setOpen('approve')}
      >
        {named ? t.approveUpdates(updateIds.length) : t.approve}
      </Button>
      <Button
        size="small"
        icon={<ProhibitedRegular />}
        disabled={disabled}
        onClick={() => setOpen('decline')}
      >
        {t.decline}
      </Button>
      <Button
        size="small"
        icon={<SubtractCircleRegular />}
        disabled={disabled}
        onClick={() => setOpen('remove')}
      >
        {t.removeApproval}
      </Button>
      {replicaOf !== undefined && <span>{t.decidedOn(replicaOf)}</span>}
      {tooMany && replicaOf === undefined && <span>{t.atMost(MOST)}</span>}
      {(open === 'approve' || open === 'remove') && (
        <ApproveDialog mode={open} updateIds={updateIds} onClose={close} onDone={done} />
      )}
      {open === 'decline' && <DeclineDialog updateIds={updateIds} onClose={close} onDone={done} />}
    </>
  );
}
