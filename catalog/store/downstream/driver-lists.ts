/** Which drivers and driver sets there are for given hardware ([MS-WSUSSS] 3.1.4.7). */
import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import type { UpdateIdentity } from '../../metadata/model.ts';
import { IdentityRow } from '../revisions/identity-row.ts';
import { lastSequence } from '../revisions/import-sequence.ts';
import type { CategoryFilter, CataloguePoint } from './downstream.ts';

/** An id of a computer or a device in a filter; `delta`: only what is newer than the anchor. */
export interface HardwareFilter {
  /** Lower case. */
  readonly id: string;
  readonly delta: boolean;
}

export interface DriverFilter {
  /** 0 for everything. */
  readonly newerThan: number;
  /** Empty: whatever they are for. Those that are no category here count for nothing. */
  readonly categories: readonly CategoryFilter[];
  /** Computer hardware ids, which driver sets are for. */
  readonly computers: readonly HardwareFilter[];
  /** Devices' hardware ids, which drivers are for. */
  readonly devices: readonly HardwareFilter[];
}

export interface DriverLists {
  readonly drivers: readonly UpdateIdentity[];
  readonly driverSets: readonly string[];
  /** Driver sets that were removed since the anchor. */
  readonly removedDriverSets: readonly string[];
}

/** Where the lists of drivers and driver sets stand now; undefined while nothing is here. */
export function latestDriverPoint(db: Database): CataloguePoint | undefined {
  const sequence = lastSequence(db);
  if (sequence === 0) return undefined;
  const arrivedAt = z
    .string()
    .nullable()
    .parse(db.prepare('SELECT max(arrived_at) FROM revision').pluck().get());
  return { sequence, arrivedAt: arrivedAt ?? '2000-01-01T00:00:00.000Z' };
}

/** The filter's lists, as temporary tables of the query; `whole` is 1 where not only what is newer is meant. */
const FILTER = `
  category (id, whole) AS (
    SELECT value ->> 'id', NOT (value ->> 'delta') FROM json_each(@categories)
    WHERE EXISTS (SELECT 1 FROM revision WHERE update_id = value ->> 'id' AND update_type = 'Category')),
  computer (id, whole) AS (SELECT value ->> 'id', NOT (value ->> 'delta') FROM json_each(@computers)),
  device (id, whole) AS (SELECT value ->> 'id', NOT (value ->> 'delta') FROM json_each(@devices))`;

/** Categories that a revision belongs to and that the filter names. */
const OWN_CATEGORIES = `SELECT category.whole FROM category JOIN revision_category AS own
  ON own.category_update_id = category.id WHERE own.revision_id = revision.revision_id`;

/** A set is for the categories that its description names, or that one of its drivers belongs to. */
const SET_CATEGORIES = `SELECT category.whole FROM category JOIN driver_set_guid AS named ON named.guid = category.id
    WHERE named.driver_set_id = driver_set.driver_set_id
  UNION ALL
  SELECT category.whole FROM driver_set_guid AS named
    JOIN revision ON revision.update_id = named.guid AND is_latest = 1 AND update_type = 'Driver'
    JOIN revision_category AS own ON own.revision_id = revision.revision_id
    JOIN category ON category.id = own.category_update_id
    WHERE named.driver_set_id = driver_set.driver_set_id`;

const SETS = `matching_set (driver_set_id, is_removed) AS (
  SELECT DISTINCT driver_set.driver_set_id, is_removed FROM computer
    JOIN driver_set_guid ON driver_set_guid.guid = computer.id
    JOIN driver_set ON driver_set.driver_set_id = driver_set_guid.driver_set_id
  WHERE (@isFiltered = 0 OR EXISTS (${SET_CATEGORIES}))
    AND (changed_sequence > @newerThan
      OR (is_removed = 0 AND (computer.whole OR EXISTS (SELECT 1 FROM (${SET_CATEGORIES}) WHERE whole)))))`;

const DRIVERS = `
  SELECT DISTINCT revision.revision_id, update_id, revision_number FROM device
    CROSS JOIN driver ON driver.hardware_id = device.id
    JOIN revision ON revision.revision_id = driver.revision_id
  WHERE is_latest = 1 AND update_type = 'Driver'
    AND (@isFiltered = 0 OR EXISTS (${OWN_CATEGORIES}))
    AND (import_sequence > @newerThan OR device.whole OR EXISTS (SELECT 1 FROM (${OWN_CATEGORIES}) WHERE whole))
  UNION
  SELECT revision.revision_id, update_id, revision_number FROM matching_set
    JOIN driver_set_guid ON driver_set_guid.driver_set_id = matching_set.driver_set_id
    JOIN revision ON revision.update_id = driver_set_guid.guid AND is_latest = 1 AND update_type = 'Driver'
  WHERE NOT is_removed
  ORDER BY revision_id`;

const SetRow = z.object({ driver_set_id: z.string(), is_removed: z.int() });

/** Within a transaction, where more is read of the same moment. */
export function driverLists(db: Database, filter: DriverFilter): DriverLists {
  const bound = {
    newerThan: filter.newerThan,
    isFiltered: filter.categories.length > 0 ? 1 : 0,
    categories: JSON.stringify(filter.categories),
    computers: JSON.stringify(filter.computers),
    devices: JSON.stringify(filter.devices),
  };
  const sets = db
    .prepare(
      `WITH ${FILTER}, ${SETS} SELECT driver_set_id, is_removed FROM matching_set ORDER BY driver_set_id`,
    )
    .all(bound)
    .map((row) => SetRow.parse(row));
  const drivers = db
    .prepare(`WITH ${FILTER}, ${SETS} ${DRIVERS}`)
    .all(bound)
    .map((row) => IdentityRow.parse(row));
  const idsWhere = (isRemoved: number): string[] =>
    sets.filter((set) => set.is_removed === isRemoved).map((set) => set.driver_set_id);
  return { drivers, driverSets: idsWhere(0), removedDriverSets: idsWhere(1) };
}
