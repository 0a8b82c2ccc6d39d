/** Tells the upstream server of this relay, those below it, their computers and how updates stand ([MS-WSUSSS] 3.2.4.5). */
import { createHash, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../../catalog/store/database/database.ts';
import { deleteKnownComputer } from '../../catalog/store/rollup/delete-known-computer.ts';
import {
  computersToRollUp,
  effectiveDetection,
  statusToRollUp,
} from '../../catalog/store/rollup/computers-to-roll-up.ts';
import type { ComputerToRollUp } from '../../catalog/store/rollup/computers-to-roll-up.ts';
import { RollupSent } from '../../catalog/store/rollup/rollup-sent.ts';
import { NO_TIME } from '../../protocol/wsusss/rollup.ts';
import type { Authorization } from '../conversation/authorization.ts';
import type { Account } from '../conversation/authorization.ts';
import type { Pause, SoapClient } from '../conversation/soap-client.ts';
import { UpstreamError } from '../conversation/upstream-error.ts';
import { RollupCalls } from './rollup-calls.ts';
import type { ComputerInfo, Configuration, StatusInfo } from './rollup-calls.ts';
import { rollUpServers } from './roll-up-servers.ts';

export interface RollUpOptions {
  readonly db: Database;
  readonly account: Account;
  readonly client: SoapClient;
  /** Of the synchronization before it, whose cookie still holds. */
  readonly authorization: Authorization;
  readonly isReplica: boolean;
  readonly signal: AbortSignal;
  readonly now: () => Date;
  /** Waits some milliseconds; default: by the clock. */
  readonly pause?: Pause | undefined;
}

/** Computers that are looked at together. */
const PAGE = 500;
/** Milliseconds after which every computer is listed again, so that what the upstream server lost comes back. */
const LISTED_EVERY = 86_400_000;
/** Updates in one request, each a quarter of a kilobyte. */
const MOST_UPDATES = 10_000;
/** "The DSS MUST wait at least 1 minute before sending another request" (3.2.4.5), and how often it tries. */
const BUSY_WAIT = 60_000;
const BUSY_TRIES = 3;

interface Rollup extends RollUpOptions {
  readonly calls: RollupCalls;
  readonly configuration: Configuration;
  readonly sent: RollupSent;
}

/**
 * @returns false where the server takes no rollups
 * @throws SoapFault, UpstreamError, ConnectionError, TrustError, the signal's reason when aborted
 */
export async function rollUp(options: RollUpOptions): Promise<boolean> {
  const { db, account, client, authorization, now, isReplica } = options;
  const calls = new RollupCalls(client, authorization, account.guid, now);
  const configuration = await configurationOf(calls);
  if (configuration === undefined) return false;
  const sent = new RollupSent(db);
  sent.begin(
    { serverId: configuration.ServerId, resetGuid: configuration.RollupResetGuid },
    now(),
    LISTED_EVERY,
  );
  await rollUpServers({
    db,
    calls,
    account,
    isReplica,
    now,
    batch: batchOf(configuration.RollupDownstreamServersMaxBatchSize),
  });
  if (!configuration.DoDetailedRollup) return true;
  const rollup: Rollup = { ...options, account, calls, configuration, sent };
  sent.forgetGone();
  // Again for those whose details turned out to be wanted.
  if (await rollUpComputers(rollup)) await rollUpComputers(rollup);
  await askOutOfSync(rollup);
  await rollUpStatus(rollup);
  return true;
}

/** A server without the service answers that it has nothing there. */
async function configurationOf(calls: RollupCalls): Promise<Configuration | undefined> {
  try {
    return await calls.configuration();
  } catch (error) {
    if (error instanceof UpstreamError && error.status === 404) return undefined;
    throw error;
  }
}

/** "MUST be greater than zero"; a server that says otherwise is sent one at a time. */
const batchOf = (said: number): number => Math.max(1, said);

/** @returns whether the server wants details of some */
async function rollUpComputers({ db, calls, configuration, sent, account }: Rollup): Promise<boolean> {
  let areWanted = false;
  const size = batchOf(configuration.RollupComputersMaxBatchSize);
  for (const page of computersToRollUp(db, Math.min(PAGE, size))) {
    const changed = page
      .map((computer) => ({ computer, digests: digestsOf(computer), known: sent.of(computer.computerId) }))
      .filter(({ digests, known }) => digests.contact !== known.contact || digests.details !== known.details)
      .map(({ computer, digests, known }) => ({
        computer,
        digests,
        hasDetails: digests.details !== known.details,
      }));
    if (changed.length === 0) continue;
    const answers = await calls.computers(
      changed.map(({ computer, hasDetails }) => computerInfo(computer, account.guid, hasDetails)),
    );
    sent.noteComputers(
      changed.map(({ computer: { computerId }, digests: { contact, details }, hasDetails }) => ({
        computerId,
        contact,
        ...(hasDetails && details !== undefined ? { details } : {}),
      })),
    );
    const named = new Set(changed.map(({ computer: { computerId } }) => computerId));
    const idsOf = (change: string): string[] =>
      answers.flatMap(({ ComputerId: id, Change }) =>
        Change === change && id !== undefined && named.has(id) ? [id] : [],
      );
    for (const computerId of idsOf('Deleted')) deleteKnownComputer(db, computerId);
    const wanted = idsOf('NewParent');
    sent.askDetails(wanted);
    areWanted ||= wanted.length > 0;
  }
  return areWanted;
}

/** Names every computer, also those that did not change: what is not named is gone. */
async function askOutOfSync({ db, calls, configuration, sent }: Rollup): Promise<void> {
  const size = batchOf(configuration.GetOutOfSyncComputersMaxBatchSize);
  for (const page of computersToRollUp(db, size)) {
    const differing = await calls.outOfSync(
      page.map(({ computerId }) => ({
        ComputerId: computerId,
        RollupNumber: sent.of(computerId).rollupNumber,
      })),
    );
    sent.askStatus(differing);
  }
}

/** A computer that changed is told of with all that is known of it, so that nothing that arrived late is missed. */
async function rollUpStatus(rollup: Rollup): Promise<void> {
  const { db, sent, configuration } = rollup;
  const size = batchOf(configuration.RollupComputerStatusMaxBatchSize);
  let batch: { info: StatusInfo; statusVersion: string }[] = [];
  let updates = 0;
  const send = async (): Promise<void> => {
    if (batch.length > 0) await sendStatus(rollup, batch);
    batch = [];
    updates = 0;
  };
  for (const page of computersToRollUp(db, PAGE)) {
    for (const computer of page) {
      const { computerId, statusVersion } = computer;
      const known = sent.of(computerId);
      if (statusVersion === undefined || statusVersion === known.statusVersion) continue;
      const info = statusInfo(db, computer, known.rollupNumber + 1);
      const count = info.UpdateStatus?.length ?? 0;
      if (batch.length >= size || updates + count > MOST_UPDATES) await send();
      batch.push({ info, statusVersion });
      updates += count;
    }
  }
  await send();
}

async function sendStatus(
  { calls, sent, signal, pause = wait }: Rollup,
  batch: readonly { readonly info: StatusInfo; readonly statusVersion: string }[],
): Promise<void> {
  for (let tries = 0; !(await calls.status(batch.map(({ info }) => info))); tries += 1) {
    if (tries === BUSY_TRIES)
      throw new UpstreamError(
        'response',
        'The upstream server stayed too busy to take what computers reported.',
      );
    await pause(BUSY_WAIT * (1 + Math.random()), signal);
    signal.throwIfAborted();
  }
  sent.noteStatus(
    batch.map(({ info: { ComputerId }, statusVersion }) => ({
      computerId: String(ComputerId),
      statusVersion,
    })),
  );
}

const wait: Pause = (milliseconds, signal) => sleep(milliseconds, undefined, { signal });

const computerInfo = (computer: ComputerToRollUp, serverId: string, hasDetails: boolean): ComputerInfo => ({
  ...(hasDetails && computer.details !== undefined ? { Details: computer.details } : {}),
  ComputerId: computer.computerId,
  LastSyncTime: computer.lastSync ?? NO_TIME,
  LastSyncResult: computer.lastSyncResult,
  LastReportedRebootTime: computer.lastReboot ?? NO_TIME,
  LastReportedStatusTime: computer.lastStatus ?? NO_TIME,
  LastInventoryTime: computer.lastInventory ?? NO_TIME,
  ParentServerId: computer.parentId ?? serverId,
});

const statusInfo = (db: Database, computer: ComputerToRollUp, rollupNumber: number): StatusInfo => ({
  InstanceId: randomUUID(),
  ComputerId: computer.computerId,
  EffectiveLastDetectionTime: effectiveDetection(db, computer) ?? NO_TIME,
  RollupNumber: rollupNumber,
  IsFullRollup: true,
  UpdateStatus: statusToRollUp(db, computer).map(({ updateId, state, changedAt }) => ({
    UpdateId: updateId,
    SummarizationState: state,
    LastChangeTime: changedAt,
  })),
});

interface Digests {
  readonly contact: string;
  readonly details: string | undefined;
}

function digestsOf({ details, statusVersion: _status, ...contact }: ComputerToRollUp): Digests {
  return { contact: digest(contact), details: details === undefined ? undefined : digest(details) };
}

const digest = (value: unknown): string =>
  createHash('sha256').update(JSON.stringify(value)).digest('base64url').slice(0, 22);
