/** The files of an update, and whether their content is here. */
import { Text, makeStyles, tokens } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import type { z } from 'zod';
import type { UpdateFileView } from '../../../protocol/console/updates.ts';
import { STATE_LOOKS } from '../content/content-words.ts';
import { texts as contentTexts } from '../content/texts.ts';
import { formatBytes } from '../format/amounts.ts';
import { Time } from '../format/time.tsx';
import { Facts } from '../frame/facts.tsx';
import { TextLink } from '../frame/link-button.tsx';
import { useTexts } from '../language/use-texts.ts';
import { texts, type UpdateTexts } from './texts.ts';

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
  const { states } = useTexts(contentTexts);
  const t = useTexts(texts);
  const styles = useStyles();
  const { icon: Icon, color } = STATE_LOOKS[file.contentState];
  return (
    <li className={styles.file}>
      <Text weight="semibold" className={styles.name}>
        {file.fileName}
      </Text>
      <span className={styles.state} style={{ color }}>
        <Icon />
        {states[file.contentState]}
      </span>
      <Facts
        facts={[
          { name: t.size, value: <span title={t.exactBytes(file.size)}>{formatBytes(file.size)}</span> },
          { name: t.reason, value: file.contentError },
          { name: t.nextTry, value: nextTry(file, t) },
          { name: t.patching, value: file.patchingType },
          { name: 'SHA-1', value: <span className={styles.digest}>{file.sha1}</span> },
          { name: 'SHA-256', value: file.sha256 && <span className={styles.digest}>{file.sha256}</span> },
        ]}
      />
      <TextLink to={`/content?tab=${TAB_OF[file.contentState]}&open=${file.sha1}`}>{t.moreOfFile}</TextLink>
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

function nextTry(file: File, t: UpdateTexts): ReactElement | string | undefined {
  if (file.contentState !== 'wanted' && file.contentState !== 'quarantined') return undefined;
  if (file.isRefused) return t.notBeforePolicy;
  return file.retryAt === undefined ? t.itsTurn : <Time at={file.retryAt} />;
}

export function UpdateFilesTab({ files }: { readonly files: readonly File[] }): ReactElement {
  const t = useTexts(texts);
  const styles = useStyles();
  if (files.length === 0) return <Text>{t.noFiles}</Text>;
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  return (
    <>
      <Text>{t.files(files.length, bytes)}</Text>
      <ul className={styles.list}>
        {files.map((file) => (
          <FileEntry key={file.sha1} file={file} />
        ))}
      </ul>
    </>
  );
}
