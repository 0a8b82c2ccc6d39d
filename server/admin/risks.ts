/** What an administrator should know of, each with what to do. */
import { statfsSync } from 'node:fs';
import { MEGABYTE, RESERVED_BYTES } from '../../catalog/free-space.ts';
import { lastVerification } from '../../catalog/store/audit/verification-record.ts';
import { missingFromChoice } from '../../catalog/store/upstream/missing-choice.ts';
import type { SyncRun } from '../../catalog/store/upstream/synchronization.ts';
import type { Config, Endpoint } from '../../config/schema.ts';
import type { Overview } from '../../protocol/console/overview.ts';
import { HOW_TO_SET_UPSTREAM } from '../upstream-advice.ts';
import type { ConsoleContext } from './context.ts';
import { replicaOf } from './replica-guard.ts';

type Risk = Overview['risks'][number];

const DAY = 86_400_000;
/** Days before its end that a certificate is spoken of. */
const CERTIFICATE_NOTICE = 30;

export function risksOf(
  context: Pick<ConsoleContext, 'db' | 'config' | 'now' | 'certificates'>,
  { content }: Pick<Overview, 'content'>,
  lastRun: SyncRun | undefined,
): Risk[] {
  const { config } = context;
  return [
    ...plainListeners(config),
    ...(config.upstream === undefined
      ? [{ code: 'NO_UPSTREAM' as const, text: `No upstream server is configured. ${HOW_TO_SET_UPSTREAM}` }]
      : []),
    ...(lastRun === undefined ? [] : nothingChosen(context)),
    ...certificatesNearTheirEnd(context),
    ...quarantinedContent(content.quarantinedFiles),
    ...nearlyFullDisk(config.dataDirectory, freeBytes(config.dataDirectory), content.wantedBytes),
    ...failedRun(lastRun),
    ...alteredAuditLog(context),
  ];
}

function plainListeners({ listeners }: Config): Risk[] {
  const roles: readonly (readonly [string, readonly Endpoint[], string])[] = [
    ['The console', listeners.console, 'Passwords cross the network readable.'],
    ['The update service for clients', listeners.client, 'Whoever is in between can read and alter scans.'],
    [
      'The service for downstream servers',
      listeners.downstream,
      'Whoever is in between can alter the catalogue.',
    ],
  ];
  return roles.flatMap(([name, endpoints, meaning]) => {
    const ports = endpoints.filter(({ protocol }) => protocol === 'http').map(({ port }) => port);
    if (ports.length === 0) return [];
    return [
      {
        code: 'PLAIN_HTTP' as const,
        text: `${name} answers over plain HTTP on port ${ports.join(', ')}. ${meaning} Point everything at HTTPS and take the listener out of the configuration.`,
      },
    ];
  });
}

/** Not before the first synchronization, which brings what there is to choose from. */
function nothingChosen({ db, config }: Pick<ConsoleContext, 'db' | 'config'>): Risk[] {
  const text = missingSelection(db, config);
  return text === undefined ? [] : [{ code: 'NOTHING_CHOSEN', text }];
}

/** Of a relay that has an upstream server and chooses for itself: what is not chosen, and where to choose it. */
export function missingSelection(
  db: ConsoleContext['db'],
  config: ConsoleContext['config'],
): string | undefined {
  if (config.upstream === undefined || replicaOf(config) !== undefined) return undefined;
  return missingFromChoice(db);
}

function certificatesNearTheirEnd({
  certificates,
  now,
}: Pick<ConsoleContext, 'certificates' | 'now'>): Risk[] {
  return (certificates?.() ?? []).flatMap(({ role, validTo }) => {
    const days = Math.floor((validTo.getTime() - now().getTime()) / DAY);
    if (days >= CERTIFICATE_NOTICE) return [];
    const when = days < 0 ? 'has ended' : `ends in ${days} days`;
    return [
      {
        code: 'CERTIFICATE_EXPIRES' as const,
        text: `The certificate of the ${role} listener ${when} (${validTo.toISOString()}). Renew it.`,
      },
    ];
  });
}

function quarantinedContent(files: number): Risk[] {
  if (files === 0) return [];
  return [
    {
      code: 'CONTENT_QUARANTINED',
      text: `${files} files came with other digests than the catalogue says, and are not served. Look for what altered them on the way.`,
    },
  ];
}

/** Of the disk of a folder. */
export function freeBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}

const inGigabytes = (bytes: number): string => `${(bytes / (1024 * MEGABYTE)).toFixed(1)} GB`;

/** What is left when all that is wanted is here, and content takes none of what is reserved. */
export function nearlyFullDisk(folder: string, free: number, wantedBytes: number): Risk[] {
  if (free - wantedBytes >= 2 * RESERVED_BYTES) return [];
  const coming =
    wantedBytes === 0 ? '' : `, and content of ${inGigabytes(wantedBytes)} that is wanted is still to come`;
  return [
    {
      code: 'DISK_NEARLY_FULL',
      text: `The disk of ${folder} has ${inGigabytes(free)} free${coming}. Files that leave less than ${inGigabytes(RESERVED_BYTES)} are not fetched. Make room, or move dataDirectory to a larger disk.`,
    },
  ];
}

function alteredAuditLog({ db }: Pick<ConsoleContext, 'db'>): Risk[] {
  const [first] = lastVerification(db)?.findings ?? [];
  if (first === undefined) return [];
  return [
    {
      code: 'AUDIT_LOG_ALTERED',
      text: `Verifying the audit log found something wrong. ${first} \`sluice audit verify\` says all that was found; docs/audit.md says what it can mean.`,
    },
  ];
}

function failedRun(lastRun: SyncRun | undefined): Risk[] {
  if (lastRun?.state !== 'failed') return [];
  return [
    {
      code: 'SYNC_FAILED',
      text: `The last synchronization failed: ${lastRun.failureMessage ?? lastRun.failedCheck ?? 'no reason was recorded'}`,
    },
  ];
}
