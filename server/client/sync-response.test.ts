import fc from 'fast-check';
import type { OfferedAction, OfferedRevision, ScanAnswer } from '../../catalog/scan/scan.ts';
import { writeResponse } from '../../protocol/soap/codec.ts';
import { EscapedText } from '../../protocol/soap/escaped-text.ts';
import { clientService, SyncUpdates } from '../../protocol/wusp/client.ts';
import { escapeText } from '../../protocol/xml/escape-text.ts';
import { wireDeployment } from './deployment.ts';
import { gatesOf, type Gates } from './protocol-version.ts';
import { writeSyncResponse, type SyncResponse } from './sync-response.ts';

/** The same answer as a value, written by the codec. */
function byTheCodec({ answer, gates, twoGroups, newCookie, soapVersion }: SyncResponse): string {
  const updateInfo = (offered: OfferedRevision) => ({
    ID: offered.revisionId,
    Deployment: wireDeployment(offered, gates),
    IsLeaf: offered.isLeaf,
  });
  const withCore = (offered: OfferedRevision) => ({
    ...updateInfo(offered),
    Xml: new EscapedText(offered.core),
  });
  const { outOfScopeRevisionIds: outOfScope, deployedOutOfScopeRevisionIds: deployed } = answer;
  const isSplit = twoGroups && gates.categoryScans;
  const allOut = isSplit ? outOfScope : [...outOfScope, ...deployed];
  const response = {
    SyncUpdatesResult: {
      NewUpdates: answer.newUpdates.length > 0 ? answer.newUpdates.map(withCore) : undefined,
      OutOfScopeRevisionIDs: allOut.length > 0 ? allOut : undefined,
      ChangedUpdates: answer.changedUpdates.length > 0 ? answer.changedUpdates.map(updateInfo) : undefined,
      Truncated: answer.truncated,
      NewCookie: newCookie,
      DeployedOutOfScopeRevisionIds: isSplit && deployed.length > 0 ? deployed : undefined,
      DriverSyncNotNeeded: gates.categoryScans ? String(answer.driverSyncNotNeeded) : undefined,
    },
  };
  return writeResponse(clientService, SyncUpdates, response, soapVersion).toString();
}

const byHand = (response: SyncResponse): string =>
  Buffer.concat(writeSyncResponse(response).chunks).toString();

const anAction = fc.constantFrom<OfferedAction>(
  'Install',
  'OptionalInstall',
  'Uninstall',
  'PreDeploymentCheck',
  'Evaluate',
  'Bundle',
);
const aTime = fc
  .date({ min: new Date('2020-01-01'), max: new Date('2040-01-01'), noInvalidDate: true })
  .map((date) => date.toISOString());
const aRevision: fc.Arbitrary<OfferedRevision> = fc.record(
  {
    revisionId: fc.nat(),
    updateId: fc.uuid(),
    revisionNumber: fc.nat(300),
    deployment: fc.record(
      { deploymentId: fc.nat(), action: anAction, changedAt: aTime, deadline: aTime },
      { requiredKeys: ['deploymentId', 'action', 'changedAt'] },
    ),
    isLeaf: fc.boolean(),
    core: fc.string().map((core) => Buffer.from(escapeText(`<Properties Title="${core}"/>`))),
    hardwareIds: fc.array(fc.constantFrom('pci\\ven_8086&dev_15f3', 'usb\\<odd>', 'acpi\\pnp0a03'), {
      maxLength: 2,
    }),
  },
  { requiredKeys: ['revisionId', 'updateId', 'revisionNumber', 'deployment', 'isLeaf', 'core'] },
);
const revisions = fc.array(aRevision, { maxLength: 3 });
const ids = fc.array(fc.nat(), { maxLength: 3 });
const anAnswer: fc.Arbitrary<ScanAnswer> = fc.record({
  newUpdates: revisions,
  changedUpdates: revisions,
  outOfScopeRevisionIds: ids,
  deployedOutOfScopeRevisionIds: ids,
  truncated: fc.boolean(),
  driverSyncNotNeeded: fc.boolean(),
});
const someGates: fc.Arbitrary<Gates> = fc
  .constantFrom('1.0', '1.5', '1.6', '1.7', '1.8', '1.9', '2.0', '2.90')
  .map(gatesOf);

describe('a SyncUpdates answer written by hand', () => {
  it('is byte for byte what the codec writes', () => {
    fc.assert(
      fc.property(
        fc.record<SyncResponse>({
          answer: anAnswer,
          gates: someGates,
          twoGroups: fc.boolean(),
          soapVersion: fc.constantFrom('1.1', '1.2'),
          newCookie: fc.record({
            Expiration: aTime,
            EncryptedData: fc.uint8Array({ minLength: 1 }).map((bytes) => Buffer.from(bytes)),
          }),
        }),
        (response) => {
          const expected = byTheCodec(response);
          expect(byHand(response)).toBe(expected);
          expect(byHand(response)).toBe(expected);
        },
      ),
    );
  });

  it('speaks to an agent of an older protocol in its own words, though a newer one was answered before', () => {
    const offered: OfferedRevision = {
      revisionId: 7,
      updateId: 'u',
      revisionNumber: 1,
      deployment: { deploymentId: 8, action: 'OptionalInstall', changedAt: '2026-11-10T18:00:00.000Z' },
      isLeaf: true,
      core: Buffer.from('&lt;UpdateIdentity/&gt;'),
    };
    const answer: ScanAnswer = {
      newUpdates: [offered],
      changedUpdates: [],
      outOfScopeRevisionIds: [],
      deployedOutOfScopeRevisionIds: [],
      truncated: false,
      driverSyncNotNeeded: true,
    };
    const newCookie = { Expiration: '2026-11-10T19:00:00.000Z', EncryptedData: Buffer.from('x') };
    const to = (version: string): string =>
      byHand({ answer, newCookie, gates: gatesOf(version), twoGroups: false, soapVersion: '1.1' });
    expect(to('1.8')).toContain('<AutoSelect>0</AutoSelect>');
    expect(to('1.5')).not.toContain('<AutoSelect>');
    expect(to('1.5')).not.toContain('<DriverSyncNotNeeded>');
    for (const version of ['2.90', '1.9', '2.0', '1.5'])
      expect(to(version)).toContain(
        `<Action>${version.startsWith('2') ? 'OptionalInstall' : 'PreDeploymentCheck'}</Action>`,
      );
    expect(to('2.90')).toContain('<LastChangeTime>2026-11-10</LastChangeTime><AutoSelect>0</AutoSelect>');
  });
});
