/**
 * Drivers for the hardware that there is ([MS-WSUSSS] 3.1.4.7, 3.1.4.8), where the upstream server is asked so: one that
 * allows hardware ids in a request. Others list drivers among the updates.
 */
import { createHash } from 'node:crypto';
import { readHardware } from '../../catalog/store/computers/reported-hardware.ts';
import { removeDriverSets, storeDriverSets } from '../../catalog/store/revisions/driver-sets.ts';
import type { DriverSet } from '../../catalog/store/revisions/driver-sets.ts';
import { missingIdentities } from '../../catalog/store/revisions/revisions.ts';
import { readDriverFilter, writeDriverFilter } from '../../catalog/store/upstream/driver-filter.ts';
import type { DriverFilterIds } from '../../catalog/store/upstream/driver-filter.ts';
import {
  anchorUnder,
  dropPending,
  pendingAnchor,
  storePending,
} from '../../catalog/store/upstream/revision-list.ts';
import { GetDriverSetData } from '../../protocol/wsusss/drivers.ts';
import { serverSyncService } from '../../protocol/wsusss/server-sync.ts';
import { batchesOf } from './batches.ts';
import type { ConversationContext, ConversationStep } from './context.ts';
import { listDrivers } from './driver-list.ts';
import { fetchPending } from './list-synchronization.ts';
import { askSince } from './refused-anchor.ts';
import { scopedFilter } from './scoped-filter.ts';
import { UpstreamError } from './upstream-error.ts';

/** The classification Drivers, the same everywhere. */
export const DRIVERS = 'ebfc1fc5-71a4-4f7b-9aca-3b9a503104a0';

/** Characters of all descriptions of driver sets in one synchronization. */
const MOST_SET_CHARACTERS = 64 * 1024 * 1024;

export const synchronizeDrivers: ConversationStep = async (context) => {
  const { config, db, isReplica, signal, upstreamUrl } = context;
  // A replica has what its upstream server has.
  if (isReplica || config.MaxNumberOfPnpHardwareIdsInRequest < 1) return;
  const { products, classifications } = scopedFilter(context);
  if (products.length === 0 || !classifications.includes(DRIVERS)) return;
  const filterHash = createHash('sha256').update(upstreamUrl).digest('hex');
  if (pendingAnchor(db, 'drivers')?.filterHash === filterHash) await fetchPending(context, 'drivers');
  else dropPending(db, 'drivers');

  const ids: DriverFilterIds = {
    category: products,
    computer: config.MaxNumberOfComputerIdsInRequest < 1 ? [] : readHardware(db, 'computer'),
    device: readHardware(db, 'device'),
  };
  if (ids.computer.length + ids.device.length === 0) return;
  const listed = await askSince(
    anchorUnder(db, 'drivers', filterHash),
    async (anchor) =>
      await listDrivers(
        context,
        ids,
        anchor === undefined ? undefined : { anchor, ids: readDriverFilter(db) },
      ),
  );
  const sets = await fetchSets(context, listed.newSets);
  signal.throwIfAborted();
  // The anchor moves with the last of the drivers; what it stands for is written where the list is.
  db.transaction(() => {
    storeDriverSets(db, sets);
    removeDriverSets(db, listed.removedSets);
    writeDriverFilter(db, ids);
    const missing = missingIdentities(db, listed.drivers);
    storePending(db, 'drivers', { anchor: listed.anchor, filterHash }, missing);
  })();
  await fetchPending(context, 'drivers');
};

async function fetchSets(
  { authorization, client, config, signal }: ConversationContext,
  driverSetIds: readonly string[],
): Promise<DriverSet[]> {
  const sets = new Map<string, string>();
  let characters = 0;
  for (const driverSets of batchesOf(driverSetIds, Math.max(1, config.MaxNumberOfDriverSetsPerRequest))) {
    const { GetDriverSetDataResult: result } = await authorization.use((cookie) =>
      client.call(serverSyncService, GetDriverSetData, { cookie, driverSets }, { signal }),
    );
    for (const { DriverSetId: id, DriverSetXml: xml } of result?.DriverSets ?? []) {
      if (xml === undefined || !driverSets.includes(id)) continue;
      sets.set(id, xml);
      characters += xml.length;
    }
    if (characters > MOST_SET_CHARACTERS) {
      const message = `The upstream server describes driver sets in more than ${MOST_SET_CHARACTERS} characters.`;
      throw new UpstreamError('size', message);
    }
  }
  return [...sets].map(([driverSetId, xml]) => ({ driverSetId, xml }));
}
