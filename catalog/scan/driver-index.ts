/** The drivers that one set of groups is offered, found by hardware id, and the best of them for each device. */
import { compareMatches, deviceIds, matchOf, matchOfInstalled, mayReplace } from './driver-match.ts';
import type { DriverMatch, DriverScan } from './driver-match.ts';
import type { ScannedDriver } from './scanned-driver.ts';
import type { OfferedAction, OfferedRevision, ScannedDevice } from './scan.ts';

/** What is offered, as far as this index cares. */
export interface Indexed {
  readonly offered: Pick<OfferedRevision, 'revisionId' | 'updateId'> & {
    readonly deployment: { readonly action: OfferedAction };
  };
}

interface Offer<E extends Indexed> {
  readonly entry: E;
  /** One for each hardware id that the driver is for. */
  readonly drivers: readonly ScannedDriver[];
}

interface Candidate<E extends Indexed> {
  readonly entry: E;
  readonly driver: ScannedDriver;
}

interface Best<E extends Indexed> {
  readonly candidate: Candidate<E>;
  readonly match: DriverMatch;
}

/** Drivers by the hardware ids for which they are sent. */
export type FoundDrivers<E extends Indexed> = ReadonlyMap<E, ReadonlySet<string>>;

export class DriverIndex<E extends Indexed> {
  readonly isEmpty: boolean;
  readonly #byHardwareId: ReadonlyMap<string, readonly Candidate<E>[]>;
  /** To be uninstalled, by UpdateID. These are no choice for a device: they take nothing's place. */
  readonly #removals: ReadonlyMap<string, Offer<E>>;
  readonly #printers: readonly Offer<E>[];
  readonly #places: ReadonlyMap<E, number>;

  /** @param offers what depends on another comes after it */
  constructor(offers: readonly Offer<E>[]) {
    const isRemoval = ({ entry }: Offer<E>): boolean => entry.offered.deployment.action === 'Uninstall';
    const candidates = offers
      .filter((offer) => !isRemoval(offer))
      .flatMap(({ entry, drivers }) => drivers.map((driver) => ({ entry, driver })));
    this.isEmpty = offers.length === 0;
    this.#byHardwareId = Map.groupBy(candidates, ({ driver }) => driver.hardwareId);
    this.#removals = new Map(offers.filter(isRemoval).map((offer) => [offer.entry.offered.updateId, offer]));
    this.#printers = offers.flatMap(({ entry, drivers }) => {
      const printers = drivers.filter(({ driverClass }) => driverClass.toLowerCase() === 'printer');
      return printers.length === 0 ? [] : [{ entry, drivers: printers }];
    });
    this.#places = new Map(offers.map(({ entry }, place) => [entry, place]));
  }

  /**
   * The drivers that are the best match for at least one device and better than what is installed there, each with
   * the hardware ids by which it was found; and those to be uninstalled from a device on which the agent installed them
   * ([MS-WUSP] 2.2.2.2.4, DriverRecoveryID).
   *
   * @param isEligible whether the prerequisites of an entry are met
   */
  bestFor(scan: DriverScan, isEligible: (entry: E) => boolean): FoundDrivers<E> {
    const found = new Map<E, Set<string>>();
    const take = ({ entry, driver }: Candidate<E>): void => {
      found.set(entry, (found.get(entry) ?? new Set()).add(driver.hardwareId));
    };
    for (const device of scan.devices) {
      const best = this.#bestForDevice(device, scan, isEligible);
      if (best !== undefined) take(best.candidate);
      for (const removal of this.#removalsFor(device, isEligible)) take(removal);
    }
    return new Map([...found].sort(([a], [b]) => this.#placeOf(a) - this.#placeOf(b)));
  }

  /** Every driver of class Printer, with all hardware ids of that class that it is for. */
  printers(isEligible: (entry: E) => boolean): FoundDrivers<E> {
    return new Map(
      this.#printers
        .filter(({ entry }) => isEligible(entry))
        .map(({ entry, drivers }) => [entry, new Set(drivers.map(({ hardwareId }) => hardwareId))]),
    );
  }

  #bestForDevice(
    device: ScannedDevice,
    scan: DriverScan,
    isEligible: (entry: E) => boolean,
  ): Best<E> | undefined {
    let best: Best<E> | undefined;
    for (const [place, id] of deviceIds(device).entries()) {
      for (const candidate of this.#byHardwareId.get(id) ?? []) {
        const match = isEligible(candidate.entry) ? matchOf(candidate.driver, place, scan) : undefined;
        if (match !== undefined && (best === undefined || isBetter({ candidate, match }, best)))
          best = { candidate, match };
      }
    }
    const installed = matchOfInstalled(device, scan);
    if (best === undefined || installed === undefined) return best;
    return compareMatches(best.match, installed) < 0 && mayReplace(best.candidate.driver, device)
      ? best
      : undefined;
  }

  #removalsFor(device: ScannedDevice, isEligible: (entry: E) => boolean): Candidate<E>[] {
    if (this.#removals.size === 0) return [];
    const ids = new Set(deviceIds(device));
    return (device.recoverableUpdateIds ?? []).flatMap((updateId) => {
      const offer = this.#removals.get(updateId.toLowerCase());
      if (offer === undefined || !isEligible(offer.entry)) return [];
      return offer.drivers
        .filter(({ hardwareId }) => ids.has(hardwareId))
        .map((driver) => ({ entry: offer.entry, driver }));
    });
  }

  #placeOf(entry: E): number {
    return this.#places.get(entry) ?? 0;
  }
}

/** Where the rules find two alike, the revision that came later. */
function isBetter<E extends Indexed>(a: Best<E>, b: Best<E>): boolean {
  const order = compareMatches(a.match, b.match);
  if (order !== 0) return order < 0;
  return a.candidate.entry.offered.revisionId > b.candidate.entry.offered.revisionId;
}
