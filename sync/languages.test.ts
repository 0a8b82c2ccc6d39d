/** `upstream.languages`: which updates are asked for by the languages they are in. */
import { jest } from '@jest/globals';
import type { Database } from '../catalog/store/database/database.ts';
import { setSelectedCategories } from '../catalog/store/upstream/synchronization.ts';
import { CATEGORY_DOCUMENTS, DRIVERS, PRODUCT, driverDocument } from '../scripts/testing/driver-catalogue.ts';
import { openRelay } from '../scripts/testing/test-relay.ts';
import type { TestRelay } from '../scripts/testing/test-relay.ts';
import { startTestUpstream } from '../scripts/testing/upstream-server.ts';
import type { TestUpstream } from '../scripts/testing/upstream-server.ts';

jest.setTimeout(60_000);

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

async function upstreamInLanguages(): Promise<TestUpstream> {
  const upstream = await startTestUpstream([
    ...CATEGORY_DOCUMENTS,
    driverDocument(1, 'pci\\1', { languages: ['en'] }),
    driverDocument(2, 'pci\\2', { languages: ['ja'] }),
    driverDocument(3, 'pci\\3'),
  ]);
  closers.push(() => upstream.close());
  return upstream;
}

function relayOf(upstream: TestUpstream, languages: readonly string[] | undefined, db?: Database): TestRelay {
  const changes = languages === undefined ? {} : { languages: [...languages] };
  return openRelay(upstream, changes, undefined, db);
}

async function synchronized(upstream: TestUpstream, languages?: readonly string[]): Promise<TestRelay> {
  const relay = relayOf(upstream, languages);
  closers.push(() => relay.close());
  await relay.synchronize();
  setSelectedCategories(relay.db, [PRODUCT, DRIVERS]);
  await relay.synchronize();
  return relay;
}

/** Every language but 0, which stands for all, is said to be disabled. */
const withOnlyAllEnabled = (answer: string): string =>
  answer.replaceAll(/<LanguageID>(\d+)<\/LanguageID>.*?<Enabled>true/gs, (entry, id) =>
    id === '0' ? entry : entry.replace(/true$/, 'false'),
  );

const updatesIn = ({ db }: Pick<TestRelay, 'db'>): number[] =>
  db
    .prepare<[], string>("SELECT update_id FROM revision WHERE update_type = 'Driver' ORDER BY update_id")
    .pluck()
    .all()
    .map((id) => Number(id.slice(-12)));

describe('a relay', () => {
  it('gets updates in every language where it names none', async () => {
    expect(updatesIn(await synchronized(await upstreamInLanguages()))).toEqual([1, 2, 3]);
  });

  it('gets updates in the languages that it names, and those that are for every language', async () => {
    const upstream = await upstreamInLanguages();
    expect(updatesIn(await synchronized(upstream, ['EN']))).toEqual([1, 3]);
    expect(updatesIn(await synchronized(upstream, ['ja', 'de']))).toEqual([2, 3]);
  });

  it('gets updates in a language of an upstream server that supports all, and says of each alone that it does not', async () => {
    const upstream = await upstreamInLanguages();
    upstream.spoil = (operation, body) =>
      operation === 'GetConfigData' ? { body: Buffer.from(withOnlyAllEnabled(body.toString())) } : undefined;
    expect(updatesIn(await synchronized(upstream, ['en']))).toEqual([1, 3]);
  });

  it('gets the updates in a language that is added later, however old they are', async () => {
    const upstream = await upstreamInLanguages();
    const { db } = await synchronized(upstream, ['en']);
    expect(await relayOf(upstream, ['en', 'ja'], db).synchronize()).toMatchObject({ state: 'succeeded' });
    expect(updatesIn({ db })).toEqual([1, 2, 3]);
  });

  it('is told which languages there are, where it names one that the upstream server does not have', async () => {
    const upstream = await upstreamInLanguages();
    const relay = await synchronized(upstream, ['en', 'xx']);
    const run = await relay.synchronize();
    expect(run).toMatchObject({ state: 'failed', failedCheck: 'languages' });
    expect(run.failureMessage).toMatch(/no updates in xx \(upstream\.languages\)\. It offers all, ar, bg/);
    expect(updatesIn(relay)).toEqual([]);
  });
});
