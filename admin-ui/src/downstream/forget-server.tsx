/** Forgetting a downstream server that is no more. */
import { Button } from '@fluentui/react-components';
import { DeleteRegular } from '@fluentui/react-icons/svg/delete';
import { useState, type ReactElement } from 'react';
import type { DownstreamServer } from '../../../protocol/console/downstream.ts';
import { useNotice } from '../frame/notices.tsx';
import { TypedConfirmation } from '../frame/typed-confirmation.tsx';
import { useForgetServer } from './downstream-queries.ts';

export function ForgetServer({ server }: { readonly server: DownstreamServer }): ReactElement {
  const [open, setOpen] = useState(false);
  const forget = useForgetServer();
  const notice = useNotice();
  const confirm = (): void =>
    forget.mutate(server.serverId, {
      onSuccess: () => notice({ intent: 'success', title: `Removed ${server.name}` }),
    });
  return (
    <>
      <Button size="small" icon={<DeleteRegular />} onClick={() => setOpen(true)}>
        Remove…
      </Button>
      {open && (
        <TypedConfirmation
          title={`Remove ${server.name}`}
          name={server.name}
          action="Remove"
          isBusy={forget.isPending}
          error={forget.error}
          onConfirm={confirm}
          onClose={() => setOpen(false)}
        >
          What it and the servers below it reported is deleted here. A server that still exists comes back
          with its next synchronization.
        </TypedConfirmation>
      )}
    </>
  );
}
