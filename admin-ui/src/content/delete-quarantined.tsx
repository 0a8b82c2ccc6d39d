/** Deleting the bytes that are kept in quarantine. */
import { Button } from '@fluentui/react-components';
import { DeleteRegular } from '@fluentui/react-icons/svg/delete';
import { useState, type ReactElement } from 'react';
import { formatBytes } from '../format/amounts.ts';
import { useNotice } from '../frame/notices.tsx';
import { TypedConfirmation } from '../frame/typed-confirmation.tsx';
import { useDeleteQuarantined, type ReadFile } from './content-queries.ts';

/** Digits that tell one file from another for people. */
const SHORT = 8;

export function DeleteQuarantined({ read }: { readonly read: ReadFile }): ReactElement {
  const [asked, setAsked] = useState<ReadFile>();
  const remove = useDeleteQuarantined();
  const notice = useNotice();
  const bytes = formatBytes(read.file.quarantinedBytes ?? 0);
  return (
    <>
      <Button size="small" icon={<DeleteRegular />} onClick={() => setAsked(read)}>
        Delete the bytes…
      </Button>
      {asked !== undefined && (
        <TypedConfirmation
          title="Delete the bytes in quarantine"
          name={asked.file.sha1.slice(0, SHORT)}
          action="Delete"
          isBusy={remove.isPending}
          error={remove.error}
          onConfirm={() =>
            remove.mutate(asked, {
              onSuccess: () => {
                setAsked(undefined);
                notice({ intent: 'success', title: `Deleted ${bytes} from quarantine` });
              },
            })
          }
          onClose={() => setAsked(undefined)}
        >
          {bytes} are deleted, and nobody can look into them any more. What was found of them stays here.
        </TypedConfirmation>
      )}
    </>
  );
}
