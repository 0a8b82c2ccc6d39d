/** What a decision would mean, before it is made. */
import { MessageBar, MessageBarBody, Subtitle2, Text, makeStyles, tokens } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import type { DecisionPreview } from '../../../protocol/console/approvals.ts';
import { texts as apiTexts } from '../api/texts.ts';
import { formatBytes, formatCount } from '../format/amounts.ts';
import { Failure } from '../frame/failure.tsx';
import { SkeletonLines } from '../frame/skeleton-lines.tsx';
import { useTexts } from '../language/use-texts.ts';
import { PreviewChanges } from './preview-changes.tsx';
import { PreviewComputers } from './preview-computers.tsx';
import { texts } from './texts.ts';

const useStyles = makeStyles({
  root: {
    display: 'flex',
    flexDirection: 'column',
    gap: '8px',
    padding: '12px 16px',
    backgroundColor: tokens.colorNeutralBackground3,
    borderRadius: tokens.borderRadiusLarge,
  },
  figures: { display: 'flex', flexWrap: 'wrap', gap: '8px 24px', margin: 0 },
  figure: { display: 'flex', flexDirection: 'column-reverse' },
  number: {
    margin: 0,
    fontSize: tokens.fontSizeBase500,
    fontWeight: tokens.fontWeightSemibold,
    lineHeight: tokens.lineHeightBase500,
  },
  name: { color: tokens.colorNeutralForeground2, fontSize: tokens.fontSizeBase200 },
  list: { margin: 0, paddingLeft: '18px' },
});

interface DecisionPreviewViewProps {
  readonly preview: DecisionPreview | undefined;
  /** Empty: every group. */
  readonly groupIds: readonly string[];
  readonly isReading: boolean;
  readonly error: Error | null;
  /** While nothing can be previewed. */
  readonly hint: string;
}

function Figure({ number, name }: { readonly number: string; readonly name: string }): ReactElement {
  const styles = useStyles();
  return (
    <div className={styles.figure}>
      <dt className={styles.name}>{name}</dt>
      <dd className={styles.number}>{number}</dd>
    </div>
  );
}

function Figures({
  preview,
  fetches,
}: {
  readonly preview: DecisionPreview;
  readonly fetches: boolean;
}): ReactElement {
  const t = useTexts(texts);
  const styles = useStyles();
  const needing = preview.updates.reduce((sum, update) => sum + update.needing, 0);
  return (
    <dl className={styles.figures}>
      <Figure number={formatCount(preview.computers)} name={t.computers(preview.computers)} />
      <Figure number={formatCount(needing)} name={preview.updates.length === 1 ? t.needIt : t.needed} />
      {fetches && (
        <Figure
          number={formatBytes(preview.downloadBytes)}
          name={preview.downloadFiles === 0 ? t.allHere : t.toFetch(preview.downloadFiles)}
        />
      )}
    </dl>
  );
}

export function DecisionPreviewView({
  preview,
  groupIds,
  isReading,
  error,
  hint,
}: DecisionPreviewViewProps): ReactElement {
  const problems: Readonly<Record<string, string | undefined>> = useTexts(apiTexts).problems;
  const t = useTexts(texts);
  const warnings: Readonly<Record<string, ((said: string) => string) | undefined>> = t.warnings;
  const styles = useStyles();
  return (
    <section className={styles.root} aria-label={t.meaning} aria-live="polite" aria-busy={isReading}>
      <Subtitle2 as="h3">{t.meaning}</Subtitle2>
      {error !== null && <Failure what={t.meaningUnknown} error={error} />}
      {preview === undefined &&
        error === null &&
        (isReading ? <SkeletonLines count={2} label={t.workingOut} /> : <Text>{hint}</Text>)}
      {preview !== undefined && (
        <>
          <Figures preview={preview} fetches={groupIds.length > 0} />
          {groupIds.length > 0 && preview.computers > 0 && <PreviewComputers groupIds={groupIds} />}
          {preview.warnings.map(({ code, text }) => (
            <MessageBar key={`${code} ${text}`} intent="warning" layout="multiline">
              <MessageBarBody>{warnings[code]?.(text) ?? problems[code] ?? text}</MessageBarBody>
            </MessageBar>
          ))}
          {preview.supersedes.length > 0 && (
            <>
              <Text>{t.replaces}</Text>
              <ul className={styles.list}>
                {preview.supersedes.map(({ updateId, title }) => (
                  <li key={updateId}>{title}</li>
                ))}
              </ul>
            </>
          )}
          <PreviewChanges updates={preview.updates} />
        </>
      )}
    </section>
  );
}
