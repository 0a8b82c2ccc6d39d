/** One entry, beside the list. */
import { Link, Text, makeStyles, tokens } from '@fluentui/react-components';
import { ShieldCheckmarkRegular } from '@fluentui/react-icons/svg/shield-checkmark';
import { ShieldErrorRegular } from '@fluentui/react-icons/svg/shield-error';
import { useState, type ReactElement } from 'react';
import type { AuditEntryDetails } from '../../../protocol/console/audit.ts';
import { exactTime } from '../format/relative-time.ts';
import { Facts } from '../frame/facts.tsx';
import { Failure } from '../frame/failure.tsx';
import { Section } from '../frame/section.tsx';
import { SidePanel } from '../frame/side-panel.tsx';
import { SkeletonLines } from '../frame/skeleton-lines.tsx';
import { useLanguage } from '../language/language.ts';
import { useTexts } from '../language/use-texts.ts';
import { knownValue, type Change } from '../url/parameters.ts';
import { Actor } from './actor.tsx';
import { useAuditEntry } from './audit-queries.ts';
import { ENTRY_PARTS, NO_FILTERS, type EntryPart } from './audit-url.ts';
import { CopyButton } from './copy-button.tsx';
import { DifferenceTable } from './difference-table.tsx';
import { texts } from './texts.ts';

const useStyles = makeStyles({
  hash: { fontFamily: tokens.fontFamilyMonospace, fontSize: tokens.fontSizeBase200, userSelect: 'all' },
  line: { display: 'flex', alignItems: 'flex-start', gap: '4px' },
  subjects: {
    margin: 0,
    padding: 0,
    listStyleType: 'none',
    display: 'flex',
    flexDirection: 'column',
    gap: '4px',
  },
  kind: { color: tokens.colorNeutralForeground3 },
  icon: { fontSize: '20px', flexShrink: 0 },
  right: { color: tokens.colorStatusSuccessForeground1 },
  wrong: { color: tokens.colorStatusDangerForeground1 },
});

interface AuditPanelProps {
  readonly sequence: string;
  readonly part: EntryPart;
  readonly onChange: (change: Change, how?: { readonly replace?: boolean }) => void;
  readonly onClose: () => void;
}

export function AuditPanel({ sequence, part, onChange, onClose }: AuditPanelProps): ReactElement {
  const t = useTexts(texts);
  const entry = useAuditEntry(sequence);
  return (
    <SidePanel
      title={entry.data?.action ?? t.entry(Number(sequence))}
      tabs={[
        { value: 'change', label: t.change },
        { value: 'evidence', label: t.evidence },
      ]}
      tab={part}
      onTab={(value) =>
        onChange(
          { part: knownValue(new URLSearchParams({ value }), 'value', ENTRY_PARTS, 'change') },
          { replace: true },
        )
      }
      onClose={onClose}
    >
      {entry.isPending && <SkeletonLines count={6} label={t.readingEntry} />}
      {entry.isError && (
        <Failure what={t.entryNotRead} error={entry.error} onRetry={() => void entry.refetch()} />
      )}
      {entry.data !== undefined && part === 'change' && <ChangeTab entry={entry.data} onChange={onChange} />}
      {entry.data !== undefined && part === 'evidence' && <EvidenceTab entry={entry.data} />}
    </SidePanel>
  );
}

function ChangeTab({
  entry,
  onChange,
}: { readonly entry: AuditEntryDetails } & Pick<AuditPanelProps, 'onChange'>): ReactElement {
  const t = useTexts(texts);
  const language = useLanguage();
  return (
    <>
      <Section title={t.entry(entry.sequence)} as="h3">
        <Facts
          facts={[
            { name: t.when, value: exactTime(entry.at, language) },
            { name: t.who, value: <Actor actor={entry.actor} /> },
            { name: t.address, value: entry.remoteAddress },
          ]}
        />
      </Section>
      {entry.subjects.length > 0 && (
        <Section title={t.subjects} as="h3">
          <Subjects subjects={entry.subjects} onChange={onChange} />
        </Section>
      )}
      <Section title={t.whatChanged} as="h3">
        <DifferenceTable before={entry.before} after={entry.after} />
      </Section>
    </>
  );
}

/** Subjects before the reader asks for more. */
const MOST_SUBJECTS = 50;

function Subjects({
  subjects,
  onChange,
}: Pick<AuditEntryDetails, 'subjects'> & Pick<AuditPanelProps, 'onChange'>): ReactElement {
  const t = useTexts(texts);
  const styles = useStyles();
  const [most, setMost] = useState(MOST_SUBJECTS);
  return (
    <ul className={styles.subjects}>
      {subjects.slice(0, most).map(({ kind, id, name = id }, index) => (
        // oxlint-disable-next-line react/no-array-index-key -- an entry never changes, and may name a subject twice
        <li key={index}>
          <span className={styles.kind}>{kind} </span>
          <Link
            as="button"
            title={t.showOthersOf(name)}
            onClick={() => onChange({ ...NO_FILTERS, subjectKind: kind, subjectId: id })}
          >
            {name}
          </Link>
        </li>
      ))}
      {subjects.length > most && (
        <li>
          <Link as="button" onClick={() => setMost(subjects.length)}>
            {t.andMore(subjects.length - most)}
          </Link>
        </li>
      )}
    </ul>
  );
}

function EvidenceTab({ entry }: { readonly entry: AuditEntryDetails }): ReactElement {
  const t = useTexts(texts);
  const styles = useStyles();
  const hashLine = (what: string, hash: string): ReactElement => (
    <span className={styles.line}>
      <span className={styles.hash}>{hash}</span>
      <CopyButton what={what} text={hash} />
    </span>
  );
  return (
    <>
      <Section title={t.integrity} as="h3">
        <span className={styles.line}>
          <span className={entry.isIntact ? styles.right : styles.wrong}>
            {entry.isIntact ? (
              <ShieldCheckmarkRegular className={styles.icon} />
            ) : (
              <ShieldErrorRegular className={styles.icon} />
            )}
          </span>
          <Text>{entry.isIntact ? t.intact : t.notIntact}</Text>
        </span>
      </Section>
      <Section title={t.evidence} as="h3">
        <Facts
          facts={[
            { name: t.entry(entry.sequence), value: entry.at },
            { name: t.account, value: entry.actor.accountId },
            { name: t.hash, value: hashLine(t.hash, entry.hash) },
            { name: t.previousHash, value: hashLine(t.previousHash, entry.previousHash) },
          ]}
        />
      </Section>
    </>
  );
}
