/** What an agent keeps of a Core fragment: relationships and rules ([MS-WUSP] 3.1.1.1). */
import { AgentError } from './error.ts';
import { childOf, readFragment, rootOf } from './fragment.ts';
import type { FragmentElement } from './fragment.ts';

export interface DriverMatch {
  readonly hardwareId: string;
  readonly date: string;
  readonly version: string;
  readonly driverClass: string;
  readonly provider: string;
  readonly manufacturer: string;
}

export interface Core {
  readonly updateId: string;
  readonly revisionNumber: number;
  readonly updateType: string;
  /** AND of clauses, each an OR of UpdateIDs. */
  readonly prerequisites: readonly (readonly string[])[];
  /** AND of clauses, each an OR of `updateId/revisionNumber`. */
  readonly bundles: readonly (readonly string[])[];
  readonly superseded: readonly string[];
  readonly isInstalled?: FragmentElement;
  readonly isInstallable?: FragmentElement;
  readonly isSuperseded?: FragmentElement;
  readonly drivers: readonly DriverMatch[];
}

export const identityKey = (updateId: string, revisionNumber: number): string =>
  `${updateId.toLowerCase()}/${revisionNumber}`;

/** @throws AgentError where there is no identity */
export function readCore(xml: string): Core {
  const roots = readFragment(xml);
  const identity = rootOf(roots, 'UpdateIdentity');
  const updateId = identity?.attributes['UpdateID']?.toLowerCase();
  if (updateId === undefined) {
    throw new AgentError('FRAGMENT_MALFORMED', `A Core fragment has no UpdateIdentity: ${xml.slice(0, 200)}`);
  }
  const relationships = rootOf(roots, 'Relationships');
  const rules = rootOf(roots, 'ApplicabilityRules');
  const rule = (name: string): FragmentElement | undefined => childOf(rules, name)?.children[0];
  const isInstalled = rule('IsInstalled');
  const isInstallable = rule('IsInstallable');
  const isSuperseded = rule('IsSuperseded');
  return {
    updateId,
    revisionNumber: Number(identity?.attributes['RevisionNumber']),
    updateType: rootOf(roots, 'Properties')?.attributes['UpdateType'] ?? '',
    prerequisites: clausesOf(childOf(relationships, 'Prerequisites'), idOf),
    bundles: clausesOf(childOf(relationships, 'BundledUpdates'), (element) =>
      identityKey(idOf(element), Number(element.attributes['RevisionNumber'])),
    ),
    superseded: (childOf(relationships, 'SupersededUpdates')?.children ?? []).map(idOf),
    ...(isInstalled && { isInstalled }),
    ...(isInstallable && { isInstallable }),
    ...(isSuperseded && { isSuperseded }),
    drivers: (childOf(rules, 'Metadata')?.children ?? [])
      .filter((element) => element.name === 'd.WindowsDriverMetaData')
      .map(driverOf),
  };
}

const idOf = (element: FragmentElement): string => (element.attributes['UpdateID'] ?? '').toLowerCase();

const clausesOf = (
  list: FragmentElement | undefined,
  read: (element: FragmentElement) => string,
): readonly (readonly string[])[] =>
  (list?.children ?? []).map((element) =>
    element.name === 'AtLeastOne' ? element.children.map(read) : [read(element)],
  );

const driverOf = ({ attributes }: FragmentElement): DriverMatch => ({
  hardwareId: (attributes['HardwareID'] ?? '').toLowerCase(),
  date: attributes['DriverVerDate'] ?? '',
  version: attributes['DriverVerVersion'] ?? '',
  driverClass: attributes['Class'] ?? '',
  provider: attributes['Provider'] ?? '',
  manufacturer: attributes['Manufacturer'] ?? '',
});
