/** Writes one revision and what hangs on it, through statements prepared once for an import. */
import type { Database, Statement } from 'better-sqlite3';
import type { LocalizedProperties, ParsedUpdate } from '../../metadata/model.ts';
import type { StoredText } from '../database/deflated-text.ts';
import { RevisionTraits } from './revision-traits.ts';

/** What is known of a revision's place among the others when it arrives. */
export interface RevisionPlace {
  readonly isLatest: boolean;
  readonly isLeaf: boolean;
  readonly importSequence: number;
  /** ISO 8601 UTC. */
  readonly arrivedAt: string;
}

type Value = string | number | null | StoredText;

const COLUMNS = [
  'update_id',
  'revision_number',
  'update_type',
  'category_type',
  'publication_state',
  'is_latest',
  'is_leaf',
  'explicitly_deployable',
  'creation_date',
  'arrived_at',
  'import_sequence',
  'default_language',
  'title',
  'description',
  'kb_article_ids',
  'cve_ids',
  'security_bulletin_ids',
  'msrc_severity',
  'eula_id',
  'handler',
  'reboot_behavior',
  'impact',
  'can_uninstall',
  'max_download_size',
  'core',
  'document',
] as const;

type RowValues = Record<(typeof COLUMNS)[number], Value>;

export class RevisionRows {
  readonly #insert: Statement<[readonly Value[]]>;
  readonly #prerequisite: Statement<[number, number, string, number]>;
  readonly #bundled: Statement<[number, number, string, number]>;
  readonly #superseded: Statement<[number, string]>;
  readonly #driver: Statement<[number, number, string, string]>;
  readonly #traits: RevisionTraits;

  constructor(db: Database) {
    this.#insert = db.prepare(
      `INSERT INTO revision (${COLUMNS.join(', ')}) VALUES (${COLUMNS.map(() => '?').join(', ')})`,
    );
    this.#prerequisite = db.prepare('INSERT INTO prerequisite VALUES (?, ?, ?, ?)');
    this.#bundled = db.prepare('INSERT OR IGNORE INTO bundled_update VALUES (?, ?, ?, ?)');
    this.#superseded = db.prepare('INSERT INTO superseded_update VALUES (?, ?)');
    this.#driver = db.prepare('INSERT INTO driver VALUES (?, ?, ?, ?)');
    this.#traits = new RevisionTraits(db);
  }

  /** @returns the RevisionID */
  write(update: ParsedUpdate, core: string, document: StoredText, place: RevisionPlace): number {
    const row: RowValues = { ...describe(update), ...placeValues(place), core, document };
    // By place: values by name are looked up one by one.
    const { lastInsertRowid } = this.#insert.run(COLUMNS.map((name) => row[name]));
    const revisionId = Number(lastInsertRowid);
    this.#writeRelationships(revisionId, update);
    this.#traits.write(revisionId, update);
    for (const [ordinal, driver] of update.drivers.entries()) {
      this.#driver.run(revisionId, ordinal, driver.hardwareId.toLowerCase(), JSON.stringify(driver));
    }
    return revisionId;
  }

  #writeRelationships(revisionId: number, update: ParsedUpdate): void {
    for (const [clause, { isCategory, updateIds }] of update.prerequisites.entries()) {
      for (const updateId of updateIds)
        this.#prerequisite.run(revisionId, clause, updateId, isCategory ? 1 : 0);
    }
    for (const [clause, { members }] of update.bundledUpdates.entries()) {
      for (const member of members) {
        this.#bundled.run(revisionId, clause, member.updateId, member.revisionNumber);
      }
    }
    for (const updateId of update.supersededUpdateIds) this.#superseded.run(revisionId, updateId);
  }
}

const placeValues = ({ isLatest, isLeaf, importSequence, arrivedAt }: RevisionPlace) => ({
  is_latest: isLatest ? 1 : 0,
  is_leaf: isLeaf ? 1 : 0,
  import_sequence: importSequence,
  arrived_at: arrivedAt,
});

function describe(update: ParsedUpdate) {
  const text = shownText(update);
  return {
    update_id: update.identity.updateId,
    revision_number: update.identity.revisionNumber,
    update_type: update.updateType,
    category_type: update.categoryType ?? null,
    publication_state: update.publicationState,
    explicitly_deployable: update.explicitlyDeployable ? 1 : 0,
    creation_date: update.creationDate,
    default_language: update.defaultLanguage,
    // What nobody can tell apart could not be chosen in the console either.
    title: text?.title || update.identity.updateId,
    description: text?.description ?? '',
    kb_article_ids: update.kbArticleIds.join(' '),
    cve_ids: update.cveIds.join(' '),
    security_bulletin_ids: update.securityBulletinIds.join(' '),
    msrc_severity: update.msrcSeverity ?? null,
    eula_id: update.eulaId ?? null,
    handler: update.handler ?? null,
    reboot_behavior: update.rebootBehavior ?? null,
    impact: update.impact ?? null,
    can_uninstall: update.canUninstall ? 1 : 0,
    max_download_size: update.maxDownloadSize ?? null,
  };
}

/** In English where there is one, else in the default language, else in whichever comes first. */
function shownText({ localized, defaultLanguage }: ParsedUpdate): LocalizedProperties | undefined {
  const inLanguage = (language: string): LocalizedProperties | undefined =>
    localized.find((text) => text.language === language);
  return inLanguage('en') ?? inLanguage(defaultLanguage) ?? localized[0];
}
