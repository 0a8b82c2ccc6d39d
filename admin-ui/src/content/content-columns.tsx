/** What the lists of content files show of each. */
import { makeStyles, tokens } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import type { ContentFileSummary } from '../../../protocol/console/content.ts';
import { formatBytes } from '../format/amounts.ts';
import { Time } from '../format/time.tsx';
import { useTexts } from '../language/use-texts.ts';
import type { Column } from '../list/column.ts';
import type { ContentListTab } from './content-url.ts';
import { reasonOf } from './content-words.ts';
import { ReceivedBar } from './received.tsx';
import { texts, type ContentTexts } from './texts.ts';
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

const nameColumn = ({ columns }: ContentTexts): Column<File> => ({
  key: 'name',
  label: columns.file,
  track: 'minmax(160px, 2fr)',
  render: ({ fileName }) => <span title={fileName}>{fileName}</span>,
});

const updateColumn = ({ columns }: ContentTexts): Column<File> => ({
  key: 'update',
  label: columns.update,
  track: 'minmax(140px, 2fr)',
  from: 760,
  render: ({ update }) => <span title={update?.title}>{update?.title ?? '–'}</span>,
});

const sizeColumn = (t: ContentTexts): Column<File> => ({
  key: 'size',
  label: t.columns.size,
  track: '84px',
  sort: 'size',
  render: ({ size }) => <span title={t.exactBytes(size)}>{formatBytes(size)}</span>,
});

function NextTry({ file }: { readonly file: File }): ReactElement {
  const t = useTexts(texts);
  if (file.isRefused) return <span title={t.notByItselfHint}>{t.notByItself}</span>;
  if (file.isArriving) return <span>{t.now}</span>;
  return file.retryAt === undefined ? <span>{t.itsTurn}</span> : <Time at={file.retryAt} />;
}

const nextTryColumn = ({ columns }: ContentTexts): Column<File> => ({
  key: 'retry',
  label: columns.nextTry,
  track: '132px',
  from: 640,
  render: (file) => <NextTry file={file} />,
});

function Waiting({ file }: { readonly file: File }): ReactElement {
  const t = useTexts(texts);
  if (file.isArriving) return <ReceivedBar file={file} />;
  return <span title={reasonOf(file, t)}>{reasonOf(file, t)}</span>;
}

function WhatIsWrong({ file }: { readonly file: File }): ReactElement {
  const t = useTexts(texts);
  if (file.isArriving) return <ReceivedBar file={file} />;
  if (file.isRefused && file.verdict !== undefined) return <VerdictBadge verdict={file.verdict} />;
  return <span title={reasonOf(file, t)}>{reasonOf(file, t)}</span>;
}

export const contentColumns = (
  t: ContentTexts,
): Readonly<Record<ContentListTab, readonly Column<File>[]>> => ({
  queue: [
    nameColumn(t),
    updateColumn(t),
    sizeColumn(t),
    {
      key: 'state',
      label: t.columns.why,
      track: 'minmax(150px, 1.6fr)',
      render: (file) => <Waiting file={file} />,
    },
    nextTryColumn(t),
    {
      key: 'deadline',
      label: t.columns.deadline,
      track: '108px',
      from: 980,
      render: ({ deadline }) => (deadline === undefined ? '–' : <Time at={deadline} />),
    },
  ],
  quarantine: [
    nameColumn(t),
    updateColumn(t),
    {
      key: 'reason',
      label: t.columns.wrong,
      track: 'minmax(160px, 2fr)',
      render: (file) => <WhatIsWrong file={file} />,
    },
    {
      key: 'changed',
      label: t.columns.since,
      track: '116px',
      sort: 'changed',
      from: 700,
      render: ({ changedAt }) => <Time at={changedAt} />,
    },
    nextTryColumn(t),
  ],
  files: [
    nameColumn(t),
    updateColumn(t),
    sizeColumn(t),
    {
      key: 'signature',
      label: t.columns.signature,
      track: 'minmax(136px, 1fr)',
      render: ({ verdict }) => (verdict === undefined ? '–' : <VerdictBadge verdict={verdict} />),
    },
    {
      key: 'origin',
      label: t.columns.origin,
      track: 'minmax(120px, 1.4fr)',
      from: 900,
      render: ({ origin }) => <span title={origin}>{origin ?? '–'}</span>,
    },
    {
      key: 'changed',
      label: t.columns.changed,
      track: '116px',
      sort: 'changed',
      from: 640,
      render: ({ changedAt }) => <Time at={changedAt} />,
    },
  ],
});

export function ContentCard({
  file,
  tab,
}: {
  readonly file: File;
  readonly tab: ContentListTab;
}): ReactElement {
  const t = useTexts(texts);
  const styles = useStyles();
  return (
    <div className={styles.card}>
      <span className={styles.name}>{file.fileName}</span>
      <span className={styles.quiet}>
        {formatBytes(file.size)} · {file.update?.title ?? t.noUpdate}
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
