/** GetDriverIdList and GetDriverSetData ([MS-WSUSSS] 3.1.4.7, 3.1.4.8): drivers for the hardware that there is. */
import { SoapFault } from '../../protocol/soap/fault.ts';
import { GetDriverIdList, GetDriverSetData } from '../../protocol/wsusss/drivers.ts';
import { driverLists, latestDriverPoint } from '../../catalog/store/downstream/driver-lists.ts';
import type { HardwareFilter } from '../../catalog/store/downstream/driver-lists.ts';
import { readDriverSets } from '../../catalog/store/revisions/driver-sets.ts';
import { implement } from '../soap/implementation.ts';
import { formatAnchor, parseAnchor } from './anchor.ts';
import type { DownstreamContext } from './context.ts';
import { MAXIMUM_COMPUTER_IDS, MAXIMUM_DRIVER_SETS, MAXIMUM_HARDWARE_IDS } from './limits.ts';
import { EMPTY_ANCHOR, filtersOf, toWire } from './revision-id-list.ts';
import { openSession } from './session.ts';

export const getDriverIdList = ({ db, cookies }: DownstreamContext) =>
  implement(GetDriverIdList, ({ cookie, filter }) => {
    openSession(cookies, cookie);
    if (filter === undefined) throw new SoapFault('InvalidParameters', 'filter');
    const asked = {
      newerThan: parseAnchor(filter.Anchor),
      categories: filtersOf(filter.Categories),
      computers: hardwareOf(filter.ComputerIds, MAXIMUM_COMPUTER_IDS),
      devices: hardwareOf(filter.PnpHardwareIds, MAXIMUM_HARDWARE_IDS),
    };
    return db.transaction(() => {
      const point = latestDriverPoint(db);
      // As for GetRevisionIdList: an anchor of a future that is not here.
      if (asked.newerThan > (point?.sequence ?? 0)) throw new SoapFault('ServerChanged', 'filter');
      const { drivers, driverSets, removedDriverSets } = driverLists(db, asked);
      return {
        GetDriverIdListResult: {
          Anchor: point === undefined ? EMPTY_ANCHOR : formatAnchor(point.sequence, point.arrivedAt),
          NewRevisions: drivers.map(toWire),
          NewDriverSets: driverSets,
          RemovedDriverSets: removedDriverSets,
        },
      };
    })();
  });

/** An id without a text names no hardware. */
function hardwareOf(
  items: readonly { readonly Id?: string | undefined; readonly Delta: boolean }[] | undefined,
  most: number,
): HardwareFilter[] {
  if ((items?.length ?? 0) > most) throw new SoapFault('InvalidParameters', 'filter');
  return (items ?? []).flatMap(({ Id, Delta }) =>
    Id === undefined || Id === '' ? [] : [{ id: Id.toLowerCase(), delta: Delta }],
  );
}

/** Sets that are not here are left out. */
export const getDriverSetData = ({ db, cookies }: DownstreamContext) =>
  implement(GetDriverSetData, ({ cookie, driverSets }) => {
    openSession(cookies, cookie);
    if (driverSets === undefined) throw new SoapFault('InvalidParameters', 'driverSets');
    // Two words of the specification for one thing: InvalidParameters in the table of inputs, this in that of faults.
    if (driverSets.length > MAXIMUM_DRIVER_SETS) throw new SoapFault('TooManyIds', 'driverSets');
    return {
      GetDriverSetDataResult: {
        DriverSets: readDriverSets(db, driverSets).map(({ driverSetId, xml }) => ({
          DriverSetId: driverSetId,
          DriverSetXml: xml,
        })),
      },
    };
  });
