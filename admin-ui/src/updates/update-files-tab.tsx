/** The files of an update, and whether their content is here. */
import { Text, makeStyles, tokens } from '@fluentui/react-components';
import { ArrowDownloadRegular } from '@fluentui/react-icons/svg/arrow-download';
import { CheckmarkCircleRegular } from '@fluentui/react-icons/svg/checkmark-circle';
import { CircleRegular } from '@fluentui/react-icons/svg/circle';
import { ShieldErrorRegular } from '@fluentui/react-icons/svg/shield-error';
import type { ComponentType, ReactElement } from 'react';
import type { z } from 'zod';
import type { UpdateFileView } from '../../../protocol/console/updates.ts';
import { countOf, formatBytes } from '../format/amounts.ts';
import { Facts } from '../frame/facts.tsx';

type File = z.infer<typeof UpdateFileView>;

const CONTENT: Readonly<
  Record<
    File['contentState'],
    { readonly word: string; readonly icon: ComponentType; readonly color: string }
  >
> = {
  present: {
    word: 'Here, digests verified',
    icon: CheckmarkCircleRegular,
    color: tokens.colorPaletteGreenForeground1,
  },
  wanted: {
    word: 'Waiting to be downloaded',
    icon: ArrowDownloadRegular,
    color: tokens.colorBrandForeground1,
  },
  absent: {
    word: 'Not here: fetched once approved',
    icon: CircleRegular,
    color: tokens.colorNeutralForeground3,
  },
  quarantined: {
    word: 'Quarantined, never served',
    icon: ShieldErrorRegular,
    color: tokens.colorPaletteRedForeground1,
  },
};

const useStyles = makeStyles({
  list: {
    listStyleType: 'none',
    margin: '12px 0 0',
    padding: 0,
    display: 'flex',
    flexDirection: 'column',
    gap: '16px',
  },
  file: {
    display: 'flex',
    flexDirection: 'column',
    gap: '4px',
    paddingTop: '12px',
    borderTop: `1px solid ${tokens.colorNeutralStroke2}`,
  },
  name: { overflowWrap: 'anywhere' },
  state: { display: 'inline-flex', alignItems: 'center', gap: '6px' },
  digest: { fontFamily: tokens.fontFamilyMonospace, fontSize: tokens.fontSizeBase200, userSelect: 'all' },
});

function FileEntry({ file }: { readonly file: File }): ReactElement {
  const styles = useStyles();
  const { word, icon: Icon, color } = CONTENT[file.contentState];
  return (
    <li className={styles.file}>
      <Text weight="semibold" className={styles.name}>
        {file.fileName}
      </Text>
      <span className={styles.state} style={{ color }}>
        <Icon />
        {word}
      </span>
      <Facts
        facts={[
          { name: 'Size', value: <span title={`${file.size} bytes`}>{formatBytes(file.size)}</span> },
          { name: 'Reason', value: file.contentError },
          { name: 'Patching', value: file.patchingType },
          { name: 'SHA-1', value: <span className={styles.digest}>{file.sha1}</span> },
          { name: 'SHA-256', value: file.sha256 && <span className={styles.digest}>{file.sha256}</span> },
        ]}
      />
    </li>
  );
}

export function UpdateFilesTab({ files }: { readonly files: readonly File[] }): ReactElement {
  const styles = useStyles();
  if (files.length === 0) return <Text>This update has no files.</Text>;
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  return (
    <>
      <Text>
        {countOf(files.length, 'file')}, {formatBytes(bytes)}, those of what it bundles included.
      </Text>
      <ul className={styles.list}>
        {files.map((file) => (
          <FileEntry key={file.sha1} file={file} />
        ))}
      </ul>
    </>
  );
}
