/** What was found wrong with a content file: what it should be beside what it was. */
import { Text, makeStyles, tokens } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import type { ContentFileDetails } from '../../../protocol/console/content.ts';
import { formatBytes, formatCount } from '../format/amounts.ts';
import { exactTime } from '../format/relative-time.ts';
import { Time } from '../format/time.tsx';
import { Facts } from '../frame/facts.tsx';
import { Section } from '../frame/section.tsx';
import { useLanguage } from '../language/language.ts';
import { asSentence } from './content-words.ts';
import { VERDICT_WORDS } from './verdict-words.ts';

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
  const { finding, signature, quarantinedBytes } = file;
  if (finding === undefined && signature?.isRefused !== true)
    return <Text>Nothing wrong was ever found of this file.</Text>;
  return (
    <>
      {signature?.isRefused === true && (
        <Section title="Its signature is not believed" as="h3">
          <Text>
            {VERDICT_WORDS[signature.verdict].word} ({signature.verdict}). {signature.message}
          </Text>
          <Text>{VERDICT_WORDS[signature.verdict].advice}</Text>
        </Section>
      )}
      {finding !== undefined && (
        <Section
          title={
            file.state === 'present' ? 'It was wrong, and is right again' : 'It is not what the metadata says'
          }
          as="h3"
        >
          <Finding file={file} finding={finding} />
        </Section>
      )}
      <Text>
        {quarantinedBytes === undefined
          ? 'No bytes of it are kept in quarantine.'
          : `${formatBytes(quarantinedBytes)} are kept below quarantine in the data directory, for who wants to look into them.`}
      </Text>
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
  const language = useLanguage();
  const styles = useStyles();
  const { foundAt, reason, foundSize, foundSha1, foundSha256, origin, checkedAt } = finding;
  return (
    <>
      <Text>{asSentence(reason)}.</Text>
      <table className={styles.compared} aria-label="What it should be, and what was found">
        <thead>
          <tr>
            <th scope="col" aria-label="What is compared" />
            <th scope="col">By the metadata</th>
            <th scope="col">Found</th>
          </tr>
        </thead>
        <tbody>
          <Compared
            name="Size"
            expected={`${formatCount(file.size)} bytes`}
            found={foundSize === undefined ? undefined : `${formatCount(foundSize)} bytes`}
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
            name: 'Found',
            value: (
              <>
                <Time at={foundAt} /> ({exactTime(foundAt, language)})
              </>
            ),
          },
          { name: 'Came from', value: origin ?? 'Not known' },
          {
            name: 'Last right',
            value:
              checkedAt === undefined ? (
                'Never: it came so'
              ) : (
                <>
                  <Time at={checkedAt} /> ({exactTime(checkedAt, language)})
                </>
              ),
          },
          { name: 'What to do', value: adviceOf(file, checkedAt !== undefined) },
        ]}
      />
    </>
  );
}

/** @param wasRight on this disk, at some time */
function adviceOf(file: ContentFileDetails, wasRight: boolean): string {
  if (file.state === 'present') return 'Nothing: it was fetched again, and its digests are right.';
  return wasRight
    ? 'It changed on this disk. It is fetched again by itself; look at the disk where this happens to more files.'
    : 'Somebody alters it on its way, or the source is damaged. Fetch it again: sources other than this one are asked first. Name another in content.sources where there is none.';
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
  const styles = useStyles();
  const differs = found !== undefined && found !== expected;
  return (
    <tr>
      <th scope="row">{name}</th>
      <td className={isDigest ? styles.digest : undefined}>{expected}</td>
      <td className={isDigest && found !== undefined ? styles.digest : undefined}>
        {found === undefined ? (
          'not known'
        ) : (
          <span className={differs ? styles.wrong : undefined}>{found}</span>
        )}
      </td>
    </tr>
  );
}
