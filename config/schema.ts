/** The configuration: its shape, its defaults, its types. `sluice.sample.yaml` documents every key. */
import { z } from 'zod';
import { Content } from './content.ts';
import { Downstream } from './downstream.ts';
import { Language } from './language.ts';
import { MICROSOFT_PIN, MICROSOFT_UPSTREAM, isMicrosoft } from './microsoft.ts';
import { Pin } from './pin.ts';

const Port = z.int().min(0).max(65_535);

/** Where one service listens. Equal addresses and ports of several services share one socket. */
export const Endpoint = z.strictObject({
  address: z.string().min(1).default('::'),
  /** 0 lets the system choose (tests). */
  port: Port,
  protocol: z.enum(['http', 'https']).default('https'),
  /** PEM; both or neither. Left out: a certificate of the private authority under `<data>/pki`. */
  certificateFile: z.string().min(1).optional(),
  keyFile: z.string().min(1).optional(),
  minimumTls: z.enum(['TLSv1.2', 'TLSv1.3']).default('TLSv1.2'),
});
export type Endpoint = z.infer<typeof Endpoint>;

const updatePorts: z.input<typeof Endpoint>[] = [
  { port: 8530, protocol: 'http' },
  { port: 8531, protocol: 'https' },
];

/** Whether the upstream server's certificates must be known not to be revoked. */
export const Revocation = z.enum(['require', 'prefer', 'off']);
export type Revocation = z.infer<typeof Revocation>;

export const Upstream = z.strictObject({
  url: z
    .url({ protocol: /^https$/ })
    .describe('an https:// URL')
    .default(MICROSOFT_UPSTREAM),
  /** Empty only where none are given: then no connection comes about. */
  pins: z.array(Pin).min(1).default([]),
  /** Whether approvals, declines and target groups are made here, or taken over from the upstream server. */
  mode: z.enum(['autonomous', 'replica']).default('autonomous'),
  /** PEM files; left out: Microsoft's root for its own servers, for others the authorities publicly trusted by Node.js. */
  trustAnchors: z.array(z.string().min(1)).min(1).optional(),
  tls: z
    .strictObject({
      /** A revoked certificate is refused under `require` and `prefer`; without an answer only `prefer` goes on. */
      revocation: Revocation.default('prefer'),
    })
    .prefault({}),
  /** Short names of the languages whose updates are asked for, as in `pt-br`; left out: every language. */
  languages: z.array(Language).min(1).optional(),
  /** Where content is fetched from when the metadata names no URL; default by the protocol's port rule. */
  contentUrl: z
    .url({ protocol: /^https?$/ })
    .describe('an http:// or https:// URL')
    .optional(),
  /** HTTP CONNECT proxy; it passes the pinned connection untouched. */
  proxy: z
    .url({ protocol: /^http$/ })
    .describe('an http:// URL')
    .optional(),
  /** Whether this relay reports itself, those below it and their computers; Microsoft's own servers never hear of them. */
  rollup: z.boolean().default(true),
  /** The name that this relay introduces itself by; left out: the fully qualified domain name of its machine. */
  accountName: z
    .string()
    .regex(/^(?=.{1,255}$)[a-z0-9_][a-z0-9_-]{0,62}(\.[a-z0-9_][a-z0-9_-]{0,62})*\.?$/i)
    .describe('a host name, as in branch.example.org')
    .optional(),
  /** Holds what this relay presents to an upstream Sluice that lists it with a secret. */
  secretFile: z.string().min(1).optional(),
  /** Milliseconds without a byte until a connection counts as dead. */
  timeout: z.int().min(100).max(600_000).default(120_000),
});
export type Upstream = z.infer<typeof Upstream>;

/** With the pin that is shipped for Microsoft's servers; of any other somebody must have given one. */
const PinnedUpstream = Upstream.transform((upstream, context) => {
  const isOfMicrosoft = isMicrosoft(upstream.url);
  const complain = (key: keyof Upstream, message: string): void =>
    context.addIssue({ code: 'custom', path: [key], message });
  if (isOfMicrosoft && upstream.mode === 'replica')
    complain('mode', 'autonomous with Microsoft as upstream server; of a replica of another server, its url');
  if (upstream.pins.length > 0) return upstream;
  if (isOfMicrosoft) return { ...upstream, pins: [MICROSOFT_PIN] };
  complain(
    'pins',
    'a list, not empty, of sha256/ and the base64 of 32 bytes; ./scripts/sluice upstream pin shows those of a server',
  );
  return upstream;
});

export const Config = z.strictObject({
  /** Everything that must survive: database, content, keys, logs. */
  dataDirectory: z.string().min(1).default('./data'),
  /** Names that clients reach this server by; they go into its certificate. Default: host name and localhost. */
  serverNames: z.array(z.string().min(1)).min(1).optional(),
  listeners: z
    .strictObject({
      client: z.array(Endpoint).prefault(updatePorts),
      content: z.array(Endpoint).prefault(updatePorts),
      downstream: z.array(Endpoint).prefault(updatePorts),
      console: z.array(Endpoint).prefault([{ port: 8540, protocol: 'https' }]),
    })
    .prefault({}),
  upstream: PinnedUpstream.optional(),
  downstream: Downstream.prefault({}),
  server: z
    .strictObject({
      /** Processes that answer agents, downstream servers and requests for content. */
      workers: z.int().min(1).max(64).default(1),
    })
    .prefault({}),
  client: z
    .strictObject({
      /** UpdateInfo elements in one SyncUpdates answer. */
      pageSize: z.int().min(1).max(200).default(30),
      /** Minutes that an agent's cookie is good for. */
      cookieLifetime: z.int().min(1).max(1440).default(60),
      targeting: z.enum(['server', 'client']).default('server'),
      /** Whether a computer says what it is before it is offered anything. */
      registration: z.enum(['required', 'refused']).default('required'),
    })
    .prefault({}),
  limits: z
    .strictObject({
      /** Bytes of a SOAP request. */
      requestBytes: z.int().min(10_000).max(100_000_000).default(4_000_000),
      /** Requests a second from one address, in the long run; 0 for no limit. */
      requestsPerSecond: z.int().min(0).default(200),
      /** Connections open at a time from one address; 0 for no limit. */
      connectionsPerAddress: z.int().min(0).default(1000),
    })
    .prefault({}),
  content: Content.prefault({}),
  rollup: z
    .strictObject({
      /** Downstream servers report each computer with its updates, or only sums. */
      detailed: z.boolean().default(true),
      /** Whether a server that sends the empty cookie of the specification is known by its address, or refused. */
      reservedCookie: z.enum(['refused', 'by-address']).default('refused'),
    })
    .prefault({}),
  reports: z
    .strictObject({
      /** Days that an event an agent reported is kept; what it says of updates is kept for good. */
      keepDays: z.int().min(1).max(3650).default(90),
      /** Events kept of one computer, the newest. */
      keepPerComputer: z.int().min(100).max(100_000).default(500),
    })
    .prefault({}),
  log: z
    .strictObject({
      level: z.enum(['error', 'warn', 'info', 'debug']).default('info'),
      maximumBytes: z.int().min(10_000).default(20_000_000),
      keepFiles: z.int().min(1).max(1000).default(14),
    })
    .prefault({}),
});
export type Config = z.infer<typeof Config>;
