import { LAB_MACHINE } from '../testing/lab-machine.ts';
import { readCore } from './core.ts';
import type { Core } from './core.ts';
import { SimulatedMachine } from './machine.ts';
import type { MachineProfile } from './machine.ts';
import { evaluate, satisfy } from './rules.ts';

const PROFILE: MachineProfile = {
  ...LAB_MACHINE,
  registry: { 'SOFTWARE\\Sample\\Inner': { Version: '1.2.3.4', Mode: 'x64' } },
  files: { '37\\sample.dll': '10.0.1.5' },
  devices: [
    {
      hardwareIds: ['PCI\\VEN_C0A1&DEV_1533'],
      installedDriver: {
        matchingId: 'pci\\ven_c0a1&dev_1533',
        date: '2026-01-01',
        version: '9.0.0.0',
        driverClass: 'Net',
        provider: 'Contoso',
        manufacturer: 'Contoso',
      },
    },
  ],
};

function core(isInstalled: string, metadata = ''): Core {
  return readCore(
    '<UpdateIdentity UpdateID="7F2A0C6E-0000-4000-8000-0000000000AA" RevisionNumber="3" /><Properties UpdateType="Software" />' +
      `<ApplicabilityRules><IsInstalled>${isInstalled}</IsInstalled><Metadata>${metadata}</Metadata></ApplicabilityRules>`,
  );
}

const holdsOn = (machine: SimulatedMachine, rule: string): boolean => {
  const update = core(rule);
  return evaluate(update.isInstalled!, machine, update);
};

const revision = (data: number): string =>
  `<b.RegDword Subkey="SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion" Value="UBR" Comparison="GreaterThanOrEqualTo" Data="${data}" />`;

describe('applicability rules on a simulated machine', () => {
  const machine = new SimulatedMachine(PROFILE);

  it.each([
    ['<True />', true],
    ['<False />', false],
    ['<And><True /><False /></And>', false],
    ['<Or><False /><True /></Or>', true],
    ['<Not><False /></Not>', true],
    [
      '<b.WindowsVersion Comparison="EqualTo" MajorVersion="10" MinorVersion="0" BuildNumber="26100" />',
      true,
    ],
    ['<b.WindowsVersion Comparison="GreaterThan" MajorVersion="10" MinorVersion="0" />', false],
    [
      '<b.WindowsVersion Comparison="GreaterThanOrEqualTo" MajorVersion="10" MinorVersion="0" ProductType="3" />',
      false,
    ],
    ['<b.Processor Architecture="9" />', true],
    ['<b.Processor Architecture="12" />', false],
    ['<b.RegKeyExists Key="HKEY_LOCAL_MACHINE" Subkey="software\\sample" />', true],
    ['<b.RegKeyExists Key="HKEY_LOCAL_MACHINE" Subkey="SOFTWARE\\Samp" />', false],
    ['<b.RegValueExists Subkey="SOFTWARE\\Sample\\Inner" Value="mode" />', true],
    ['<b.RegSz Subkey="SOFTWARE\\Sample\\Inner" Value="Mode" Comparison="EqualTo" Data="x64" />', true],
    [
      '<b.RegSzToVersion Subkey="SOFTWARE\\Sample\\Inner" Value="Version" Comparison="LessThan" Data="1.10" />',
      true,
    ],
    [
      '<b.RegDword Subkey="SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion" Value="UBR" Comparison="GreaterThanOrEqualTo" Data="6501" />',
      false,
    ],
    ['<b.FileVersion Path="\\sample.dll" Csidl="37" Comparison="EqualTo" Version="10.0.1.5" />', true],
    ['<b.FileExists Path="\\other.dll" Csidl="37" />', false],
  ])('%s is %s', (rule, expected) => {
    expect(holdsOn(machine, rule)).toBe(expected);
  });

  it('refuses a rule and a comparison that it does not know, by name', () => {
    expect(() => holdsOn(machine, '<b.MoonPhase />')).toThrow('b.MoonPhase');
    expect(() => holdsOn(machine, '<b.WindowsVersion Comparison="Around" MajorVersion="10" />')).toThrow(
      '"Around"',
    );
  });

  it('finds installed what an installer left behind, and what that replaces', () => {
    const changed = new SimulatedMachine(PROFILE);
    const update = core(
      `<And><CbsPackageInstalledByIdentity PackageIdentity="P~1" />${revision(7_000)}</And>`,
    );
    expect(satisfy(update.isInstalled!, changed, update)).toBe(true);
    expect(holdsOn(changed, revision(6_900))).toBe(true);
    expect(holdsOn(changed, revision(7_001))).toBe(false);
    expect(holdsOn(changed, '<CbsPackageInstalledByIdentity PackageIdentity="P~1" />')).toBe(true);
  });

  it('cannot install what no installer could bring about', () => {
    const update = core('<b.Processor Architecture="12" />');
    expect(satisfy(update.isInstalled!, new SimulatedMachine(PROFILE), update)).toBe(false);
  });

  it('takes a newer driver for a device that it has, and then has it', () => {
    const changed = new SimulatedMachine(PROFILE);
    const driver = core(
      '<d.WindowsDriverInstalled />',
      '<d.WindowsDriverMetaData HardwareID="pci\\ven_c0a1&amp;dev_1533" DriverVerDate="2026-09-02" DriverVerVersion="10.1.2.3" Class="Net" />',
    );
    expect(evaluate(driver.isInstalled!, changed, driver)).toBe(false);
    expect(changed.canTakeDriver(driver.drivers)).toBe(true);
    expect(satisfy(driver.isInstalled!, changed, driver)).toBe(true);
    expect(changed.devices[0]?.installed?.version).toBe('10.1.2.3');
    expect(changed.canTakeDriver(driver.drivers)).toBe(false);
  });
});
