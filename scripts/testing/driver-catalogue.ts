/** A small catalogue of drivers: two products, the classification Drivers, and what else a test adds. */
import { driverRules, writeDriverMetadata } from '../fixtures/driver-metadata.ts';
import { writeUpdateDocument } from '../fixtures/update-document.ts';
import type { UpdateSpec } from '../fixtures/update-document.ts';
import { CLASSIFICATION } from '../fixtures/well-known.ts';

export const PRODUCT = '10000000-0000-4000-8000-000000000001';
export const OTHER_PRODUCT = '10000000-0000-4000-8000-000000000002';
export const DRIVERS: string = CLASSIFICATION.Drivers;

const CREATED = '2026-01-01T00:00:00.000Z';

export const driverId = (number: number): string =>
  `20000000-0000-4000-8000-${String(number).padStart(12, '0')}`;

const category = (updateId: string, categoryType: string): string =>
  writeUpdateDocument({
    updateId,
    revisionNumber: 1,
    updateType: 'Category',
    creationDate: CREATED,
    texts: [{ language: 'en', title: categoryType }],
    handler: { kind: 'category', categoryType, displayOrder: 1 },
  });

export const CATEGORY_DOCUMENTS: readonly string[] = [
  category(PRODUCT, 'Product'),
  category(OTHER_PRODUCT, 'Product'),
  category(DRIVERS, 'UpdateClassification'),
];

/** Driver `number`, for a device, of a product. */
export const driverDocument = (
  number: number,
  hardwareId: string,
  { product = PRODUCT, ...more }: Partial<UpdateSpec> & { readonly product?: string } = {},
): string =>
  writeUpdateDocument({
    updateId: driverId(number),
    revisionNumber: 1,
    updateType: 'Driver',
    creationDate: CREATED,
    explicitlyDeployable: true,
    texts: [{ language: 'en', title: `Driver ${number}` }],
    prerequisites: [product, DRIVERS].map((id) => ({ anyOf: [id], isCategory: true })),
    handler: { kind: 'driver' },
    ...driverRules,
    applicabilityMetadata: writeDriverMetadata({
      hardwareId: hardwareId.toLowerCase(),
      date: '2026-01-01',
      version: '1.0.0.0',
      driverClass: 'Net',
      company: 'Contoso',
      model: 'Contoso Network',
      whqlDriverId: number,
      featureScores: {},
    }),
    ...more,
  });
