/** The files of an update, and whether their content is here. */
import { Text, makeStyles, tokens } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import type { z } from 'zod';
import type { UpdateFileView } from '../../../protocol/console/updates.ts';
import { STATE_LOOKS } from '../content/content-words.ts';
import { countOf, formatBytes } from '../format/amounts.ts';
import { Time } from '../format/time.tsx';
import { Facts } from '../frame/facts.tsx';
import { TextLink } from '../frame/link-button.tsx';

type File = z.infer<typeof UpdateFileView>;

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
  const { word, icon: Icon, color } = STATE_LOOKS[file.contentState];
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
          { name: 'Next try', value: nextTry(file) },
          { name: 'Patching', value: file.patchingType },
          { name: 'SHA-1', value: <span className={styles.digest}>{file.sha1}</span> },
          { name: 'SHA-256', value: file.sha256 && <span className={styles.digest}>{file.sha256}</span> },
        ]}
      />
      <TextLink to={`/content?tab=${TAB_OF[file.contentState]}&open=${file.sha1}`}>
        More of this file in Content
      </TextLink>
    </li>
  );
}

/** Where Content lists files of a state; of one that is not to be here the panel alone tells. */
const TAB_OF: Readonly<Record<File['contentState'], string>> = {
  absent: 'now',
  wanted: 'queue',
  present: 'files',
  quarantined: 'quarantine',
};

function nextTry(file: File): ReactElement | string | undefined {
  if (file.contentState !== 'wanted' && file.contentState !== 'quarantined') return undefined;
  if (file.isRefused) return 'Not before the policy on signatures changes';
  return file.retryAt === undefined ? 'When it is its turn' : <Time at={file.retryAt} />;
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
