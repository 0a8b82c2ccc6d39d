/** What the lists of content files show of each. */
import { makeStyles, tokens } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import type { ContentFileSummary } from '../../../protocol/console/content.ts';
import { formatBytes } from '../format/amounts.ts';
import { Time } from '../format/time.tsx';
import type { Column } from '../list/column.ts';
import type { ContentListTab } from './content-url.ts';
import { reasonOf } from './content-words.ts';
import { ReceivedBar } from './received.tsx';
import { VerdictBadge } from './verdict-badge.tsx';

type File = ContentFileSummary;

const useStyles = makeStyles({
  card: { display: 'flex', flexDirection: 'column', gap: '4px' },
  name: {
    fontWeight: tokens.fontWeightSemibold,
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    whiteSpace: 'nowrap',
  },
  quiet: {
    color: tokens.colorNeutralForeground3,
    fontSize: tokens.fontSizeBase200,
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    whiteSpace: 'nowrap',
  },
});

const NAME: Column<File> = {
  key: 'name',
  label: 'File',
  track: 'minmax(160px, 2fr)',
  render: ({ fileName }) => <span title={fileName}>{fileName}</span>,
};

const UPDATE: Column<File> = {
  key: 'update',
  label: 'Update',
  track: 'minmax(140px, 2fr)',
  from: 760,
  render: ({ update }) => <span title={update?.title}>{update?.title ?? '–'}</span>,
};

const SIZE: Column<File> = {
  key: 'size',
  label: 'Size',
  track: '84px',
  sort: 'size',
  render: ({ size }) => <span title={`${size} bytes`}>{formatBytes(size)}</span>,
};

function NextTry({ file }: { readonly file: File }): ReactElement {
  if (file.isRefused)
    return (
      <span title="Not before the policy on signatures changes, or you have it judged again">
        not by itself
      </span>
    );
  if (file.isArriving) return <span>now</span>;
  return file.retryAt === undefined ? <span>its turn</span> : <Time at={file.retryAt} />;
}

const NEXT_TRY: Column<File> = {
  key: 'retry',
  label: 'Next try',
  track: '132px',
  from: 640,
  render: (file) => <NextTry file={file} />,
};

function Waiting({ file }: { readonly file: File }): ReactElement {
  if (file.isArriving) return <ReceivedBar file={file} />;
  return <span title={reasonOf(file)}>{reasonOf(file)}</span>;
}

function WhatIsWrong({ file }: { readonly file: File }): ReactElement {
  if (file.isArriving) return <ReceivedBar file={file} />;
  if (file.isRefused && file.verdict !== undefined) return <VerdictBadge verdict={file.verdict} />;
  return <span title={reasonOf(file)}>{reasonOf(file)}</span>;
}

export const CONTENT_COLUMNS: Readonly<Record<ContentListTab, readonly Column<File>[]>> = {
  queue: [
    NAME,
    UPDATE,
    SIZE,
    {
      key: 'state',
      label: 'Why it waits',
      track: 'minmax(150px, 1.6fr)',
      render: (file) => <Waiting file={file} />,
    },
    NEXT_TRY,
    {
      key: 'deadline',
      label: 'Deadline',
      track: '108px',
      from: 980,
      render: ({ deadline }) => (deadline === undefined ? '–' : <Time at={deadline} />),
    },
  ],
  quarantine: [
    NAME,
    UPDATE,
    {
      key: 'reason',
      label: 'What is wrong',
      track: 'minmax(160px, 2fr)',
      render: (file) => <WhatIsWrong file={file} />,
    },
    {
      key: 'changed',
      label: 'Since',
      track: '116px',
      sort: 'changed',
      from: 700,
      render: ({ changedAt }) => <Time at={changedAt} />,
    },
    NEXT_TRY,
  ],
  files: [
    NAME,
    UPDATE,
    SIZE,
    {
      key: 'signature',
      label: 'Signature',
      track: 'minmax(136px, 1fr)',
      render: ({ verdict }) => (verdict === undefined ? '–' : <VerdictBadge verdict={verdict} />),
    },
    {
      key: 'origin',
      label: 'Came from',
      track: 'minmax(120px, 1.4fr)',
      from: 900,
      render: ({ origin }) => <span title={origin}>{origin ?? '–'}</span>,
    },
    {
      key: 'changed',
      label: 'Changed',
      track: '116px',
      sort: 'changed',
      from: 640,
      render: ({ changedAt }) => <Time at={changedAt} />,
    },
  ],
};

export function ContentCard({
  file,
  tab,
}: {
  readonly file: File;
  readonly tab: ContentListTab;
}): ReactElement {
  const styles = useStyles();
  return (
    <div className={styles.card}>
      <span className={styles.name}>{file.fileName}</span>
      <span className={styles.quiet}>
        {formatBytes(file.size)} · {file.update?.title ?? 'no update names it any more'}
      </span>
      <span className={styles.quiet}>
        {tab === 'queue' && <Waiting file={file} />}
        {tab === 'quarantine' && <WhatIsWrong file={file} />}
        {tab === 'files' && (
          <>
            {file.verdict !== undefined && <VerdictBadge verdict={file.verdict} />}{' '}
            <Time at={file.changedAt} />
          </>
        )}
      </span>
    </div>
  );
}
