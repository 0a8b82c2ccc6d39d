/** The drivers that one set of groups is offered, found by hardware id, and the best of them for each device. */
import { compareMatches, deviceIds, matchOf, matchOfInstalled, mayReplace } from './driver-match.ts';
import type { DriverMatch, DriverScan } from './driver-match.ts';
import type { ScannedDriver } from './revision-shelf.ts';
import type { ScannedDevice } from './scan.ts';

/** What is offered, as far as this index cares. */
export interface Indexed {
  readonly offered: { readonly revisionId: number };
}

interface Candidate<E extends Indexed> {
  readonly entry: E;
  readonly driver: ScannedDriver;
}

interface Best<E extends Indexed> {
  readonly candidate: Candidate<E>;
  readonly match: DriverMatch;
}

export class DriverIndex<E extends Indexed> {
  readonly isEmpty: boolean;
  readonly #byHardwareId = new Map<string, Candidate<E>[]>();

  constructor(offers: readonly { readonly entry: E; readonly drivers: readonly ScannedDriver[] }[]) {
    this.isEmpty = offers.length === 0;
    for (const { entry, drivers } of offers) {
      for (const driver of drivers) {
        const candidates = this.#byHardwareId.get(driver.hardwareId);
        if (candidates === undefined) this.#byHardwareId.set(driver.hardwareId, [{ entry, driver }]);
        else candidates.push({ entry, driver });
      }
    }
  }

  /**
   * The drivers that are the best match for at least one device and better than what is installed there, each with
   * the hardware ids by which it was found.
   *
   * @param isEligible whether the prerequisites of an entry are met
   */
  bestFor(scan: DriverScan, isEligible: (entry: E) => boolean): Map<E, Set<string>> {
    const found = new Map<E, Set<string>>();
    for (const device of scan.devices) {
      const best = this.#bestForDevice(device, scan, isEligible);
      if (best === undefined) continue;
      const { entry, driver } = best.candidate;
      found.set(entry, (found.get(entry) ?? new Set()).add(driver.hardwareId));
    }
    return found;
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
}

/** Where the rules find two alike, the revision that came later. */
function isBetter<E extends Indexed>(a: Best<E>, b: Best<E>): boolean {
  const order = compareMatches(a.match, b.match);
  if (order !== 0) return order < 0;
  return a.candidate.entry.offered.revisionId > b.candidate.entry.offered.revisionId;
}
