/** What content files are fetched, and how they are served. */
import { z } from 'zod';
import { Bandwidth, ContentSourceName } from './content-sources.ts';
import { Language } from './language.ts';
import { Network } from './network.ts';

export const HandOver = z.strictObject({
  /** `X-Accel-Redirect` for nginx, `X-Sendfile` for Apache httpd and lighttpd. */
  header: z.enum(['X-Accel-Redirect', 'X-Sendfile']),
  /** What the front has for the content folder: an internal location for nginx, the folder's path for others. */
  location: z
    .string()
    .startsWith('/')
    .regex(/^[\w./-]+$/)
    .describe('a path from the root, of letters, digits and ._-/'),
  /** Where the front's requests come from; nobody else is handed over. */
  from: z.array(Network).min(1),
});
export type HandOver = z.infer<typeof HandOver>;

/** Bytes a second; less than this would be taken for a dead line. */
const LEAST_RATE = 10_000;
const Rate = z
  .int()
  .refine((rate) => rate === 0 || rate >= LEAST_RATE)
  .default(0)
  .describe(`0, or ${LEAST_RATE} and more`);

export const Content = z.strictObject({
  /** Files of approved updates are fetched, of all that can be, or none: clients use the URL that the upstream named. */
  store: z.enum(['approved', 'all', 'none']).default('approved'),
  /** Whether express files are fetched beside the self-contained ones. */
  express: z.boolean().default(false),
  /** Files of updates for other languages alone are not fetched; left out: of every language. */
  languages: z.array(Language).min(1).optional(),
  /** When they are: as soon as the update is approved, or when the first client asks for them. */
  fetch: z.enum(['at-approval', 'on-request']).default('at-approval'),
  /** In the order in which they are tried. */
  sources: z.array(ContentSourceName).min(1).default(['upstream', 'cdn']),
  bandwidth: Bandwidth.prefault({}),
  /** Bytes that content may take; 0 for no limit. */
  quota: z.int().min(0).default(0),
  parallelDownloads: z.int().min(1).max(32).default(4),
  /** Days within which every file on disk is read again and compared; 0: none is. */
  verify: z.int().min(0).max(3650).default(30),
  /** Whether the signatures of programs, cabinets and packages are recorded alone, or must be believed. */
  signatures: z.enum(['record', 'require']).default('record'),
  /** PEM files; a signature is believed where its chain ends at one of their certificates. */
  signatureRoots: z.array(z.string().min(1)).min(1).optional(),
  /** Whether signatures by SHA-1 are believed, as those before 2016 are. */
  signatureSha1: z.enum(['refused', 'accepted']).default('refused'),
  serving: z
    .strictObject({
      /** Bytes a second to all clients together; 0 for no limit. */
      bytesPerSecond: Rate,
      /** Bytes a second to one address; 0 for no limit. */
      bytesPerSecondPerAddress: Rate,
      handOver: HandOver.optional(),
    })
    .prefault({}),
});
export type Content = z.infer<typeof Content>;
