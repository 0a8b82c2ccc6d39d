/** GetRevisionIdList ([MS-WSUSSS] 3.1.4.5): what is new for a downstream server, in one answer. */
import { SoapFault } from '../../protocol/soap/fault.ts';
import { GetRevisionIdList } from '../../protocol/wsusss/server-sync.ts';
import type { UpdateIdentity } from '../../catalog/metadata/model.ts';
import { categoriesAfter, latestPoint, updatesMatching } from '../../catalog/store/downstream/downstream.ts';
import type { CategoryFilter } from '../../catalog/store/downstream/downstream.ts';
import { implement } from '../soap/implementation.ts';
import { formatAnchor, parseAnchor } from './anchor.ts';
import type { DownstreamContext } from './context.ts';
import { openSession } from './session.ts';

/** Products and classifications in one filter; Microsoft's catalogue has some hundreds of them. */
const MAXIMUM_FILTERS = 5_000;

/** The anchor of a catalogue that is still empty. */
const EMPTY_ANCHOR = formatAnchor(0, '2000-01-01T00:00:00Z');

export const getRevisionIdList = ({ db, cookies }: DownstreamContext) =>
  implement(GetRevisionIdList, ({ cookie, filter }) => {
    openSession(cookies, cookie);
    if (filter === undefined) throw new SoapFault('InvalidParameters', 'filter');
    const newerThan = parseAnchor(filter.Anchor);
    const categories = filtersOf(filter.Categories);
    const classifications = filtersOf(filter.Classifications);
    // One transaction: the list and the anchor speak of the same moment.
    return db.transaction(() => {
      const point = latestPoint(db);
      // An anchor from a future that this catalogue does not have: it was replaced by an older one, or by another.
      if (newerThan > (point?.sequence ?? 0)) throw new SoapFault('ServerChanged', 'filter');
      const revisions = filter.GetConfig
        ? categoriesAfter(db, newerThan)
        : updatesMatching(db, { newerThan, categories, classifications });
      return {
        GetRevisionIdListResult: {
          Anchor: point === undefined ? EMPTY_ANCHOR : formatAnchor(point.sequence, point.arrivedAt),
          NewRevisions: revisions.map(toWire),
        },
      };
    })();
  });

function filtersOf(
  items: readonly { readonly Id: string; readonly Delta: boolean }[] | undefined,
): CategoryFilter[] {
  if ((items?.length ?? 0) > MAXIMUM_FILTERS) throw new SoapFault('InvalidParameters', 'filter');
  return (items ?? []).map(({ Id, Delta }) => ({ id: Id, delta: Delta }));
}

const toWire = ({ updateId, revisionNumber }: UpdateIdentity) => ({
  UpdateID: updateId,
  RevisionNumber: revisionNumber,
});
