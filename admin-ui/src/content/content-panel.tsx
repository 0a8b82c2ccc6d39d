/** One content file, beside the list: what it is, what was found wrong with it, who signed it. */
import type { ReactElement } from 'react';
import { ApiError } from '../api/api-error.ts';
import { Failure } from '../frame/failure.tsx';
import { SidePanel, type PanelTab } from '../frame/side-panel.tsx';
import { SkeletonLines } from '../frame/skeleton-lines.tsx';
import { knownValue, type Change } from '../url/parameters.ts';
import { useContentFile, type ReadFile } from './content-queries.ts';
import { FILE_PARTS, type FilePart } from './content-url.ts';
import { DeleteQuarantined } from './delete-quarantined.tsx';
import { EvidenceTab } from './evidence-tab.tsx';
import { FileFactsTab } from './file-facts-tab.tsx';
import { SignatureTab } from './signature-tab.tsx';
import { TryNow } from './try-now.tsx';

const PARTS: readonly (PanelTab & { readonly value: FilePart })[] = [
  { value: 'details', label: 'Details' },
  { value: 'evidence', label: 'Evidence' },
  { value: 'signature', label: 'Signature' },
];

interface ContentPanelProps {
  readonly sha1: string;
  readonly part: FilePart;
  readonly onChange: (change: Change, how?: { readonly replace?: boolean }) => void;
  readonly onClose: () => void;
}

export function ContentPanel({ sha1, part, onChange, onClose }: ContentPanelProps): ReactElement {
  const details = useContentFile(sha1);
  const read = details.data;
  const isUnknown = details.error instanceof ApiError && details.error.status === 404;
  return (
    <SidePanel
      title={read?.file.fileName ?? (details.isPending ? 'Reading…' : 'This file')}
      actions={read !== undefined && <Actions read={read} />}
      tabs={PARTS}
      tab={part}
      onTab={(value) =>
        onChange(
          { part: knownValue(new URLSearchParams({ value }), 'value', FILE_PARTS, 'details') },
          { replace: true },
        )
      }
      onClose={onClose}
    >
      {details.isPending && <SkeletonLines count={8} label="Reading the file" />}
      {details.isError && (
        <Failure
          what={isUnknown ? 'The file is not known here.' : 'The file could not be read.'}
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
  const { sha1, state, isRefused, quarantinedBytes } = read.file;
  return (
    <>
      {state === 'wanted' && <TryNow sha1s={[sha1]} label="Try now" appearance="primary" />}
      {state === 'quarantined' &&
        (isRefused && quarantinedBytes !== undefined ? (
          <TryNow sha1s={[sha1]} label="Judge again" done="Judging" appearance="primary" />
        ) : (
          <TryNow sha1s={[sha1]} label="Fetch again" done="Fetching" appearance="primary" />
        ))}
      {quarantinedBytes !== undefined && <DeleteQuarantined read={read} />}
    </>
  );
}
