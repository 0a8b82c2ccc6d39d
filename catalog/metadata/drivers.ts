/** `ApplicabilityRules/Metadata/WindowsDriverMetaData`: which devices a driver is for ([MS-WUSP] 3.1.1.1, Driver Table). */
import {
  attributeOf,
  childOf,
  childTexts,
  childrenOf,
  invalid,
  requiredAttribute,
} from './element-reading.ts';
import type { DriverMetadata } from './model.ts';
import { UPDATE, WINDOWS_DRIVER } from './namespaces.ts';
import { readGuid, readInteger } from './values.ts';
import type { XmlElement } from './xml-tree.ts';

/** The name of each optional text here, and of its attribute. */
const OPTIONAL_TEXTS = {
  driverClass: 'Class',
  company: 'Company',
  provider: 'Provider',
  manufacturer: 'Manufacturer',
  model: 'Model',
  whqlDriverId: 'WhqlDriverID',
} as const;

export const parseDrivers = (update: XmlElement): DriverMetadata[] =>
  childrenOf(
    childOf(childOf(update, UPDATE, 'ApplicabilityRules'), UPDATE, 'Metadata'),
    WINDOWS_DRIVER,
    'WindowsDriverMetaData',
  ).map(parseDriver);

function parseDriver(element: XmlElement): DriverMetadata {
  return {
    hardwareId: requiredAttribute(element, 'HardwareID'),
    driverVerDate: readDate(requiredAttribute(element, 'DriverVerDate')),
    driverVerVersion: readVersion(requiredAttribute(element, 'DriverVerVersion')),
    featureScores: childrenOf(element, WINDOWS_DRIVER, 'FeatureScore').map((score) => ({
      operatingSystem: requiredAttribute(score, 'OperatingSystem'),
      featureScore: readInteger('FeatureScore/@FeatureScore', requiredAttribute(score, 'FeatureScore'), 255),
    })),
    distributionComputerHardwareIds: computerHardwareIds(element, 'DistributionComputerHardwareId'),
    targetComputerHardwareIds: computerHardwareIds(element, 'TargetComputerHardwareId'),
    ...optionalTexts(element),
  };
}

function optionalTexts(element: XmlElement): Partial<Record<keyof typeof OPTIONAL_TEXTS, string>> {
  const texts: Partial<Record<keyof typeof OPTIONAL_TEXTS, string>> = {};
  for (const [key, name] of Object.entries(OPTIONAL_TEXTS)) {
    const value = attributeOf(element, name);
    if (value !== undefined && isOptionalText(key)) texts[key] = value;
  }
  return texts;
}

const isOptionalText = (key: string): key is keyof typeof OPTIONAL_TEXTS => key in OPTIONAL_TEXTS;

const computerHardwareIds = (element: XmlElement, name: string): string[] =>
  childTexts(element, WINDOWS_DRIVER, name).map((id) => readGuid(name, id));

/** A date, at times with a time that means nothing. */
function readDate(value: string): string {
  const date = /^\d{4}-\d{2}-\d{2}(?=T|Z|$)/.exec(value)?.[0];
  if (date === undefined)
    throw invalid('WindowsDriverMetaData/@DriverVerDate', value, 'a date as in 2026-11-10');
  return date;
}

function readVersion(value: string): string {
  if (!/^\d{1,5}(\.\d{1,5}){0,3}$/.test(value)) {
    throw invalid('WindowsDriverMetaData/@DriverVerVersion', value, 'a version as in 10.0.1.2');
  }
  return value;
}
