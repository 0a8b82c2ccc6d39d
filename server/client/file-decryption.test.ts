/** The keys of encrypted files, for agents that are to install them ([MS-WUSP] 2.2.2.2.10). */
import { storeFileKeys } from '../../catalog/store/content/decryption-keys.ts';
import { importRevisions } from '../../catalog/store/revisions/revisions.ts';
import { clientService, GetExtendedUpdateInfo2 } from '../../protocol/wusp/client.ts';
import { describeContent } from '../../scripts/fixtures/content-file.ts';
import { ClientServices, deploy } from '../../scripts/testing/client-services.ts';
import { driverDocument, driverId } from '../../scripts/testing/driver-catalogue.ts';
import { TestAgent } from '../../scripts/testing/test-agent.ts';

const KEY = Buffer.from('a key that opens it');
const file = describeContent('a.cab', Buffer.from('encrypted'), '2026-01-01T00:00:00.000Z');
const plain = describeContent('b.cab', Buffer.from('plain'), '2026-01-01T00:00:00.000Z');

async function serving() {
  const server = new ClientServices();
  const documents = [
    driverDocument(1, 'pci\\1', { files: [file], isEncrypted: true, prerequisites: [] }),
    driverDocument(2, 'pci\\2', { files: [plain], prerequisites: [] }),
  ];
  importRevisions(
    server.db,
    documents.map((document) => ({ document, fileUrls: new Map() })),
    new Date(),
  );
  storeFileKeys(server.db, [
    {
      identity: { updateId: driverId(1), revisionNumber: 1 },
      keys: [{ sha1: file.sha1, decryptionKey: KEY }],
    },
  ]);
  const agent = await new TestAgent(server, '5c7f4f80-3896-4d10-8a38-469286a0febc').enrol();
  const ask = async (infoTypes: readonly ('FileDecryption' | 'FileUrl')[]) =>
    (
      await server.call(clientService, GetExtendedUpdateInfo2, {
        cookie: agent.cookie,
        updateIDs: [1, 2].map((number) => ({ UpdateID: driverId(number), RevisionNumber: 1 })),
        infoTypes,
      })
    ).GetExtendedUpdateInfo2Result;
  return { server, ask };
}

describe('the key of an encrypted file', () => {
  it('is given to an agent that asks for it and that the update is approved for', async () => {
    const { server, ask } = await serving();
    for (const revisionId of [1, 2]) deploy(server.db, { revisionId, updateId: driverId(revisionId) });
    const digest = Buffer.from(file.sha1, 'hex');
    expect((await ask(['FileDecryption']))?.FileDecryptionData).toEqual([
      { FileDigest: digest, DecryptionKey: KEY, SecurityData: [KEY] },
    ]);
    expect((await ask(['FileUrl']))?.FileDecryptionData).toBeUndefined();
  });

  it('is kept from agents that the update is not approved for', async () => {
    const { ask } = await serving();
    expect((await ask(['FileDecryption']))?.FileDecryptionData).toEqual([]);
  });
});
