/**
 * Folds what events say of updates into the rows of `computer_update_status`. A status list that says what the one before
 * it said changes no row: that a row is in the latest list is kept in the row, the list's time once for the computer.
 */
import type { Database, Statement } from 'better-sqlite3';
import { hash } from 'node:crypto';
import { REVISED } from '../database/generation.ts';
import type { ReportedEvent } from './reported-event.ts';
import {
  FAILURE_EVENTS,
  STATUS_EVENTS,
  afterStatusList,
  foldMention,
  isStatusList,
  mentionsInLists,
  outcomeOf,
  outlastsLists,
  stronger,
} from './reported-states.ts';
import type { Mention, ReportedState, UpdateStatus } from './reported-states.ts';

/** What is kept of a computer's latest status list. */
export interface Standing {
  readonly listedAt: string | null;
  /** Absent where a row is not as the list said, so that the same list said again would change it. */
  readonly listDigest: string | null;
}

interface StatusRow {
  readonly updateId: string;
  readonly revisionNumber: number;
  readonly state: ReportedState;
  readonly changedAt: string;
  /** The latest status list names it (1), which is as if it were said again at the time of that list. */
  readonly isListed: number;
  /** Of the latest failure, whatever came after it. */
  readonly errorCode: number | null;
  readonly failedAt: string | null;
}

type StateColumns = [updateId: string, state: ReportedState, isListed: number];

/** An event, and one thing that it says. */
interface Said {
  readonly event: ReportedEvent;
  readonly mention: Mention;
}

interface News {
  readonly said: readonly Said[];
  /** What the latest list says, where nothing else is said of an update: a row that says it already stays. */
  readonly repeatable: ReadonlyMap<string, ReportedState> | undefined;
  readonly listedBefore: string | null;
  readonly listedAt: string | null;
}

/** What is worked out for an update while events are folded. */
interface Folding {
  readonly row: StatusRow | undefined;
  status: UpdateStatus | undefined;
  revisionNumber: number;
  errorCode: number | null;
  failedAt: string | null;
  /** What the latest list says of it. */
  listed: ReportedState | undefined;
}

export class StatusFold {
  readonly #standing: Statement<[string], Standing & { readonly revised: number }>;
  readonly #states: Statement<[string], StateColumns>;
  readonly #row: Statement<[string, string], StatusRow>;
  readonly #known: Statement<[string], number>;
  readonly #writeStatus: Statement<[StatusRow & { readonly computerId: string }]>;

  constructor(db: Database) {
    this.#standing = db.prepare(
      `SELECT listed_at AS listedAt, list_digest AS listDigest, ifnull((${REVISED}), 0) AS revised
       FROM computer_standing WHERE computer_id = ?`,
    );
    // There are a hundred rows a computer, and few of them change.
    this.#states = db
      .prepare<[string], StateColumns>(
        'SELECT update_id, state, is_listed FROM computer_update_status WHERE computer_id = ?',
      )
      .raw();
    this.#row = db.prepare(
      `SELECT update_id AS updateId, revision_number AS revisionNumber, state, changed_at AS changedAt,
              is_listed AS isListed, error_code AS errorCode, failed_at AS failedAt
       FROM computer_update_status WHERE computer_id = ? AND update_id = ?`,
    );
    this.#known = db
      .prepare<[string], number>(
        'SELECT max(revision_number) FROM revision WHERE update_id = ? HAVING count(*) > 0',
      )
      .pluck();
    this.#writeStatus = db.prepare(
      `INSERT INTO computer_update_status
         (computer_id, update_id, revision_number, state, changed_at, is_listed, error_code, failed_at)
       VALUES (@computerId, @updateId, @revisionNumber, @state, @changedAt, @isListed, @errorCode, @failedAt)
       ON CONFLICT (computer_id, update_id) DO UPDATE SET
         revision_number = excluded.revision_number, state = excluded.state, changed_at = excluded.changed_at,
         is_listed = excluded.is_listed, error_code = excluded.error_code, failed_at = excluded.failed_at`,
    );
  }

  /**
   * Within a transaction.
   *
   * @param events that were not folded before
   * @returns what is to be kept of the latest status list now, where that may have changed
   */
  fold(computerId: string, events: readonly ReportedEvent[]): Standing | undefined {
    const lists = events.filter(isStatus);
    const outcomes = events.flatMap((event) => outcomesOf(event).map((mention) => ({ event, mention })));
    if (lists.length === 0 && outcomes.length === 0) return undefined;
    const standing = this.#standing.get(computerId) ?? { listedAt: null, listDigest: null, revised: 0 };
    const list = onlyNewerList(lists, standing);
    const listDigest = list === undefined || outcomes.length > 0 ? null : digestOf(list, standing.revised);
    if (list !== undefined && listDigest !== null && listDigest === standing.listDigest) {
      return { listedAt: list.timeAtTarget, listDigest };
    }
    const said = [
      ...outcomes,
      ...lists.flatMap((event) => mentionsInLists(event.miscData).map((mention) => ({ event, mention }))),
    ];
    const listedAt = latest([standing.listedAt, ...lists.map(({ timeAtTarget }) => timeAtTarget)]);
    const repeatable = list === undefined ? undefined : statesInList(said, list);
    for (const { mention } of outcomes) repeatable?.delete(mention.updateId);
    const isAsListed = this.#foldRows(computerId, {
      said,
      repeatable,
      listedBefore: standing.listedAt,
      listedAt,
    });
    return { listedAt, listDigest: isAsListed ? listDigest : null };
  }

  /** @returns whether every row is now what the latest list makes of it */
  #foldRows(computerId: string, { said, repeatable, listedBefore, listedAt }: News): boolean {
    const updates = new Map<string, Folding>();
    const spokenOf = new Set(said.map(({ mention }) => mention.updateId));
    const repeated = new Set<string>();
    for (const [updateId, state, isListed] of this.#states.all(computerId)) {
      if (isListed !== 0 && repeatable?.get(updateId) === state) repeated.add(updateId);
      else if (isListed !== 0 || spokenOf.has(updateId) || !outlastsLists(state)) {
        const row = this.#row.get(computerId, updateId);
        if (row !== undefined) updates.set(updateId, begin(row, listedBefore, listedAt));
      }
    }
    for (const { event, mention } of said) {
      if (!repeated.has(mention.updateId)) this.#foldOne(updates, event, mention, listedAt);
    }
    let isAsListed = true;
    for (const [updateId, folding] of updates) {
      const next = end(updateId, folding, listedAt);
      if (next === undefined) continue;
      const { row, listed } = folding;
      isAsListed &&=
        listed === undefined ? listedAt !== null && next.changedAt < listedAt : next.state === listed;
      if (row === undefined || isDifferent(row, next)) this.#writeStatus.run({ computerId, ...next });
    }
    return isAsListed;
  }

  #foldOne(
    updates: Map<string, Folding>,
    event: ReportedEvent,
    { updateId, state }: Mention,
    listedAt: string | null,
  ): void {
    const folding = updates.get(updateId) ?? this.#begin(updateId);
    // What the catalogue does not know shows nowhere, and anybody could make it grow without end.
    if (folding === undefined) return;
    updates.set(updateId, folding);
    const { timeAtTarget, revisionNumber = 0 } = event;
    folding.status = foldMention(folding.status, state, timeAtTarget);
    folding.revisionNumber = Math.max(folding.revisionNumber, revisionNumber);
    if (isStatus(event) && timeAtTarget === listedAt) {
      folding.listed = stronger(folding.listed, state);
    }
    if (FAILURE_EVENTS.includes(event.eventId)) noteFailure(folding, event);
  }

  #begin(updateId: string): Folding | undefined {
    const revisionNumber = this.#known.get(updateId);
    return revisionNumber === undefined
      ? undefined
      : {
          row: undefined,
          status: undefined,
          revisionNumber,
          errorCode: null,
          failedAt: null,
          listed: undefined,
        };
  }
}

/** @param revised a list that is the same may name what the catalogue learned since */
const digestOf = ({ miscData }: ReportedEvent, revised: number): string =>
  hash('sha1', `${revised} ${miscData.filter(isStatusList).join(' ')}`, 'base64');

/** The one list among the events, if it is younger than all before. */
function onlyNewerList(lists: readonly ReportedEvent[], { listedAt }: Standing): ReportedEvent | undefined {
  const [list] = lists;
  const isNewer = list !== undefined && (listedAt === null || list.timeAtTarget > listedAt);
  return isNewer && lists.length === 1 ? list : undefined;
}

function statesInList(said: readonly Said[], list: ReportedEvent): Map<string, ReportedState> {
  const states = new Map<string, ReportedState>();
  for (const { event, mention } of said) {
    if (event === list) states.set(mention.updateId, stronger(states.get(mention.updateId), mention.state));
  }
  return states;
}

function begin(row: StatusRow, listedBefore: string | null, listedAt: string | null): Folding {
  const isListed = row.isListed !== 0 && listedBefore !== null;
  const saidAt = isListed && listedBefore > row.changedAt ? listedBefore : row.changedAt;
  return {
    row,
    status: { state: row.state, saidAt },
    revisionNumber: row.revisionNumber,
    errorCode: row.errorCode,
    failedAt: row.failedAt,
    listed: isListed && listedBefore === listedAt ? row.state : undefined,
  };
}

/** The row as it is to be. Its time stays what it was where the list says only what was known. */
function end(updateId: string, folding: Folding, listedAt: string | null): StatusRow | undefined {
  if (folding.status === undefined) return undefined;
  const { row, revisionNumber, errorCode, failedAt } = folding;
  const { state, saidAt } = afterStatusList(folding.status, listedAt);
  const isListed = folding.listed !== undefined;
  const isRepeated = isListed && row !== undefined && row.state === state && saidAt === listedAt;
  return {
    updateId,
    revisionNumber,
    state,
    changedAt: isRepeated ? row.changedAt : saidAt,
    isListed: isListed ? 1 : 0,
    errorCode,
    failedAt,
  };
}

/** A list says that an update failed, not why: that is in the latest event about a failure of it. */
function noteFailure(folding: Folding, { timeAtTarget, win32HResult }: ReportedEvent): void {
  const { failedAt, errorCode } = folding;
  const isLater =
    failedAt === null ||
    timeAtTarget > failedAt ||
    (timeAtTarget === failedAt && win32HResult < (errorCode ?? 0));
  if (!isLater) return;
  folding.failedAt = timeAtTarget;
  folding.errorCode = win32HResult;
}

const isStatus = ({ eventId }: ReportedEvent): boolean => STATUS_EVENTS.includes(eventId);

const outcomesOf = ({ eventId, updateId }: ReportedEvent): Mention[] =>
  updateId === undefined ? [] : outcomeOf(eventId, updateId);

const latest = (times: readonly (string | null)[]): string | null =>
  times.reduce((last, time) => (last === null || (time !== null && time > last) ? time : last), null);

const isDifferent = (a: StatusRow, b: StatusRow): boolean =>
  a.state !== b.state ||
  a.changedAt !== b.changedAt ||
  a.isListed !== b.isListed ||
  a.errorCode !== b.errorCode ||
  a.failedAt !== b.failedAt ||
  a.revisionNumber !== b.revisionNumber;
