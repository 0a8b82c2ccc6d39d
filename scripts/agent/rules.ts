/**
 * Applicability rules, evaluated on a simulated machine as an agent evaluates them on a real one, and the other way
 * round: what an installer leaves behind is what its update's IsInstalled rule looks for.
 */
import type { Core } from './core.ts';
import { AgentError } from './error.ts';
import type { FragmentElement } from './fragment.ts';
import type { SimulatedMachine } from './machine.ts';
import { compareVersions, readVersion } from './version.ts';

type Attributes = FragmentElement['attributes'];
type Evaluate = (rule: FragmentElement, machine: SimulatedMachine, core: Core) => boolean;

const text = (attributes: Attributes, name: string): string => attributes[name] ?? '';

function holds(comparison: string, difference: number): boolean {
  switch (comparison) {
    case 'LessThan':
      return difference < 0;
    case 'LessThanOrEqualTo':
      return difference <= 0;
    case 'EqualTo':
      return difference === 0;
    case 'GreaterThanOrEqualTo':
      return difference >= 0;
    case 'GreaterThan':
      return difference > 0;
    default:
      throw new AgentError(
        'RULE_UNKNOWN',
        `The comparison ${JSON.stringify(comparison)} is not one of ScalarComparison.`,
      );
  }
}

const compareText = (attributes: Attributes, found: string, wanted: string): boolean =>
  holds(text(attributes, 'Comparison'), compareVersions(readVersion(found), readVersion(wanted)));

function windowsVersion({ attributes }: FragmentElement, machine: SimulatedMachine): boolean {
  if (
    attributes['ProductType'] !== undefined &&
    Number(attributes['ProductType']) !== machine.profile.productType
  ) {
    return false;
  }
  const wanted = [attributes['MajorVersion'], attributes['MinorVersion'], attributes['BuildNumber']]
    .filter((part) => part !== undefined)
    .map(Number);
  if (wanted.length === 0) return true;
  return holds(
    attributes['Comparison'] ?? 'EqualTo',
    compareVersions(machine.version.slice(0, wanted.length), wanted),
  );
}

const RULES: Readonly<Record<string, Evaluate>> = {
  True: () => true,
  False: () => false,
  And: (rule, machine, core) => rule.children.every((child) => evaluate(child, machine, core)),
  Or: (rule, machine, core) => rule.children.some((child) => evaluate(child, machine, core)),
  Not: (rule, machine, core) => !rule.children.some((child) => evaluate(child, machine, core)),
  'b.WindowsVersion': windowsVersion,
  'b.Processor': ({ attributes }, machine) =>
    Number(attributes['Architecture']) === machine.architectureNumber,
  'b.RegKeyExists': ({ attributes }, machine) => machine.hasRegistryKey(text(attributes, 'Subkey')),
  'b.RegValueExists': ({ attributes }, machine) =>
    machine.registry(text(attributes, 'Subkey'), text(attributes, 'Value')) !== undefined,
  'b.RegDword': ({ attributes }, machine) => {
    const found = machine.registry(text(attributes, 'Subkey'), text(attributes, 'Value'));
    return (
      typeof found === 'number' && holds(text(attributes, 'Comparison'), found - Number(attributes['Data']))
    );
  },
  'b.RegSz': ({ attributes }, machine) =>
    machine.registry(text(attributes, 'Subkey'), text(attributes, 'Value')) === attributes['Data'],
  'b.RegSzToVersion': ({ attributes }, machine) => {
    const found = machine.registry(text(attributes, 'Subkey'), text(attributes, 'Value'));
    return typeof found === 'string' && compareText(attributes, found, text(attributes, 'Data'));
  },
  'b.FileExists': ({ attributes }, machine) =>
    machine.fileVersion(text(attributes, 'Csidl'), text(attributes, 'Path')) !== undefined,
  'b.FileVersion': ({ attributes }, machine) => {
    const found = machine.fileVersion(text(attributes, 'Csidl'), text(attributes, 'Path'));
    return found !== undefined && compareText(attributes, found, text(attributes, 'Version'));
  },
  CbsPackageInstalledByIdentity: ({ attributes }, machine) =>
    machine.hasPackage(text(attributes, 'PackageIdentity')),
  /** The servicing stack would say; here whatever is not installed can be. */
  CbsPackageInstallable: (_rule, machine, core) =>
    core.isInstalled === undefined || !evaluate(core.isInstalled, machine, core),
  'd.WindowsDriverInstalled': (_rule, machine, core) => machine.hasDriver(core.drivers),
  'd.WindowsDriverInstallable': (_rule, machine, core) => machine.canTakeDriver(core.drivers),
  'd.WindowsDriverSuperseded': () => false,
};

/** @throws AgentError of a rule that no machine here could answer */
export function evaluate(rule: FragmentElement, machine: SimulatedMachine, core: Core): boolean {
  const answer = RULES[rule.name];
  if (answer === undefined) {
    throw new AgentError(
      'RULE_UNKNOWN',
      `Update ${core.updateId} has the rule ${rule.name}, which the simulated agent does not know.`,
    );
  }
  return answer(rule, machine, core);
}

/** Changes the machine as the installer would, so that the rule holds; false where no installer could. */
export function satisfy(rule: FragmentElement, machine: SimulatedMachine, core: Core): boolean {
  if (evaluate(rule, machine, core)) return true;
  const { attributes } = rule;
  switch (rule.name) {
    case 'And':
      return rule.children.every((child) => satisfy(child, machine, core));
    case 'Or':
      return rule.children.some((child) => satisfy(child, machine, core));
    case 'b.WindowsVersion':
      machine.upgradeTo(Number(attributes['BuildNumber']));
      break;
    case 'b.RegKeyExists':
      machine.addRegistryKey(text(attributes, 'Subkey'));
      break;
    case 'b.RegDword':
      machine.setRegistry(text(attributes, 'Subkey'), text(attributes, 'Value'), Number(attributes['Data']));
      break;
    case 'b.RegSz':
    case 'b.RegSzToVersion':
      machine.setRegistry(text(attributes, 'Subkey'), text(attributes, 'Value'), text(attributes, 'Data'));
      break;
    case 'b.FileVersion':
      machine.setFile(text(attributes, 'Csidl'), text(attributes, 'Path'), text(attributes, 'Version'));
      break;
    case 'CbsPackageInstalledByIdentity':
      machine.addPackage(text(attributes, 'PackageIdentity'));
      break;
    case 'd.WindowsDriverInstalled':
      machine.installDriver(core.drivers);
      break;
    default:
      return false;
  }
  return evaluate(rule, machine, core);
}
