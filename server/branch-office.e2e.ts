/**
 * A branch office: two relays that name each other, each a process of its own, over one line to the head office, whose
 * content is counted by its bytes; and a relay below one of them.
 */
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { contentPath } from '../catalog/content-path.ts';
import { api } from '../protocol/console/api.ts';
import { createGroups } from '../scripts/demo/approvals.ts';
import { ConsoleClient } from '../scripts/demo/console-client.ts';
import { contentPresent } from '../scripts/demo/content.ts';
import type { SluiceInstance } from '../scripts/demo/instance.ts';
import { freePort, LOOPBACK } from '../scripts/demo/ports.ts';
import { startRelay, startUpstream, upstreamOf } from '../scripts/demo/scene.ts';
import type { RelayUpstream } from '../scripts/demo/scene.ts';
import { runSynchronization } from '../scripts/demo/synchronization.ts';
import { demoCatalogue } from '../scripts/fixtures/demo-catalogue.ts';
import { openLine } from '../scripts/testing/counted-line.ts';
import type { CountedLine } from '../scripts/testing/counted-line.ts';

import.meta.jest.setTimeout(900_000);

const PASSWORD = 'a password for this test';
/** What an answer takes besides its content, at most. */
const HEAD_BYTES = 500;

interface Relay {
  readonly instance: SluiceInstance;
  readonly console: ConsoleClient;
}

const folder = mkdtempSync(join(tmpdir(), 'sluice-branch-'));
let head: Relay;
let line: CountedLine;
const branches: Relay[] = [];
let below: Relay;

async function signIn(instance: SluiceInstance): Promise<Relay> {
  const console = new ConsoleClient(instance.url('console', 'https'), instance.authority);
  await console.signIn('admin', instance.firstPassword, PASSWORD);
  return { instance, console };
}

/** A replica, so that what is approved at the head office is what it fetches. */
async function startReplica(
  name: string,
  upstream: RelayUpstream,
  http = 0,
  sources: string[] = ['upstream'],
): Promise<Relay> {
  return await signIn(
    await startRelay(
      folder,
      upstream,
      { http, https: 0, console: 0 },
      { name, config: { content: { sources } }, upstream: { mode: 'replica' } },
    ),
  );
}

/** What was decided above, and its content. */
async function bringDown({ console }: Relay): Promise<void> {
  const { state, failureMessage } = await runSynchronization(console);
  expect({ state, failureMessage }).toEqual({ state: 'succeeded' });
  await contentPresent(console);
}

interface WantedFile {
  readonly sha1: string;
  readonly sha256?: string | undefined;
  readonly fileName: string;
  readonly size: number;
}
let wanted: readonly WantedFile[];

function expectVerified({ instance }: Relay): void {
  for (const { sha1, sha256, fileName, size } of wanted) {
    const content = readFileSync(
      join(instance.dataDirectory, 'content', contentPath(sha1, extname(fileName))),
    );
    expect(content.length).toBe(size);
    expect(createHash('sha1').update(content).digest('hex')).toBe(sha1);
    expect(createHash('sha256').update(content).digest('hex')).toBe(sha256);
  }
}

beforeAll(async () => {
  head = await signIn(await startUpstream(folder, demoCatalogue(7)));
  const upstream = upstreamOf(head.instance);
  line = await openLine(Number(new URL(upstream.contentUrl).port));
  const overTheLine = { ...upstream, contentUrl: `http://${LOOPBACK}:${line.port}/Content` };
  const ports = [await freePort(0), await freePort(0)];
  for (const [index, port] of ports.entries()) {
    const sibling = `http://${LOOPBACK}:${ports[1 - index]}`;
    branches.push(await startReplica(`branch-${index}`, overTheLine, port, [sibling, 'upstream']));
  }
  below = await startReplica('below', upstreamOf(branches[0]!.instance));

  const groupId = (await createGroups(head.console)).get('Finance')!;
  const { items } = await head.console.call(api.updates, {
    query: { limit: '500', superseded: 'hide', expired: 'hide' },
  });
  const updateIds = items
    .filter(({ title }) => /2026-11 .*Windows 1[01]/.test(title))
    .map(({ updateId }) => updateId);
  await head.console.call(api.approve, {
    body: { updateIds, groupIds: [groupId], action: 'Install', acceptEulaIds: [] },
  });
  const files = new Map<string, WantedFile>();
  for (const updateId of updateIds) {
    const found = await head.console.call(api.update, { path: { updateId } });
    for (const file of found.files) files.set(file.sha1, file);
  }
  wanted = [...files.values()];
});

afterAll(async () => {
  for (const relay of [below, ...branches, head]) {
    relay?.console.close();
    await relay?.instance.stop();
  }
  await line?.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('Two relays of an office that synchronize at the same moment', () => {
  it('have each file come over the line once, and both have it, verified', async () => {
    expect(wanted.length).toBeGreaterThan(3);
    await Promise.all(branches.map(bringDown));
    for (const branch of branches) expectVerified(branch);
    const bytes = wanted.reduce((sum, { size }) => sum + size, 0);
    // Less than the smallest file: none came twice.
    const answers = HEAD_BYTES * wanted.length;
    expect(Math.min(...wanted.map(({ size }) => size))).toBeGreaterThan(answers);
    expect(line.bytes).toBeGreaterThanOrEqual(bytes);
    expect(line.bytes).toBeLessThan(bytes + answers);
  });

  it('give it to a relay below, and the line carries nothing more', async () => {
    const before = line.bytes;
    await bringDown(below);
    expectVerified(below);
    expect(line.bytes).toBe(before);
  });
});
