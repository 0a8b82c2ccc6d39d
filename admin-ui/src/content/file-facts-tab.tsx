/** What is known of a content file, and which updates need it. */
import { Badge, Text, makeStyles, tokens } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import type { ContentFileDetails } from '../../../protocol/console/content.ts';
import { countOf, formatBytes } from '../format/amounts.ts';
import { exactTime } from '../format/relative-time.ts';
import { Time } from '../format/time.tsx';
import { Facts } from '../frame/facts.tsx';
import { TextLink } from '../frame/link-button.tsx';
import { Section } from '../frame/section.tsx';
import { useLanguage } from '../language/language.ts';
import { asSentence, STATE_LOOKS } from './content-words.ts';
import { ReceivedBar } from './received.tsx';

const useStyles = makeStyles({
  state: { display: 'inline-flex', alignItems: 'center', gap: '6px', marginBottom: '12px' },
  digest: { fontFamily: tokens.fontFamilyMonospace, fontSize: tokens.fontSizeBase200, userSelect: 'all' },
  received: { marginBottom: '12px' },
  section: { marginTop: '20px' },
  list: {
    listStyleType: 'none',
    margin: 0,
    padding: 0,
    display: 'flex',
    flexDirection: 'column',
    gap: '8px',
  },
  quiet: { color: tokens.colorNeutralForeground3 },
});

function When({ at }: { readonly at: string }): ReactElement {
  const language = useLanguage();
  return (
    <>
      <Time at={at} /> ({exactTime(at, language)})
    </>
  );
}

export function FileFactsTab({ file }: { readonly file: ContentFileDetails }): ReactElement {
  const styles = useStyles();
  const { word, icon: Icon, color } = STATE_LOOKS[file.state];
  const isMissing = file.state === 'wanted' || file.state === 'quarantined';
  return (
    <>
      <span className={styles.state} style={{ color }}>
        <Icon />
        {word}
      </span>
      {isMissing && file.receivedBytes !== undefined && (
        <div className={styles.received}>
          <ReceivedBar file={file} />
        </div>
      )}
      <Facts
        facts={[
          { name: 'Reason', value: file.error && asSentence(file.error) },
          { name: 'Next try', value: isMissing ? nextTry(file) : undefined },
          {
            name: 'Failed attempts',
            value: file.attempts === 0 ? undefined : countOf(file.attempts, 'attempt'),
          },
          { name: 'Asked for', value: file.requestedAt && <When at={file.requestedAt} /> },
          { name: 'Deadline', value: file.deadline && <When at={file.deadline} /> },
          { name: 'Size', value: <span title={`${file.size} bytes`}>{formatBytes(file.size)}</span> },
          { name: 'Came from', value: file.origin },
          { name: 'Came', value: file.receivedAt && <When at={file.receivedAt} /> },
          { name: 'Last found right', value: file.checkedAt && <When at={file.checkedAt} /> },
          { name: 'Last used', value: file.lastUsedOn && `${file.lastUsedOn} (UTC)` },
          { name: 'Names', value: file.fileNames.length > 1 ? file.fileNames.join(', ') : undefined },
          { name: 'SHA-1', value: <span className={styles.digest}>{file.sha1}</span> },
          { name: 'SHA-256', value: file.sha256 && <span className={styles.digest}>{file.sha256}</span> },
        ]}
      />
      <div className={styles.section}>
        <Section title="Updates that have it" as="h3">
          {file.updates.length === 0 && <Text className={styles.quiet}>No update names it any more.</Text>}
          <ul className={styles.list}>
            {file.updates.map((update) => (
              <li key={update.updateId}>
                <TextLink to={`/updates?open=${update.updateId}&tab=files`}>{update.title}</TextLink>{' '}
                {update.isNeeded && (
                  <Badge size="small" appearance="tint">
                    Approved
                  </Badge>
                )}
                {update.deadline !== undefined && (
                  <Text size={200} className={styles.quiet}>
                    {' '}
                    deadline <Time at={update.deadline} />
                  </Text>
                )}
              </li>
            ))}
          </ul>
          {file.hasMoreUpdates && <Text className={styles.quiet}>There are more.</Text>}
        </Section>
      </div>
    </>
  );
}

function nextTry(file: ContentFileDetails): ReactElement | string {
  if (file.isRefused) return 'Not before the policy on signatures changes, or you have it judged again';
  if (file.isArriving) return 'Now: it is arriving';
  if (file.retryAt === undefined) return 'When it is its turn';
  return <When at={file.retryAt} />;
}
