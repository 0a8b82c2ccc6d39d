/**
 * SyncUpdatesResponse, written by hand: the one answer that is given thousands of times a minute. What an update needs
 * is written once and kept as bytes for as long as the snapshot lives; core fragments are copied from where they lie. A
 * test holds these bytes equal to what the codec writes.
 */
import type { OfferedRevision, ScanAnswer } from '../../catalog/scan/scan.ts';
import { writeResponse, type SoapVersion } from '../../protocol/soap/codec.ts';
import type { Read } from '../../protocol/soap/table.ts';
import { clientService, SyncUpdates, type Cookie } from '../../protocol/wusp/client.ts';
import { escapeText } from '../../protocol/xml/escape-text.ts';
import { PreparedEnvelope } from '../soap/implementation.ts';
import { actionFor, dateOf } from './deployment.ts';
import type { Gates } from './protocol-version.ts';

export interface SyncResponse {
  readonly answer: ScanAnswer;
  readonly newCookie: Read<typeof Cookie>;
  readonly gates: Gates;
  /** `NeedTwoGroupOutOfScopeUpdates`: whether what is deployed but outside the filter is listed by itself. */
  readonly twoGroups: boolean;
  readonly soapVersion: SoapVersion;
}

/** The codec's own envelope around the result, so that both write the same. */
const ENVELOPES = { '1.1': aroundResult('1.1'), '1.2': aroundResult('1.2') };

const BEHAVIOURS =
  '<AutoSelect>0</AutoSelect><AutoDownload>0</AutoDownload><SupersedenceBehavior>0</SupersedenceBehavior>';
const NEW_UPDATES = Buffer.from('<NewUpdates>');
const UPDATE_END = Buffer.from('</Xml></UpdateInfo>');

/** Keyed by the plan's own objects: they go when their snapshot goes. */
const starts = {
  current: new WeakMap<OfferedRevision, Buffer>(),
  withoutOptionalInstall: new WeakMap<OfferedRevision, Buffer>(),
  withoutBehaviours: new WeakMap<OfferedRevision, Buffer>(),
};

function startsFor({ optionalInstall, behaviours }: Gates): WeakMap<OfferedRevision, Buffer> {
  if (optionalInstall) return starts.current;
  return behaviours ? starts.withoutOptionalInstall : starts.withoutBehaviours;
}

export function writeSyncResponse(response: SyncResponse): PreparedEnvelope {
  const { answer, newCookie, gates, twoGroups } = response;
  const { start, end } = ENVELOPES[response.soapVersion];
  const chunks: Buffer[] = [start];
  let text = '';
  const flush = (): void => {
    if (text !== '') chunks.push(Buffer.from(text));
    text = '';
  };
  const { outOfScopeRevisionIds, deployedOutOfScopeRevisionIds } = answer;
  const isSplit = twoGroups && gates.categoryScans;

  if (answer.newUpdates.length > 0) {
    chunks.push(NEW_UPDATES);
    for (const offered of answer.newUpdates) chunks.push(startOf(offered, gates), offered.core, UPDATE_END);
    text += '</NewUpdates>';
  }
  const shared = answer.newUpdates.length > 0 ? chunks.length : 0;
  text += revisionIds(
    'OutOfScopeRevisionIDs',
    isSplit ? outOfScopeRevisionIds : [...outOfScopeRevisionIds, ...deployedOutOfScopeRevisionIds],
  );
  if (answer.changedUpdates.length > 0) {
    const updates = answer.changedUpdates.map((offered) => `${updateInfo(offered, gates)}</UpdateInfo>`);
    text += `<ChangedUpdates>${updates.join('')}</ChangedUpdates>`;
  }
  text += `<Truncated>${answer.truncated}</Truncated>${cookie(newCookie)}`;
  if (isSplit) text += revisionIds('DeployedOutOfScopeRevisionIds', deployedOutOfScopeRevisionIds);
  if (gates.categoryScans) text += `<DriverSyncNotNeeded>${answer.driverSyncNotNeeded}</DriverSyncNotNeeded>`;
  flush();
  chunks.push(end);
  return new PreparedEnvelope(chunks, shared);
}

function startOf(offered: OfferedRevision, gates: Gates): Buffer {
  const write = (): Buffer => Buffer.from(`${updateInfo(offered, gates)}<Xml>`);
  // The hardware ids of a driver are those of the device that asked: such an object is made for one answer.
  if (offered.hardwareIds !== undefined) return write();
  const known = startsFor(gates);
  const kept = known.get(offered);
  if (kept !== undefined) return kept;
  const made = write();
  known.set(offered, made);
  return made;
}

/** Up to and with IsLeaf; what a Deployment holds is in deployment.ts. */
function updateInfo(
  { revisionId, deployment, isLeaf, hardwareIds = [] }: OfferedRevision,
  gates: Gates,
): string {
  const { deploymentId, action, deadline, changedAt } = deployment;
  return (
    `<UpdateInfo><ID>${revisionId}</ID><Deployment><ID>${deploymentId}</ID><Action>${actionFor(action, gates)}</Action>` +
    (deadline === undefined ? '' : `<Deadline>${deadline}</Deadline>`) +
    `<IsAssigned>true</IsAssigned><LastChangeTime>${dateOf(changedAt)}</LastChangeTime>` +
    (gates.hardwareIds ? list('HardwareIds', 'string', hardwareIds.map(escapeText)) : '') +
    (gates.behaviours ? BEHAVIOURS : '') +
    `</Deployment><IsLeaf>${isLeaf}</IsLeaf>`
  );
}

const cookie = ({ Expiration, EncryptedData }: Read<typeof Cookie>): string =>
  `<NewCookie><Expiration>${Expiration}</Expiration>` +
  `<EncryptedData>${EncryptedData?.toString('base64') ?? ''}</EncryptedData></NewCookie>`;

const revisionIds = (name: string, ids: readonly number[]): string => list(name, 'int', ids);

/** Nothing where there are none. */
const list = (name: string, item: string, values: readonly (string | number)[]): string =>
  values.length === 0
    ? ''
    : `<${name}>${values.map((value) => `<${item}>${value}</${item}>`).join('')}</${name}>`;

function aroundResult(soapVersion: SoapVersion): { readonly start: Buffer; readonly end: Buffer } {
  const mark = '<Truncated>true</Truncated>';
  const result = { SyncUpdatesResult: { Truncated: true } };
  const envelope = writeResponse(clientService, SyncUpdates, result, soapVersion);
  const at = envelope.indexOf(mark);
  return { start: envelope.subarray(0, at), end: envelope.subarray(at + mark.length) };
}
