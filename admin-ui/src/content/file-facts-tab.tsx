/** What is known of a content file, and which updates need it. */
import { Badge, Text, makeStyles, tokens } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import type { ContentFileDetails } from '../../../protocol/console/content.ts';
import { formatBytes } from '../format/amounts.ts';
import { exactTime } from '../format/relative-time.ts';
import { Time } from '../format/time.tsx';
import { Facts } from '../frame/facts.tsx';
import { TextLink } from '../frame/link-button.tsx';
import { Section } from '../frame/section.tsx';
import { useLanguage } from '../language/language.ts';
import { useTexts } from '../language/use-texts.ts';
import { asSentence, STATE_LOOKS } from './content-words.ts';
import { ReceivedBar } from './received.tsx';
import { texts, type ContentTexts } from './texts.ts';

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
  const t = useTexts(texts);
  const styles = useStyles();
  const { icon: Icon, color } = STATE_LOOKS[file.state];
  const isMissing = file.state === 'wanted' || file.state === 'quarantined';
  return (
    <>
      <span className={styles.state} style={{ color }}>
        <Icon />
        {t.states[file.state]}
      </span>
      {isMissing && file.receivedBytes !== undefined && (
        <div className={styles.received}>
          <ReceivedBar file={file} />
        </div>
      )}
      <Facts
        facts={[
          { name: t.facts.reason, value: file.error && asSentence(file.error) },
          { name: t.facts.nextTry, value: isMissing ? nextTry(file, t) : undefined },
          {
            name: t.facts.attempts,
            value: file.attempts === 0 ? undefined : t.attempts(file.attempts),
          },
          { name: t.facts.requested, value: file.requestedAt && <When at={file.requestedAt} /> },
          { name: t.facts.deadline, value: file.deadline && <When at={file.deadline} /> },
          {
            name: t.facts.size,
            value: <span title={t.exactBytes(file.size)}>{formatBytes(file.size)}</span>,
          },
          { name: t.facts.origin, value: file.origin },
          { name: t.facts.came, value: file.receivedAt && <When at={file.receivedAt} /> },
          { name: t.facts.checked, value: file.checkedAt && <When at={file.checkedAt} /> },
          { name: t.facts.used, value: file.lastUsedOn && t.utcDay(file.lastUsedOn) },
          { name: t.facts.names, value: file.fileNames.length > 1 ? file.fileNames.join(', ') : undefined },
          { name: 'SHA-1', value: <span className={styles.digest}>{file.sha1}</span> },
          { name: 'SHA-256', value: file.sha256 && <span className={styles.digest}>{file.sha256}</span> },
        ]}
      />
      <div className={styles.section}>
        <Section title={t.updatesOfFile} as="h3">
          {file.updates.length === 0 && <Text className={styles.quiet}>{t.noUpdateNames}.</Text>}
          <ul className={styles.list}>
            {file.updates.map((update) => (
              <li key={update.updateId}>
                <TextLink to={`/updates?open=${update.updateId}&tab=files`}>{update.title}</TextLink>{' '}
                {update.isNeeded && (
                  <Badge size="small" appearance="tint">
                    {t.approved}
                  </Badge>
                )}
                {update.deadline !== undefined && (
                  <Text size={200} className={styles.quiet}>
                    {' '}
                    {t.deadline} <Time at={update.deadline} />
                  </Text>
                )}
              </li>
            ))}
          </ul>
          {file.hasMoreUpdates && <Text className={styles.quiet}>{t.moreUpdates}</Text>}
        </Section>
      </div>
    </>
  );
}

function nextTry(file: ContentFileDetails, t: ContentTexts): ReactElement | string {
  if (file.isRefused) return t.notByItselfHint;
  if (file.isArriving) return t.arrivingNow;
  if (file.retryAt === undefined) return t.whenTurn;
  return <When at={file.retryAt} />;
}
