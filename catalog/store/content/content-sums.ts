/** Sums over content: what is here, what approvals need, what keeps the rest away, who signed it. */
import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import { SignatureVerdict } from '../../../protocol/console/content.ts';
import type { ContentOverview, SignatureSums } from '../../../protocol/console/content.ts';
import { installedRevisionIds, withBundled } from './deployment-content.ts';
import { isChosen, selectionParameters, type ContentSelection } from './selection.ts';

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

/** What some group is to install something of, of the files that are fetched by choice. */
export function neededContent(db: Database, selection: ContentSelection): ContentOverview['needed'] {
  return Needed.parse(
    db
      .prepare(
        `SELECT count(*) AS files, coalesce(sum(size), 0) AS bytes,
           count(*) FILTER (WHERE content_state = 'present') AS presentFiles,
           coalesce(sum(size) FILTER (WHERE content_state = 'present'), 0) AS presentBytes
         FROM file WHERE sha1 IN (SELECT sha1 FROM revision_file AS link
           WHERE revision_id IN (SELECT value FROM json_each(@revisions)) AND ${isChosen('link')})`,
      )
      .get({
        revisions: JSON.stringify(withBundled(db, installedRevisionIds(db))),
        ...selectionParameters(selection),
      }),
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

/**
 * Why files are not here. Reasons that differ in numbers and digests alone are one, told as that of most.
 *
 * @returns files that failed in all, and the reason of the most
 */
export function contentErrors(db: Database): Pick<ContentOverview, 'failedFiles' | 'commonestError'> {
  const rows = z.array(ErrorRow).parse(
    db
      .prepare(
        `SELECT content_error AS text, count(*) AS files FROM file
         WHERE content_state IN ('wanted', 'quarantined') AND content_state <> 'absent'
           AND content_error IS NOT NULL
         GROUP BY content_error ORDER BY files DESC, text`,
      )
      .all(),
  );
  const kinds = Map.groupBy(rows, ({ text }) => kindOf(text));
  let commonest: z.infer<typeof ErrorRow> | undefined;
  for (const [first, ...others] of kinds.values()) {
    if (first === undefined) continue;
    const files = others.reduce((sum, row) => sum + row.files, first.files);
    if (commonest === undefined || files > commonest.files) commonest = { text: first.text, files };
  }
  return {
    failedFiles: rows.reduce((sum, { files }) => sum + files, 0),
    ...(commonest === undefined ? {} : { commonestError: commonest }),
  };
}

/** Digests, and how many bytes, differ from file to file; an address, a port and a status do not. */
const kindOf = (text: string): string =>
  text.replaceAll(/\b[0-9a-f]{40,64}\b/gi, '#').replaceAll(/\b\d+(?= (?:bytes|MB|of)\b)/g, '#');

const MOST_SIGNERS = 100;

const VerdictRow = z.object({ verdict: SignatureVerdict, files: z.int(), refused: z.int() });
const SignerRow = z
  .object({
    signer: z.string(),
    issuer: z.string().nullable(),
    files: z.int(),
    trusted: z.int(),
    refused: z.int(),
  })
  .transform(({ issuer, ...row }) => ({ ...row, ...(issuer === null ? {} : { issuer }) }));

/** Of files that are here, or whose signature put them into quarantine. */
const JUDGED = `content_signature JOIN file USING (sha1)
  WHERE (content_state = 'present' OR content_state = 'quarantined' AND refused = 1)`;

export function signatureSums(
  db: Database,
): Pick<SignatureSums, 'unjudged' | 'verdicts' | 'signers' | 'hasMoreSigners'> {
  const refused = `count(*) FILTER (WHERE content_state = 'quarantined') AS refused`;
  const verdicts = z.array(VerdictRow).parse(
    db
      .prepare(
        `SELECT verdict, count(*) AS files, ${refused} FROM ${JUDGED}
         GROUP BY verdict ORDER BY verdict <> 'TRUSTED', files DESC, verdict`,
      )
      .all(),
  );
  const signers = z.array(SignerRow).parse(
    db
      .prepare(
        `SELECT signer, min(issuer) AS issuer, count(*) AS files,
           count(*) FILTER (WHERE verdict = 'TRUSTED') AS trusted, ${refused}
         FROM ${JUDGED} AND signer IS NOT NULL
         GROUP BY signer ORDER BY files DESC, signer LIMIT ${MOST_SIGNERS + 1}`,
      )
      .all(),
  );
  const unjudged = z.int().parse(
    db
      .prepare(
        `SELECT count(*) FROM file WHERE content_state = 'present' AND content_state <> 'absent'
           AND sha1 NOT IN (SELECT sha1 FROM content_signature)`,
      )
      .pluck()
      .get(),
  );
  return {
    unjudged,
    verdicts,
    signers: signers.slice(0, MOST_SIGNERS),
    hasMoreSigners: signers.length > MOST_SIGNERS,
  };
}
