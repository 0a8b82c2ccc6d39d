/** Forgetting a downstream server that is no more. */
import { Button } from '@fluentui/react-components';
import { DeleteRegular } from '@fluentui/react-icons/svg/delete';
import { useState, type ReactElement } from 'react';
import type { DownstreamServer } from '../../../protocol/console/downstream.ts';
import { useNotice } from '../frame/notices.tsx';
import { TypedConfirmation } from '../frame/typed-confirmation.tsx';
import { useTexts } from '../language/use-texts.ts';
import { useForgetServer } from './downstream-queries.ts';
import { texts } from './texts.ts';

export function ForgetServer({ server }: { readonly server: DownstreamServer }): ReactElement {
  const t = useTexts(texts);
  const [open, setOpen] = useState(false);
  const forget = useForgetServer();
  const notice = useNotice();
  const confirm = (): void =>
    forget.mutate(server.serverId, {
      onSuccess: () => notice({ intent: 'success', title: t.removed(server.name) }),
    });
  return (
    <>
      <Button size="small" icon={<DeleteRegular />} onClick={() => setOpen(true)}>
        {t.remove}
      </Button>
      {open && (
        <TypedConfirmation
          title={t.removeTitle(server.name)}
          name={server.name}
          action={t.doRemove}
          isBusy={forget.isPending}
          error={forget.error}
          onConfirm={confirm}
          onClose={() => setOpen(false)}
        >
          {t.removeMeans}
        </TypedConfirmation>
      )}
    </>
  );
}
