/** What was found wrong with a content file: what it should be beside what it was. */
import { Text, makeStyles, tokens } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import type { ContentFileDetails } from '../../../protocol/console/content.ts';
import { exactTime } from '../format/relative-time.ts';
import { Time } from '../format/time.tsx';
import { Facts } from '../frame/facts.tsx';
import { Section } from '../frame/section.tsx';
import { useLanguage } from '../language/language.ts';
import { useTexts } from '../language/use-texts.ts';
import { asSentence } from './content-words.ts';
import { texts, type ContentTexts } from './texts.ts';

const useStyles = makeStyles({
  digest: { fontFamily: tokens.fontFamilyMonospace, fontSize: tokens.fontSizeBase200, userSelect: 'all' },
  wrong: { color: tokens.colorPaletteRedForeground1, fontWeight: tokens.fontWeightSemibold },
  compared: {
    width: '100%',
    borderCollapse: 'collapse',
    tableLayout: 'fixed',
    '& th, & td': {
      textAlign: 'left',
      verticalAlign: 'top',
      padding: '6px 12px 6px 0',
      borderBottom: `1px solid ${tokens.colorNeutralStroke3}`,
      overflowWrap: 'anywhere',
    },
    '& th': { color: tokens.colorNeutralForeground3, fontWeight: tokens.fontWeightRegular },
    '& th:first-child': { width: '76px' },
  },
});

export function EvidenceTab({ file }: { readonly file: ContentFileDetails }): ReactElement {
  const t = useTexts(texts);
  const { finding, signature, quarantinedBytes } = file;
  if (finding === undefined && signature?.isRefused !== true) return <Text>{t.nothingWrong}</Text>;
  return (
    <>
      {signature?.isRefused === true && (
        <Section title={t.notBelieved} as="h3">
          <Text>{t.verdictIs(t.verdicts[signature.verdict].word, signature.verdict, signature.message)}</Text>
          <Text>{t.verdicts[signature.verdict].advice}</Text>
        </Section>
      )}
      {finding !== undefined && (
        <Section title={file.state === 'present' ? t.rightAgain : t.notAsMetadata} as="h3">
          <Finding file={file} finding={finding} />
        </Section>
      )}
      <Text>{quarantinedBytes === undefined ? t.noBytes : t.bytesKept(quarantinedBytes)}</Text>
    </>
  );
}

function Finding({
  file,
  finding,
}: {
  readonly file: ContentFileDetails;
  readonly finding: NonNullable<ContentFileDetails['finding']>;
}): ReactElement {
  const t = useTexts(texts);
  const language = useLanguage();
  const styles = useStyles();
  const { foundAt, reason, foundSize, foundSha1, foundSha256, origin, checkedAt } = finding;
  return (
    <>
      <Text>{asSentence(reason)}.</Text>
      <table className={styles.compared} aria-label={t.compared}>
        <thead>
          <tr>
            <th scope="col" aria-label={t.whatIsCompared} />
            <th scope="col">{t.byMetadata}</th>
            <th scope="col">{t.found}</th>
          </tr>
        </thead>
        <tbody>
          <Compared
            name={t.size}
            expected={t.countedBytes(file.size)}
            found={foundSize === undefined ? undefined : t.countedBytes(foundSize)}
          />
          <Compared name="SHA-1" expected={file.sha1} found={foundSha1} isDigest />
          {file.sha256 !== undefined && (
            <Compared name="SHA-256" expected={file.sha256} found={foundSha256} isDigest />
          )}
        </tbody>
      </table>
      <Facts
        facts={[
          {
            name: t.evidence.found,
            value: (
              <>
                <Time at={foundAt} /> ({exactTime(foundAt, language)})
              </>
            ),
          },
          { name: t.evidence.origin, value: origin ?? t.originUnknown },
          {
            name: t.evidence.lastRight,
            value:
              checkedAt === undefined ? (
                t.neverRight
              ) : (
                <>
                  <Time at={checkedAt} /> ({exactTime(checkedAt, language)})
                </>
              ),
          },
          { name: t.evidence.advice, value: adviceOf(file, checkedAt !== undefined, t) },
        ]}
      />
    </>
  );
}

/** @param wasRight on this disk, at some time */
function adviceOf(file: ContentFileDetails, wasRight: boolean, { advice }: ContentTexts): string {
  if (file.state === 'present') return advice.mended;
  return wasRight ? advice.changedHere : advice.altered;
}

function Compared({
  name,
  expected,
  found,
  isDigest = false,
}: {
  readonly name: string;
  readonly expected: string;
  readonly found: string | undefined;
  readonly isDigest?: boolean;
}): ReactElement {
  const t = useTexts(texts);
  const styles = useStyles();
  const differs = found !== undefined && found !== expected;
  return (
    <tr>
      <th scope="row">{name}</th>
      <td className={isDigest ? styles.digest : undefined}>{expected}</td>
      <td className={isDigest && found !== undefined ? styles.digest : undefined}>
        {found === undefined ? (
          t.unknown
        ) : (
          <span className={differs ? styles.wrong : undefined}>{found}</span>
        )}
      </td>
    </tr>
  );
}
