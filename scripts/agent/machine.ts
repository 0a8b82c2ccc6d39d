/** A Windows computer as far as its update agent looks at it: version, registry, files, packages, devices. */
import type { DriverMatch } from './core.ts';
import { compareVersions, readVersion } from './version.ts';

export type Architecture = 'x86' | 'AMD64' | 'ARM64';

export interface InstalledDriver {
  readonly matchingId: string;
  /** `yyyy-MM-dd`. */
  readonly date: string;
  /** Four parts. */
  readonly version: string;
  readonly driverClass: string;
  readonly provider: string;
  readonly manufacturer: string;
}

export interface DeviceProfile {
  /** Most specific first. */
  readonly hardwareIds: readonly string[];
  readonly compatibleIds?: readonly string[];
  readonly installedDriver?: InstalledDriver;
}

export interface MachineProfile {
  /** SusClientId. */
  readonly computerId: string;
  readonly dnsName: string;
  readonly manufacturer: string;
  readonly model: string;
  /** Computer hardware ids, most specific first. */
  readonly computerHardwareIds?: readonly string[];
  readonly biosVersion: string;
  readonly osDescription: string;
  readonly build: number;
  /** The last part of the version (UBR). */
  readonly revision: number;
  /** 1 workstation, 2 domain controller, 3 server. */
  readonly productType: 1 | 2 | 3;
  readonly architecture: Architecture;
  /** `de-DE`. */
  readonly locale: string;
  /** Values by subkey of HKEY_LOCAL_MACHINE. */
  readonly registry?: Readonly<Record<string, Readonly<Record<string, string | number>>>>;
  /** Versions by `Csidl` and path: `37\\mscoree.dll`. */
  readonly files?: Readonly<Record<string, string>>;
  readonly devices?: readonly DeviceProfile[];
  /** Installers of these updates end with this HRESULT (signed). */
  readonly failing?: readonly { readonly titleIncludes: string; readonly hresult: number }[];
  /** What needs a restart stays pending until someone restarts it. */
  readonly waitsForRestart?: boolean;
}

export const CURRENT_VERSION = 'SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion';

const ARCHITECTURE_NUMBER: Readonly<Record<Architecture, number>> = { x86: 0, AMD64: 9, ARM64: 12 };

export class SimulatedMachine {
  readonly profile: MachineProfile;
  readonly devices: { readonly profile: DeviceProfile; installed: InstalledDriver | undefined }[];
  readonly #registry = new Map<string, Map<string, string | number>>();
  readonly #files = new Map<string, string>();
  readonly #packages = new Set<string>();
  #build: number;

  constructor(profile: MachineProfile) {
    this.profile = profile;
    this.#build = profile.build;
    this.devices = (profile.devices ?? []).map((device) => ({
      profile: device,
      installed: device.installedDriver,
    }));
    for (const [subkey, values] of Object.entries(profile.registry ?? {})) {
      this.#key(subkey);
      for (const [name, value] of Object.entries(values)) this.setRegistry(subkey, name, value);
    }
    for (const [path, version] of Object.entries(profile.files ?? {}))
      this.#files.set(path.toLowerCase(), version);
    this.setRegistry(CURRENT_VERSION, 'UBR', profile.revision);
  }

  get version(): readonly [number, number, number] {
    return [10, 0, this.#build];
  }

  get architectureNumber(): number {
    return ARCHITECTURE_NUMBER[this.profile.architecture];
  }

  upgradeTo(build: number): void {
    this.#build = build;
  }

  registry(subkey: string, name: string): string | number | undefined {
    return this.#registry.get(subkey.toLowerCase())?.get(name.toLowerCase());
  }

  hasRegistryKey(subkey: string): boolean {
    const wanted = subkey.toLowerCase();
    return [...this.#registry.keys()].some((key) => key === wanted || key.startsWith(`${wanted}\\`));
  }

  setRegistry(subkey: string, name: string, value: string | number): void {
    this.#key(subkey).set(name.toLowerCase(), value);
  }

  fileVersion(csidl: string, path: string): string | undefined {
    return this.#files.get(fileKey(csidl, path));
  }

  setFile(csidl: string, path: string, version: string): void {
    this.#files.set(fileKey(csidl, path), version);
  }

  hasPackage(identity: string): boolean {
    return this.#packages.has(identity);
  }

  addPackage(identity: string): void {
    this.#packages.add(identity);
  }

  /** A device that one of the driver's ids matches and that has this driver or a newer one. */
  hasDriver(drivers: readonly DriverMatch[]): boolean {
    return this.#matches(drivers).some(
      ({ device, driver }) => device.installed !== undefined && compareDrivers(device.installed, driver) >= 0,
    );
  }

  canTakeDriver(drivers: readonly DriverMatch[]): boolean {
    return this.#matches(drivers).some(
      ({ device, driver }) => device.installed === undefined || compareDrivers(device.installed, driver) < 0,
    );
  }

  installDriver(drivers: readonly DriverMatch[]): void {
    for (const { device, driver } of this.#matches(drivers)) {
      if (device.installed !== undefined && compareDrivers(device.installed, driver) >= 0) continue;
      device.installed = { ...driver, matchingId: driver.hardwareId };
    }
  }

  addRegistryKey(subkey: string): void {
    this.#key(subkey);
  }

  #matches(
    drivers: readonly DriverMatch[],
  ): { device: SimulatedMachine['devices'][number]; driver: DriverMatch }[] {
    return this.devices.flatMap((device) => {
      const ids = [...device.profile.hardwareIds, ...(device.profile.compatibleIds ?? [])];
      const driver = drivers.find((candidate) => ids.some((id) => id.toLowerCase() === candidate.hardwareId));
      return driver === undefined ? [] : [{ device, driver }];
    });
  }

  #key(subkey: string): Map<string, string | number> {
    const name = subkey.toLowerCase();
    const known = this.#registry.get(name);
    if (known !== undefined) return known;
    const made = new Map<string, string | number>();
    this.#registry.set(name, made);
    return made;
  }
}

const fileKey = (csidl: string, path: string): string => `${csidl}${path}`.toLowerCase();

const compareDrivers = (
  one: { date: string; version: string },
  other: { date: string; version: string },
): number =>
  one.date === other.date
    ? compareVersions(readVersion(one.version), readVersion(other.version))
    : one.date < other.date
      ? -1
      : 1;
