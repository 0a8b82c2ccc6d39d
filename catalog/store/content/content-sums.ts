/** Sums over content: what is here, what approvals need, what keeps the rest away, who signed it. */
import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import { SignatureVerdict } from '../../../protocol/console/content.ts';
import type { ContentOverview, SignatureSums } from '../../../protocol/console/content.ts';
import { installedRevisionIds, withBundled } from './deployment-content.ts';

const Amount = z.object({ files: z.int(), bytes: z.int() });
export type ContentAmount = z.infer<typeof Amount>;

const StateRow = Amount.extend({ state: z.enum(['wanted', 'present', 'quarantined']) });
const NOTHING: ContentAmount = { files: 0, bytes: 0 };

export interface ContentAmounts {
  readonly present: ContentAmount;
  readonly wanted: ContentAmount;
  readonly quarantined: ContentAmount;
}

/** By state. */
export function contentAmounts(db: Database): ContentAmounts {
  const rows = z.array(StateRow).parse(
    db
      .prepare(
        `SELECT content_state AS state, count(*) AS files, sum(size) AS bytes FROM file
         WHERE content_state <> 'absent' GROUP BY content_state`,
      )
      .all(),
  );
  const of = (state: keyof ContentAmounts): ContentAmount => {
    const { files, bytes } = rows.find((row) => row.state === state) ?? NOTHING;
    return { files, bytes };
  };
  return { present: of('present'), wanted: of('wanted'), quarantined: of('quarantined') };
}

const Needed = Amount.extend({ presentFiles: z.int(), presentBytes: z.int() });

/** Of the files that are fetched or here, those of what some group is to install. */
export function neededContent(db: Database): ContentOverview['needed'] {
  return Needed.parse(
    db
      .prepare(
        `SELECT count(*) AS files, coalesce(sum(size), 0) AS bytes,
           count(*) FILTER (WHERE content_state = 'present') AS presentFiles,
           coalesce(sum(size) FILTER (WHERE content_state = 'present'), 0) AS presentBytes
         FROM file WHERE content_state <> 'absent' AND +sha1 IN (SELECT sha1 FROM revision_file
           WHERE revision_id IN (SELECT value FROM json_each(?)))`,
      )
      .get(JSON.stringify(withBundled(db, installedRevisionIds(db)))),
  );
}

/** When the last file came. */
export const lastReceivedAt = (db: Database): string | undefined =>
  z
    .string()
    .nullable()
    .parse(db.prepare('SELECT max(received_at) FROM file WHERE received_at IS NOT NULL').pluck().get()) ??
  undefined;

const ErrorRow = z.object({ text: z.string(), files: z.int() });

/** Files whose reasons are read: of more, those that are tried soonest tell enough. */
const MOST_REASONS = 2000;

/** What those of a state have that wait for their next try. */
const reasons = (state: 'wanted' | 'quarantined'): string =>
  `SELECT * FROM (SELECT content_error AS text FROM file
     WHERE content_state = '${state}' AND retry_at IS NOT NULL AND content_state <> 'absent'
       AND content_error IS NOT NULL
     ORDER BY retry_at LIMIT ${MOST_REASONS})`;

/** How many files wait for their next try. */
export const laterFiles = (db: Database): number =>
  z.int().parse(
    db
      .prepare(
        `SELECT count(*) FROM file
         WHERE content_state IN ('wanted', 'quarantined') AND retry_at IS NOT NULL AND content_state <> 'absent'`,
      )
      .pluck()
      .get(),
  );

/**
 * Why the most files are not here, of those that are tried soonest. Reasons that differ in numbers and digests alone are
 * one, told as that of most.
 */
export function commonestError(db: Database): ContentOverview['commonestError'] {
  const rows = z.array(ErrorRow).parse(
    db
      .prepare(
        `SELECT text, count(*) AS files FROM (${reasons('wanted')} UNION ALL ${reasons('quarantined')})
         GROUP BY text ORDER BY files DESC, text`,
      )
      .all(),
  );
  const ofFiles = rows.reduce((sum, { files }) => sum + files, 0);
  let commonest: ContentOverview['commonestError'];
  for (const [first, ...others] of Map.groupBy(rows, ({ text }) => kindOf(text)).values()) {
    if (first === undefined) continue;
    const files = others.reduce((sum, row) => sum + row.files, first.files);
    if (commonest === undefined || files > commonest.files) commonest = { text: first.text, files, ofFiles };
  }
  return commonest;
}

/** Digests, and how many bytes, differ from file to file; an address, a port and a status do not. */
const kindOf = (text: string): string =>
  text.replaceAll(/\b[0-9a-f]{40,64}\b/gi, '#').replaceAll(/\b\d+(?= (?:bytes|MB|of)\b)/g, '#');

const MOST_SIGNERS = 100;

const JudgedRow = z.object({
  verdict: SignatureVerdict,
  signer: z.string().nullable(),
  issuer: z.string().nullable(),
  files: z.int(),
  refused: z.int(),
});
type Judged = z.infer<typeof JudgedRow>;

/** Of files that are here, or whose signature put them into quarantine. */
export function signatureSums(
  db: Database,
): Pick<SignatureSums, 'unjudged' | 'verdicts' | 'signers' | 'hasMoreSigners'> {
  const rows = z.array(JudgedRow).parse(
    db
      .prepare(
        `SELECT verdict, signer, issuer, count(*) AS files,
           count(*) FILTER (WHERE content_state = 'quarantined') AS refused
         FROM content_signature JOIN file USING (sha1)
         WHERE content_state = 'present' OR content_state = 'quarantined' AND refused = 1
         GROUP BY verdict, signer, issuer`,
      )
      .all(),
  );
  const verdicts = [...Map.groupBy(rows, ({ verdict }) => verdict)].map(([verdict, group]) => ({
    verdict,
    files: sumOf(group, 'files'),
    refused: sumOf(group, 'refused'),
  }));
  const signers = [...Map.groupBy(rows, ({ signer }) => signer)].flatMap(([signer, group]) =>
    signer === null ? [] : [signerOf(signer, group)],
  );
  const judged = sumOf(rows, 'files') - sumOf(rows, 'refused');
  return {
    unjudged: contentAmounts(db).present.files - judged,
    verdicts: verdicts.toSorted(
      (one, other) =>
        Number(other.verdict === 'TRUSTED') - Number(one.verdict === 'TRUSTED') || other.files - one.files,
    ),
    signers: signers.toSorted((one, other) => other.files - one.files).slice(0, MOST_SIGNERS),
    hasMoreSigners: signers.length > MOST_SIGNERS,
  };
}

function signerOf(signer: string, group: readonly Judged[]): SignatureSums['signers'][number] {
  const issuer = group.find((row) => row.issuer !== null)?.issuer ?? undefined;
  return {
    signer,
    ...(issuer === undefined ? {} : { issuer }),
    files: sumOf(group, 'files'),
    trusted: sumOf(
      group.filter(({ verdict }) => verdict === 'TRUSTED'),
      'files',
    ),
    refused: sumOf(group, 'refused'),
  };
}

const sumOf = (rows: readonly Judged[], key: 'files' | 'refused'): number =>
  rows.reduce((sum, row) => sum + row[key], 0);
