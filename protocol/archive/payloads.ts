/** What is in the entries of an archive that are not content: deflated JSON, bounded, read through a schema. */
import { gunzipSync, gzipSync } from 'node:zlib';
import { z } from 'zod';
import { LARGEST_METADATA } from './archive-index.ts';
import type { MetadataKind } from './archive-index.ts';
import { instantOf } from '../soap/wire-time.ts';
import { ArchiveError } from './error.ts';

/** Bytes that an entry unpacks to: what one answer of an upstream server may unpack to, and what JSON adds to it. */
const LARGEST_UNPACKED = 256 * 1024 * 1024;

/** Characters; as of a document from an upstream server. */
const LARGEST_DOCUMENT = 64 * 1024 * 1024;

const Guid = z.guid().toLowerCase();
const Sha1 = z.string().regex(/^[0-9a-f]{40}$/);
const Identity = z.strictObject({ updateId: Guid, revisionNumber: z.int().min(0).max(0x7fff_ffff) });

/** Update documents as they were received, and where the metadata says that their files are. */
export const Documents = z.array(
  Identity.extend({
    document: z.string().max(LARGEST_DOCUMENT),
    urls: z.array(z.strictObject({ sha1: Sha1, url: z.url({ protocol: /^https?$/ }) })).optional(),
  }),
);

/** Descriptions of driver sets, and those that were removed. */
export const DriverSets = z.strictObject({
  sets: z.array(z.strictObject({ driverSetId: Guid, xml: z.string() })),
  removed: z.array(Guid),
});

/** Keys of encrypted files; a revision without keys is one of which it is known that it has none. */
export const Keys = z.array(
  Identity.extend({
    keys: z.array(z.strictObject({ sha1: Sha1, decryptionKey: z.base64().max(8192) })),
  }),
);

const WireTime = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,7})?$/)
  .refine((time) => !Number.isNaN(instantOf(time)));

/** As GetDeployments tells a replica ([MS-WSUSSS] 3.1.4.10): what is read of an answer is read of an archive. */
export const Decisions = z.strictObject({
  Anchor: z.string(),
  Groups: z.array(
    z.strictObject({
      TargetGroupID: Guid,
      ParentGroupId: z.string(),
      Name: z.string(),
      IsBuiltin: z.boolean(),
    }),
  ),
  Deployments: z.array(
    z.strictObject({
      UpdateId: Guid,
      RevisionNumber: z.int(),
      Action: z.int(),
      IsAssigned: z.boolean(),
      AdminName: z.string(),
      Deadline: WireTime,
      GoLiveTime: WireTime,
      DeploymentGuid: Guid,
      TargetGroupId: Guid,
      DownloadPriority: z.int(),
    }),
  ),
  DeadDeployments: z.array(Guid),
  HiddenUpdates: z.array(Guid),
  AcceptedEulas: z.array(Guid),
});

const PAYLOADS = {
  documents: Documents,
  'driver-sets': DriverSets,
  keys: Keys,
  decisions: Decisions,
} as const satisfies Record<MetadataKind, z.ZodType>;

export type Payload<K extends MetadataKind> = z.infer<(typeof PAYLOADS)[K]>;

/** @throws ArchiveError where it would not be read again: too large, or not what such an entry holds */
export function packPayload<K extends MetadataKind>(kind: K, payload: Payload<K>): Buffer {
  const text = Buffer.from(JSON.stringify(payload));
  const packed = gzipSync(text);
  if (text.length > LARGEST_UNPACKED || packed.length > LARGEST_METADATA)
    throw new ArchiveError(
      'ARCHIVE_INVALID',
      `An entry of ${kind} has ${text.length} bytes, packed ${packed.length}; ${LARGEST_UNPACKED} and ${LARGEST_METADATA} are read.`,
    );
  check(kind, payload);
  return packed;
}

/** @throws ArchiveError where it is not what such an entry holds */
export function unpackPayload<K extends MetadataKind>(kind: K, bytes: Buffer): Payload<K>;
export function unpackPayload(kind: MetadataKind, bytes: Buffer): unknown {
  return check(kind, parse(kind, bytes));
}

function check(kind: MetadataKind, payload: unknown): unknown {
  const read = PAYLOADS[kind].safeParse(payload);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw invalid(kind, `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`);
}

function parse(kind: MetadataKind, bytes: Buffer): unknown {
  try {
    return JSON.parse(gunzipSync(bytes, { maxOutputLength: LARGEST_UNPACKED }).toString('utf8'));
  } catch (error) {
    throw invalid(kind, 'it cannot be unpacked', error);
  }
}

const invalid = (kind: MetadataKind, what: string, cause?: unknown): ArchiveError =>
  new ArchiveError(
    'ARCHIVE_INVALID',
    `An entry of ${kind} in the archive is not what it should be: ${what}. Export again, with a Sluice of the same version.`,
    cause === undefined ? {} : { cause },
  );
