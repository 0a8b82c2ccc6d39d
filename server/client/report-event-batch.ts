/** ReportEventBatch ([MS-WUSP] 3.1.5.11) and ReportEventBatch2: what happened on a computer. Answered only once it is on disk. */
import type { ReportedEvent } from '../../catalog/store/reports/reports.ts';
import { ZERO_GUID } from '../../protocol/guid.ts';
import { SoapFault } from '../../protocol/soap/fault.ts';
import type { Read } from '../../protocol/soap/table.ts';
import { ReportEventBatch, ReportEventBatch2, type ReportingEvent } from '../../protocol/wusp/reporting.ts';
import { durably } from '../soap/durably.ts';
import { implement, type Call, type ImplementedOperation } from '../soap/implementation.ts';
import { noteContact, type ClientParts } from './parts.ts';
import { instantOf } from '../../protocol/soap/wire-time.ts';

/** Agents send a few events at a time, and what piled up while they were away. */
const MAXIMUM_EVENTS = 1000;
/** Entries of ReplacementStrings and of MiscData. */
const MAXIMUM_STRINGS = 100;
/** Characters: a list of 13,000 UpdateIDs. */
const STRING_LENGTH = 500_000;
const APP_NAME_LENGTH = 512;

/** Clients set 1; others may be ignored ([MS-WUSP] 2.2.2.3.1, NamespaceID). */
const NAMESPACE_ID = 1;

export const reportEventBatch = (parts: ClientParts): ImplementedOperation =>
  implement(ReportEventBatch, async ({ cookie, clientTime, eventBatch }, call) => {
    const { computerId } = parts.tickets.admit(cookie).ticket;
    await keepBatch(parts, call, { computerId, clientTime, eventBatch });
    return { ReportEventBatchResult: true };
  });

/**
 * For a computer that names itself in the place of a cookie. That proves nothing, but neither does what a cookie is given
 * for: GetAuthorizationCookie takes a computer's word for who it is. What is refused is a computer that never was there,
 * so that this call makes none known, and events that are another's than the named computer's.
 */
export const reportEventBatch2 = (parts: ClientParts): ImplementedOperation =>
  implement(ReportEventBatch2, async ({ computerId: named, clientTime, eventBatch }, call) => {
    const computerId = named?.toLowerCase() ?? '';
    if (parts.computers.targetOf(computerId) === undefined)
      throw new SoapFault('InvalidParameters', 'computerId');
    await keepBatch(parts, call, { computerId, clientTime, eventBatch });
    return { ReportEventBatch2Result: true };
  });

interface Batch {
  readonly computerId: string;
  readonly clientTime: string;
  readonly eventBatch: readonly Read<typeof ReportingEvent>[] | undefined;
}

/**
 * Returns once the events are on disk.
 *
 * @throws SoapFault InvalidParameters, ServerBusy
 */
async function keepBatch(
  parts: ClientParts,
  call: Call,
  { computerId, clientTime, eventBatch }: Batch,
): Promise<void> {
  if (eventBatch === undefined || eventBatch.length > MAXIMUM_EVENTS)
    throw new SoapFault('InvalidParameters', 'eventBatch');
  const receivedAt = parts.now();
  const clock = clockOf(clientTime, receivedAt);
  const events = eventBatch.flatMap((event) => readEvent(event, computerId, clock) ?? []);
  await durably(parts, () => parts.reports.keep(computerId, events, receivedAt));
  noteContact(parts, computerId, call);
}

/** Gives the time of an event, ISO 8601 UTC; undefined where what the client sent is no time. */
type Clock = (timeAtTarget: string) => string | undefined;

/**
 * A computer whose clock is ahead must not speak from the future: once its clock is put right, nothing it says would
 * ever be newer. Its times are set back by as much as its clock was ahead when it sent them.
 */
function clockOf(clientTime: string, receivedAt: Date): Clock {
  const ahead = Math.max(0, instantOf(clientTime) - receivedAt.getTime());
  return (timeAtTarget) => {
    const at = instantOf(timeAtTarget) - (Number.isNaN(ahead) ? 0 : ahead);
    return Number.isNaN(at) ? undefined : new Date(Math.min(at, receivedAt.getTime())).toISOString();
  };
}

/**
 * @returns undefined for an event of a namespace that is not ours to understand
 * @throws SoapFault InvalidParameters where the event is another computer's, has no id or time, or is out of bounds
 */
function readEvent(
  { BasicData: basic, ExtendedData: extended }: Read<typeof ReportingEvent>,
  computerId: string,
  clock: Clock,
): ReportedEvent | undefined {
  if (basic !== undefined && basic.NamespaceID !== NAMESPACE_ID) return undefined;
  const replacementStrings = extended?.ReplacementStrings ?? [];
  const miscData = extended?.MiscData ?? [];
  const timeAtTarget = basic === undefined ? undefined : clock(basic.TimeAtTarget);
  if (
    basic === undefined ||
    timeAtTarget === undefined ||
    basic.TargetID?.Sid?.toLowerCase() !== computerId ||
    basic.EventInstanceID === ZERO_GUID ||
    (basic.AppName?.length ?? 0) > APP_NAME_LENGTH ||
    isOutOfBounds(replacementStrings) ||
    isOutOfBounds(miscData)
  )
    throw new SoapFault('InvalidParameters', 'eventBatch');
  const update = basic.UpdateID?.UpdateID === ZERO_GUID ? undefined : basic.UpdateID;
  return {
    eventInstanceId: basic.EventInstanceID,
    eventId: basic.EventID,
    ...(update === undefined ? {} : { updateId: update.UpdateID, revisionNumber: update.RevisionNumber }),
    win32HResult: basic.Win32HResult,
    appName: basic.AppName ?? '',
    timeAtTarget,
    replacementStrings,
    miscData,
  };
}

const isOutOfBounds = (strings: readonly string[]): boolean =>
  strings.length > MAXIMUM_STRINGS || strings.some(({ length }) => length > STRING_LENGTH);
