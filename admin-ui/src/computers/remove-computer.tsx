/** Forgetting a computer that is no more. */
import { Button } from '@fluentui/react-components';
import { DeleteRegular } from '@fluentui/react-icons/svg/delete';
import { useState, type ReactElement } from 'react';
import { useNotice } from '../frame/notices.tsx';
import { TypedConfirmation } from '../frame/typed-confirmation.tsx';
import { useTexts } from '../language/use-texts.ts';
import { useDeleteComputer } from './computers-queries.ts';
import { texts } from './texts.ts';

interface RemoveComputerProps {
  readonly computer: { readonly computerId: string; readonly dnsName: string };
  readonly onDone: () => void;
}

export function RemoveComputer({ computer, onDone }: RemoveComputerProps): ReactElement {
  const t = useTexts(texts);
  const [open, setOpen] = useState(false);
  const remove = useDeleteComputer();
  const notice = useNotice();
  const name = computer.dnsName === '' ? computer.computerId : computer.dnsName;
  const confirm = (): void =>
    remove.mutate(computer.computerId, {
      onSuccess: () => {
        notice({ intent: 'success', title: t.removed(name) });
        onDone();
      },
    });
  return (
    <>
      <Button size="small" icon={<DeleteRegular />} onClick={() => setOpen(true)}>
        {t.remove}
      </Button>
      {open && (
        <TypedConfirmation
          title={t.removeTitle(name)}
          name={name}
          action={t.doRemove}
          isBusy={remove.isPending}
          error={remove.error}
          onConfirm={confirm}
          onClose={() => setOpen(false)}
        >
          {t.removeMeans}
        </TypedConfirmation>
      )}
    </>
  );
}
