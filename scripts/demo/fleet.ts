/** The demonstration's computers: different Windows releases, makers, languages, software, and some with trouble. */
import type { InstalledDriver, MachineProfile } from '../agent/machine.ts';
import { COMPUTER_MODELS } from '../fixtures/demo/driver-updates.ts';
import { guidOfName } from '../fixtures/seeded-random.ts';

export type GroupName = 'Pilot' | 'Workstations' | 'Finance' | 'Engineering' | 'Servers' | 'Database servers';

/** Parents come before their children. */
export const GROUPS: readonly { readonly name: GroupName; readonly parent?: GroupName }[] = [
  { name: 'Pilot' },
  { name: 'Workstations' },
  { name: 'Finance', parent: 'Workstations' },
  { name: 'Engineering', parent: 'Workstations' },
  { name: 'Servers' },
  { name: 'Database servers', parent: 'Servers' },
];

export interface FleetMember {
  /** Absent: nobody has put it into a group. */
  readonly group?: GroupName;
  readonly profile: MachineProfile;
}

/** ERROR_INSTALL_FAILURE and a lack of space, as HRESULTs, signed. */
const FATAL_INSTALL_ERROR = 0x80070643 - 2 ** 32;
const DISK_FULL = 0x80070070 - 2 ** 32;

const EVERYWHERE: NonNullable<MachineProfile['registry']> = {
  'SOFTWARE\\Microsoft\\Windows Defender': { ProductStatus: 0 },
  'SOFTWARE\\Microsoft\\Windows Defender\\Signature Updates': { AVSignatureVersion: '1.443.105.0' },
  'SOFTWARE\\Microsoft\\NET Framework Setup\\NDP\\v4\\Full': { Release: 533_320 },
  'SOFTWARE\\Microsoft\\RemovalTools\\MRT': { Version: '5.131.0.0' },
};
const FILES: NonNullable<MachineProfile['files']> = {
  '37\\mscoree.dll': '4.8.9200.0',
  '38\\Windows Defender\\MsMpEng.exe': '4.18.26050.1',
};
const OFFICE: NonNullable<MachineProfile['registry']> = {
  'SOFTWARE\\Microsoft\\Office\\16.0\\Common\\InstallRoot': {
    Path: 'C:\\Program Files\\Microsoft Office\\Office16',
  },
  'SOFTWARE\\Microsoft\\Office\\16.0\\Outlook': { Bitness: 'x64' },
};
const OFFICE_FILES: NonNullable<MachineProfile['files']> = Object.fromEntries(
  ['OUTLOOK.EXE', 'EXCEL.EXE', 'WINWORD.EXE', 'mso.dll'].map((name) => [
    `38\\Microsoft Office\\Office16\\${name}`,
    '16.0.5400.1000',
  ]),
);
const DOTNET: NonNullable<MachineProfile['registry']> = {
  'SOFTWARE\\dotnet\\Setup\\InstalledVersions\\x64\\sharedfx\\8.0': { Version: '8.0.20.0' },
  'SOFTWARE\\dotnet\\Setup\\InstalledVersions\\x64\\sharedfx\\9.0': { Version: '9.0.9.0' },
  'SOFTWARE\\Microsoft\\PowerShellCore\\InstalledVersions': { SemanticVersion: '7.4.12.0' },
};
const SQL_SERVER: NonNullable<MachineProfile['registry']> = {
  'SOFTWARE\\Microsoft\\Microsoft SQL Server\\MSSQL16.MSSQLSERVER': { Edition: 'Standard' },
  'SOFTWARE\\Microsoft\\Microsoft SQL Server\\MSSQL16.MSSQLSERVER\\Setup': { PatchLevel: '16.0.4205.1' },
};

const networkDriver: InstalledDriver = {
  matchingId: 'pci\\ven_c0a1&dev_1533',
  date: '2025-05-20',
  version: '10.0.9.2',
  driverClass: 'Net',
  provider: 'Contoso',
  manufacturer: 'Contoso',
};

const SYSTEMS = {
  windows11: {
    osDescription: 'Windows 11 Enterprise 24H2',
    build: 26_100,
    revision: 6_200,
    productType: 1,
    architecture: 'AMD64',
  },
  windows11Arm: {
    osDescription: 'Windows 11 Pro 24H2 (ARM64)',
    build: 26_100,
    revision: 6_200,
    productType: 1,
    architecture: 'ARM64',
  },
  windows10: {
    osDescription: 'Windows 10 Enterprise 22H2',
    build: 19_045,
    revision: 6_700,
    productType: 1,
    architecture: 'AMD64',
  },
  server2025: {
    osDescription: 'Windows Server 2025 Standard',
    build: 26_100,
    revision: 6_200,
    productType: 3,
    architecture: 'AMD64',
  },
  server2022: {
    osDescription: 'Windows Server 2022 Datacenter',
    build: 20_348,
    revision: 3_900,
    productType: 3,
    architecture: 'AMD64',
  },
} as const satisfies Record<string, Partial<MachineProfile>>;

type Differences = Partial<MachineProfile> & { readonly model: string };

function computer(name: string, system: keyof typeof SYSTEMS, differences: Differences): MachineProfile {
  return {
    computerId: guidOfName(1, `computer ${name}`),
    dnsName: `${name}.corp.example`,
    manufacturer: differences.model.split(' ')[0] ?? '',
    biosVersion: '1.17.0',
    locale: 'en-US',
    ...SYSTEMS[system],
    ...differences,
    registry: { ...EVERYWHERE, ...differences.registry },
    files: { ...FILES, ...differences.files },
  };
}

export const FLEET: readonly FleetMember[] = [
  {
    group: 'Pilot',
    profile: computer('pilot-01', 'windows11', {
      model: 'Contoso LaptopPro 14',
      computerHardwareIds: COMPUTER_MODELS['Contoso LaptopPro 14'],
      registry: DOTNET,
      devices: [
        {
          hardwareIds: ['PCI\\VEN_C0A1&DEV_1533&SUBSYS_00018086', 'PCI\\VEN_C0A1&DEV_1533'],
          installedDriver: networkDriver,
        },
        { hardwareIds: ['USB\\VID_C0A1&PID_0029&REV_0001', 'USB\\VID_C0A1&PID_0029'] },
        { hardwareIds: ['HDAUDIO\\FUNC_01&VEN_FAB1&DEV_0295'] },
        { hardwareIds: ['UEFI\\RES_{5A1C0DE5-7B1A-4D55-A1F0-1F4C0A7E1400}'] },
      ],
    }),
  },
  {
    group: 'Pilot',
    profile: computer('pilot-02', 'windows11Arm', { model: 'Contoso Tablet A1', locale: 'de-DE' }),
  },
  {
    group: 'Finance',
    profile: computer('fin-11', 'windows11', {
      model: 'Fabrikam Workstation Z4',
      locale: 'fr-FR',
      registry: OFFICE,
      files: OFFICE_FILES,
      waitsForRestart: true,
      devices: [{ hardwareIds: ['PCI\\VEN_FAB1&DEV_7500&SUBSYS_22141028', 'PCI\\VEN_FAB1&DEV_7500'] }],
    }),
  },
  {
    group: 'Finance',
    profile: computer('fin-12', 'windows10', {
      model: 'Fabrikam Workstation Z2',
      locale: 'ja-JP',
      registry: OFFICE,
      files: OFFICE_FILES,
      failing: [{ titleIncludes: '.NET Framework', hresult: FATAL_INSTALL_ERROR }],
    }),
  },
  {
    group: 'Engineering',
    profile: computer('eng-21', 'windows11', {
      model: 'Contoso LaptopPro 14',
      computerHardwareIds: COMPUTER_MODELS['Contoso LaptopPro 14'],
      registry: DOTNET,
      devices: [{ hardwareIds: ['PCI\\VEN_C0A1&DEV_1533'], installedDriver: networkDriver }],
    }),
  },
  { group: 'Workstations', profile: computer('desk-31', 'windows10', { model: 'Contoso OfficeBox 3' }) },
  {
    group: 'Servers',
    profile: computer('app-01', 'server2025', {
      model: 'Northwind Rack R740',
      computerHardwareIds: COMPUTER_MODELS['Northwind Rack R740'],
      registry: DOTNET,
      failing: [{ titleIncludes: 'Cumulative Update for Microsoft server', hresult: DISK_FULL }],
    }),
  },
  {
    group: 'Database servers',
    profile: computer('sql-01', 'server2022', {
      model: 'Northwind Rack R740',
      registry: SQL_SERVER,
      waitsForRestart: true,
    }),
  },
  { profile: computer('visitor-77', 'windows11', { model: 'Contoso LaptopPro 14', locale: 'es-ES' }) },
];
