/** Deleting the bytes that are kept in quarantine. */
import { Button } from '@fluentui/react-components';
import { DeleteRegular } from '@fluentui/react-icons/svg/delete';
import { useState, type ReactElement } from 'react';
import { useNotice } from '../frame/notices.tsx';
import { TypedConfirmation } from '../frame/typed-confirmation.tsx';
import { useTexts } from '../language/use-texts.ts';
import { useDeleteQuarantined, type ReadFile } from './content-queries.ts';
import { texts } from './texts.ts';

/** Digits that tell one file from another for people. */
const SHORT = 8;

export function DeleteQuarantined({ read }: { readonly read: ReadFile }): ReactElement {
  const t = useTexts(texts);
  const [asked, setAsked] = useState<ReadFile>();
  const remove = useDeleteQuarantined();
  const notice = useNotice();
  const bytes = read.file.quarantinedBytes ?? 0;
  return (
    <>
      <Button size="small" icon={<DeleteRegular />} onClick={() => setAsked(read)}>
        {t.deleteBytes}
      </Button>
      {asked !== undefined && (
        <TypedConfirmation
          title={t.deleteTitle}
          name={asked.file.sha1.slice(0, SHORT)}
          action={t.delete}
          isBusy={remove.isPending}
          error={remove.error}
          onConfirm={() =>
            remove.mutate(asked, {
              onSuccess: () => {
                setAsked(undefined);
                notice({ intent: 'success', title: t.deleted(bytes) });
              },
            })
          }
          onClose={() => setAsked(undefined)}
        >
          {t.deleteMeans(bytes)}
        </TypedConfirmation>
      )}
    </>
  );
}
