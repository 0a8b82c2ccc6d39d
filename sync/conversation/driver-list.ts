/** The list of drivers, asked for in as many calls as its ids need ([MS-WSUSSS] 3.1.4.7). */
import type { UpdateIdentity } from '../../catalog/metadata/model.ts';
import type { DriverFilterIds } from '../../catalog/store/upstream/driver-filter.ts';
import type { Read, Write } from '../../protocol/soap/table.ts';
import { GetDriverIdList } from '../../protocol/wsusss/drivers.ts';
import type { DriverSetAndRevisionIdList, ServerSyncDriverFilter } from '../../protocol/wsusss/drivers.ts';
import { serverSyncService } from '../../protocol/wsusss/server-sync.ts';
import { batchesOf } from './batches.ts';
import type { ConversationContext } from './context.ts';
import { toldAnchor } from './told-anchor.ts';

export interface ListedDrivers {
  /** Of the first call: what the others add can only be told twice, never missed. */
  readonly anchor: string;
  /** Each once. */
  readonly drivers: readonly UpdateIdentity[];
  readonly newSets: readonly string[];
  readonly removedSets: readonly string[];
}

/** Where the last list ended, and what it was asked for. */
export interface ListedBefore {
  readonly anchor: string;
  readonly ids: DriverFilterIds;
}

/**
 * "Note that the GetDriverIdList can be called multiple times for different groups of Ids … The first anchor is persisted
 * and used the next time" (3.1.4.7.3.1): every call of one synchronization goes from the same anchor, so that no group
 * misses what came since. Only what was asked for then is asked for by difference.
 *
 * @throws SoapFault, UpstreamError
 */
export async function listDrivers(
  context: ConversationContext,
  ids: DriverFilterIds,
  before: ListedBefore | undefined,
): Promise<ListedDrivers> {
  const { config } = context;
  const computers = batchesOf(ids.computer, Math.max(1, config.MaxNumberOfComputerIdsInRequest));
  const devices = batchesOf(ids.device, config.MaxNumberOfPnpHardwareIdsInRequest);
  const categories = withDelta(ids.category, before?.ids.category);
  const answers: Answer[] = [];
  for (let call = 0; call < Math.max(computers.length, devices.length); call += 1) {
    answers.push(
      await ask(context, {
        // "This field MUST be sent but is ignored by the server."
        DssProtocolVersion: {},
        ...(before === undefined ? {} : { Anchor: before.anchor }),
        Categories: categories,
        ComputerIds: withDelta(computers[call] ?? [], before?.ids.computer),
        PnpHardwareIds: withDelta(devices[call] ?? [], before?.ids.device),
      }),
    );
  }
  return together(answers);
}

function withDelta(ids: readonly string[], before: readonly string[] = []) {
  const known = new Set(before);
  return ids.map((id) => ({ Id: id, Delta: known.has(id) }));
}

type Answer = Read<typeof DriverSetAndRevisionIdList>;

async function ask(
  { authorization, client, signal }: ConversationContext,
  filter: Write<typeof ServerSyncDriverFilter>,
): Promise<Answer> {
  const { GetDriverIdListResult: result } = await authorization.use((cookie) =>
    client.call(serverSyncService, GetDriverIdList, { cookie, filter }, { isList: true, signal }),
  );
  return { ...result, Anchor: toldAnchor('GetDriverIdList', result?.Anchor) };
}

function together(answers: readonly Answer[]): ListedDrivers {
  const drivers = new Map<string, UpdateIdentity>();
  for (const { UpdateID: updateId, RevisionNumber: revisionNumber } of answers.flatMap(
    ({ NewRevisions }) => NewRevisions ?? [],
  ))
    drivers.set(`${updateId}/${revisionNumber}`, { updateId, revisionNumber });
  const newSets = new Set(answers.flatMap(({ NewDriverSets }) => NewDriverSets ?? []));
  const removed = new Set(answers.flatMap(({ RemovedDriverSets }) => RemovedDriverSets ?? []));
  return {
    anchor: answers[0]?.Anchor ?? '',
    drivers: [...drivers.values()],
    newSets: [...newSets],
    removedSets: [...removed.difference(newSets)],
  };
}
