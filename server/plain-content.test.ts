/** Metadata over HTTPS and content over plain HTTP, each on a listener of its own, as an agent meets them. */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { contentPath } from '../catalog/content-path.ts';
import { markPresent } from '../catalog/store/content/content-queue.ts';
import { fileBySha1 } from '../catalog/store/content/files.ts';
import { approve } from '../catalog/store/decisions/deployments.ts';
import { ALL_COMPUTERS } from '../catalog/store/groups/group-tree.ts';
import { importRevisions } from '../catalog/store/revisions/revisions.ts';
import { statKey } from '../catalog/verified-stat.ts';
import { SimulatedAgent } from '../scripts/agent/agent.ts';
import { SimulatedMachine } from '../scripts/agent/machine.ts';
import { demoCatalogue } from '../scripts/fixtures/demo-catalogue.ts';
import { putFile, sampleOf } from '../scripts/testing/content-files.ts';
import { LAB_MACHINE } from '../scripts/testing/lab-machine.ts';
import { startRealRelay } from '../scripts/testing/real-relay.ts';
import type { RealRelay } from '../scripts/testing/real-relay.ts';
import { ADA } from '../scripts/testing/replica-scene.ts';

let relay: RealRelay;
let agent: SimulatedAgent;
beforeEach(async () => {
  relay = await startRealRelay('https');
  const { documents, files } = demoCatalogue(7);
  importRevisions(
    relay.db,
    documents.map(({ document }) => ({ document, fileUrls: new Map() })),
    new Date(),
  );
  for (const bytes of files.values()) {
    const { sha1 } = sampleOf(Buffer.from(bytes));
    const row = fileBySha1(relay.db, sha1);
    if (row === undefined) continue;
    const path = join(relay.config.dataDirectory, 'content', contentPath(sha1, row.extension));
    putFile(path, Buffer.from(bytes));
    markPresent(relay.db, sha1, statKey(statSync(path, { bigint: true })), new Date(), 'a test');
  }
  const chosen = documents.find(
    ({ title, explicitlyDeployable, updateType }) =>
      explicitlyDeployable && updateType === 'Software' && /Cumulative Update.*Windows 11/.test(title),
  );
  const updateIds = [chosen?.updateId.toLowerCase() ?? ''];
  approve(relay.db, { updateIds, groupIds: [ALL_COMPUTERS], action: 'Install', acceptEulaIds: [] }, ADA);
  agent = new SimulatedAgent({
    serverUrl: relay.clientUrl,
    machine: new SimulatedMachine(LAB_MACHINE),
    ca: readFileSync(relay.authorityFile, 'utf8'),
  });
});
afterEach(async () => {
  agent.close();
  await relay.close();
});

describe('An agent that scans over HTTPS', () => {
  it('is told of files on the listener for content, and fetches, checks and installs them over plain HTTP', async () => {
    let answer = await agent.scan();
    for (let tries = 0; answer.deployed.length === 0 && tries < 50; tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      answer = await agent.scan();
    }
    expect(answer.deployed).toHaveLength(1);
    const outcomes = await agent.installNeeded();
    expect(outcomes.length).toBeGreaterThan(0);
    expect(outcomes.map(({ result }) => result)).not.toContain('DownloadFailed');
    expect(outcomes.reduce((sum, { bytes }) => sum + bytes, 0)).toBeGreaterThan(0);
  });

  it('finds no metadata on the listener for content, and no content where metadata is', async () => {
    const asked = await fetch(`${relay.contentUrl}/ClientWebService/client.asmx?wsdl`);
    expect(asked.status).toBe(404);
    const name = relay.db
      .prepare<[], { sha1: string; extension: string }>(
        "SELECT sha1, extension FROM file WHERE content_state = 'present' LIMIT 1",
      )
      .get();
    const path = `/Content/${contentPath(name?.sha1 ?? '', name?.extension ?? '')}`;
    expect((await fetch(`${relay.contentUrl}${path}`)).status).toBe(200);
    expect(await statusOf(`${relay.clientUrl}${path}`)).toBe(404);
  });
});

async function statusOf(url: string): Promise<number | undefined> {
  const { get } = await import('node:https');
  return await new Promise((resolve, reject) => {
    get(url, { ca: readFileSync(relay.authorityFile, 'utf8') }, (response) => {
      response.resume();
      resolve(response.statusCode);
    }).on('error', reject);
  });
}
