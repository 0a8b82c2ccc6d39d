/** One content file, beside the list: what it is, what was found wrong with it, who signed it. */
import type { ReactElement } from 'react';
import { ApiError } from '../api/api-error.ts';
import { Failure } from '../frame/failure.tsx';
import { SidePanel } from '../frame/side-panel.tsx';
import { SkeletonLines } from '../frame/skeleton-lines.tsx';
import { useTexts } from '../language/use-texts.ts';
import { knownValue, type Change } from '../url/parameters.ts';
import { useContentFile, type ReadFile } from './content-queries.ts';
import { FILE_PARTS, type FilePart } from './content-url.ts';
import { DeleteQuarantined } from './delete-quarantined.tsx';
import { EvidenceTab } from './evidence-tab.tsx';
import { FileFactsTab } from './file-facts-tab.tsx';
import { SignatureTab } from './signature-tab.tsx';
import { texts } from './texts.ts';
import { TryNow } from './try-now.tsx';

interface ContentPanelProps {
  readonly sha1: string;
  readonly part: FilePart;
  readonly onChange: (change: Change, how?: { readonly replace?: boolean }) => void;
  readonly onClose: () => void;
}

export function ContentPanel({ sha1, part, onChange, onClose }: ContentPanelProps): ReactElement {
  const t = useTexts(texts);
  const details = useContentFile(sha1);
  const read = details.data;
  const isUnknown = details.error instanceof ApiError && details.error.status === 404;
  return (
    <SidePanel
      title={read?.file.fileName ?? (details.isPending ? t.pending : t.thisFile)}
      actions={read !== undefined && <Actions read={read} />}
      tabs={FILE_PARTS.map((value) => ({ value, label: t.parts[value] }))}
      tab={part}
      onTab={(value) =>
        onChange(
          { part: knownValue(new URLSearchParams({ value }), 'value', FILE_PARTS, 'details') },
          { replace: true },
        )
      }
      onClose={onClose}
    >
      {details.isPending && <SkeletonLines count={8} label={t.readingFile} />}
      {details.isError && (
        <Failure
          what={isUnknown ? t.fileUnknown : t.fileNotRead}
          error={details.error}
          onRetry={() => void details.refetch()}
        />
      )}
      {read !== undefined && part === 'details' && <FileFactsTab file={read.file} />}
      {read !== undefined && part === 'evidence' && <EvidenceTab file={read.file} />}
      {read !== undefined && part === 'signature' && <SignatureTab file={read.file} />}
    </SidePanel>
  );
}

function Actions({ read }: { readonly read: ReadFile }): ReactElement {
  const t = useTexts(texts);
  const { sha1, state, isRefused, quarantinedBytes } = read.file;
  return (
    <>
      {state === 'wanted' && <TryNow sha1s={[sha1]} label={t.tryNow} appearance="primary" />}
      {state === 'quarantined' &&
        (isRefused && quarantinedBytes !== undefined ? (
          <TryNow sha1s={[sha1]} label={t.judgeAgain} done={t.judging} appearance="primary" />
        ) : (
          <TryNow sha1s={[sha1]} label={t.fetchAgain} done={t.fetching} appearance="primary" />
        ))}
      {quarantinedBytes !== undefined && <DeleteQuarantined read={read} />}
    </>
  );
}
