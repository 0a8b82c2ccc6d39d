/** Forgetting a computer that is no more. */
import { Button } from '@fluentui/react-components';
import { DeleteRegular } from '@fluentui/react-icons/svg/delete';
import { useState, type ReactElement } from 'react';
import { useNotice } from '../frame/notices.tsx';
import { TypedConfirmation } from '../frame/typed-confirmation.tsx';
import { useDeleteComputer } from './computers-queries.ts';

interface RemoveComputerProps {
  readonly computer: { readonly computerId: string; readonly dnsName: string };
  readonly onDone: () => void;
}

export function RemoveComputer({ computer, onDone }: RemoveComputerProps): ReactElement {
  const [open, setOpen] = useState(false);
  const remove = useDeleteComputer();
  const notice = useNotice();
  const name = computer.dnsName === '' ? computer.computerId : computer.dnsName;
  const confirm = (): void =>
    remove.mutate(computer.computerId, {
      onSuccess: () => {
        notice({ intent: 'success', title: `Removed ${name}` });
        onDone();
      },
    });
  return (
    <>
      <Button size="small" icon={<DeleteRegular />} onClick={() => setOpen(true)}>
        Remove…
      </Button>
      {open && (
        <TypedConfirmation
          title={`Remove ${name}`}
          name={name}
          action="Remove"
          isBusy={remove.isPending}
          error={remove.error}
          onConfirm={confirm}
          onClose={() => setOpen(false)}
        >
          What it reported is deleted with it. If the computer still exists, it comes back with its next scan,
          in Unassigned Computers.
        </TypedConfirmation>
      )}
    </>
  );
}
