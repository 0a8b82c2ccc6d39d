/** GetRevisionIdList ([MS-WSUSSS] 3.1.4.5): what is new for a downstream server, in one answer. */
import { createHash } from 'node:crypto';
import { setImmediate as yieldToOthers } from 'node:timers/promises';
import { writeResponse } from '../../protocol/soap/codec.ts';
import { SoapFault } from '../../protocol/soap/fault.ts';
import type { Read } from '../../protocol/soap/table.ts';
import { ALL_LANGUAGES, LANGUAGES } from '../../protocol/wsusss/languages.ts';
import { GetRevisionIdList, serverSyncService } from '../../protocol/wsusss/server-sync.ts';
import type { ServerSyncFilter } from '../../protocol/wsusss/server-sync.ts';
import { BoundedCache } from '../../catalog/bounded-cache.ts';
import type { UpdateIdentity } from '../../catalog/metadata/model.ts';
import { readGeneration } from '../../catalog/store/database/generation.ts';
import { categoriesAfter, latestPoint, updatesMatching } from '../../catalog/store/downstream/downstream.ts';
import type {
  CategoryFilter,
  LanguageFilter,
  RevisionFilter,
} from '../../catalog/store/downstream/downstream.ts';
import { CallerLeft } from '../soap/caller-left.ts';
import { PreparedEnvelope, implement } from '../soap/implementation.ts';
import { formatAnchor, parseAnchor } from './anchor.ts';
import type { DownstreamContext } from './context.ts';
import { MAXIMUM_FILTERS } from './limits.ts';
import { openSession } from './session.ts';
import { Turns } from './turns.ts';

/** The anchor of a catalogue that is still empty. */
export const EMPTY_ANCHOR = formatAnchor(0, '2000-01-01T00:00:00Z');

/** "This field MUST NOT be present if the DSS supports either 1.1 or 1.2": what is there all the same is ignored. */
const FIRST_WITH_LANGUAGES = 3;

/** Bytes of answers that are kept: everything of a large catalogue, and some changes to it. */
const KEPT_BYTES = 64 * 1024 * 1024;

/**
 * An answer of a large catalogue takes seconds to make, in which nobody else is answered. One is made at a time, addresses
 * taking turns, and who asks for the same of the same catalogue is sent the same bytes.
 */
export const getRevisionIdList = ({ db, cookies }: DownstreamContext) => {
  const kept = new BoundedCache<Buffer>(KEPT_BYTES, (envelope, key) => envelope.length + key.length);
  const turns = new Turns(1);
  return implement(GetRevisionIdList, async ({ cookie, filter }, { hasLeft, remoteAddress, soapVersion }) => {
    const { protocolVersion } = openSession(cookies, cookie);
    if (filter === undefined) throw new SoapFault('InvalidParameters', 'filter');
    const newerThan = parseAnchor(filter.Anchor);
    const asked = filter.GetConfig ? undefined : readFilter(filter, newerThan, protocolVersion);
    const question = JSON.stringify([soapVersion, asked ?? newerThan]);
    return await turns.take(remoteAddress, async () => {
      await yieldToOthers();
      if (hasLeft?.() === true) throw new CallerLeft();
      // One transaction: the list and the anchor speak of the same moment.
      return db.transaction(() => {
        const point = latestPoint(db);
        // An anchor from a future that this catalogue does not have: it was replaced by an older one, or by another.
        if (newerThan > (point?.sequence ?? 0)) throw new SoapFault('ServerChanged', 'filter');
        const anchor = point === undefined ? EMPTY_ANCHOR : formatAnchor(point.sequence, point.arrivedAt);
        const key = digestOf(`${readGeneration(db)} ${anchor} ${question}`);
        const known = kept.get(key);
        if (known !== undefined) return new PreparedEnvelope([known]);
        const revisions = asked === undefined ? categoriesAfter(db, newerThan) : updatesMatching(db, asked);
        const response = {
          GetRevisionIdListResult: { Anchor: anchor, NewRevisions: revisions.map(toWire) },
        };
        const envelope = writeResponse(serverSyncService, GetRevisionIdList, response, soapVersion);
        kept.set(key, envelope);
        return new PreparedEnvelope([envelope]);
      })();
    });
  });
};

const digestOf = (question: string): string => createHash('sha256').update(question).digest('base64');

/** A filter for updates; of categories none counts (`GetConfig`). */
function readFilter(
  filter: Read<typeof ServerSyncFilter>,
  newerThan: number,
  protocolVersion: string,
): RevisionFilter {
  const minor = Number(protocolVersion.split('.')[1]);
  const languages = minor < FIRST_WITH_LANGUAGES ? [] : bounded(filter.Languages);
  const all = languages.find(({ Id }) => Id === ALL_LANGUAGES.id);
  return {
    // Every language, and not only what is newer: everything.
    newerThan: all?.Delta === false ? 0 : newerThan,
    categories: filtersOf(filter.Categories),
    classifications: filtersOf(filter.Classifications),
    languages: all === undefined ? languages.map(toLanguage) : [],
  };
}

/** A language that is not known here is one that nothing here is in. */
const toLanguage = ({ Id, Delta }: { readonly Id: number; readonly Delta: boolean }): LanguageFilter => ({
  language: LANGUAGES.find(({ id }) => id === Id)?.short ?? String(Id),
  delta: Delta,
});

function bounded<T>(items: readonly T[] | undefined): readonly T[] {
  if ((items?.length ?? 0) > MAXIMUM_FILTERS) throw new SoapFault('InvalidParameters', 'filter');
  return items ?? [];
}

/** @throws SoapFault InvalidParameters where there are too many */
export const filtersOf = (
  items: readonly { readonly Id: string; readonly Delta: boolean }[] | undefined,
): CategoryFilter[] => bounded(items).map(({ Id, Delta }) => ({ id: Id, delta: Delta }));

export const toWire = ({ updateId, revisionNumber }: UpdateIdentity) => ({
  UpdateID: updateId,
  RevisionNumber: revisionNumber,
});
