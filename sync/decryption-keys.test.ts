/** The keys of encrypted files: fetched, kept, handed on, and told to nobody else. */
import { jest } from '@jest/globals';
import { Writable } from 'node:stream';
import winston from 'winston';
import { fileKeysOf, revisionsLackingKeys, storeFileKeys } from '../catalog/store/content/decryption-keys.ts';
import { readFailureDetail } from '../catalog/store/upstream/synchronization.ts';
import { describeContent } from '../scripts/fixtures/content-file.ts';
import { CATEGORY_DOCUMENTS, driverDocument, driverId } from '../scripts/testing/driver-catalogue.ts';
import { openRelay, synchronizeWhole } from '../scripts/testing/test-relay.ts';
import type { TestRelay } from '../scripts/testing/test-relay.ts';
import { faultOf } from '../scripts/testing/upstream-answers.ts';
import { startTestUpstream } from '../scripts/testing/upstream-server.ts';
import type { TestUpstream } from '../scripts/testing/upstream-server.ts';

jest.setTimeout(60_000);

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

const fileOf = (number: number) =>
  describeContent(`${number}.cab`, Buffer.from(`content ${number}`), '2026-01-01T00:00:00.000Z');
const keyOf = (number: number): Buffer => Buffer.from(`the key of file ${number}`);
const identityOf = (number: number) => ({ updateId: driverId(number), revisionNumber: 1 });

const encrypted = (number: number): string =>
  driverDocument(number, `pci\\${number}`, { files: [fileOf(number)], isEncrypted: true });

/** Updates 1 and 2 have encrypted files, 3 has not. */
async function upstreamWithKeys(): Promise<TestUpstream> {
  const upstream = await startTestUpstream([
    ...CATEGORY_DOCUMENTS,
    encrypted(1),
    encrypted(2),
    driverDocument(3, 'pci\\3', { files: [fileOf(3)] }),
  ]);
  closers.push(() => upstream.close());
  giveKey(upstream, 1);
  giveKey(upstream, 2);
  return upstream;
}

const giveKey = ({ db }: Pick<TestUpstream, 'db'>, number: number): void =>
  storeFileKeys(db, [
    { identity: identityOf(number), keys: [{ sha1: fileOf(number).sha1, decryptionKey: keyOf(number) }] },
  ]);

function relayOf(upstream: TestUpstream): TestRelay {
  const relay = openRelay(upstream);
  closers.push(() => relay.close());
  return relay;
}

const keyIn = ({ db }: Pick<TestRelay, 'db'>, number: number): Buffer | undefined =>
  fileKeysOf(db, identityOf(number))[0]?.decryptionKey;

describe('the key of an encrypted file', () => {
  it('is fetched with the update that has it, once, and kept', async () => {
    const upstream = await upstreamWithKeys();
    const relay = relayOf(upstream);
    expect((await synchronizeWhole(relay)).state).toBe('succeeded');
    expect([1, 2, 3].map((number) => keyIn(relay, number))).toEqual([keyOf(1), keyOf(2), undefined]);
    upstream.calls.length = 0;
    await relay.synchronize();
    expect(upstream.calls).not.toContain('GetUpdateDecryptionData');
  });

  it('is asked for in as many calls as the server wants, and not at all of one that has no such operation', async () => {
    const upstream = await upstreamWithKeys();
    const limited = (most: number): void => {
      upstream.spoil = (operation, body) =>
        operation === 'GetConfigData'
          ? {
              body: Buffer.from(
                body.toString().replace(/(<MaxUpdatesPerRequestInGetUpdateDecryptionData>)\d+/, `$1${most}`),
              ),
            }
          : undefined;
    };
    const relay = relayOf(upstream);
    limited(0);
    expect((await synchronizeWhole(relay)).state).toBe('succeeded');
    expect(revisionsLackingKeys(relay.db)).toHaveLength(2);
    limited(1);
    upstream.calls.length = 0;
    await relay.synchronize();
    expect(upstream.calls.filter((name) => name === 'GetUpdateDecryptionData')).toHaveLength(2);
    expect(revisionsLackingKeys(relay.db)).toEqual([]);
  });

  it('is missing where the server has none, which the history says; the next synchronization asks again', async () => {
    const upstream = await upstreamWithKeys();
    upstream.db.prepare('DELETE FROM file_decryption_key WHERE sha1 = ?').run(fileOf(2).sha1);
    const relay = relayOf(upstream);
    const run = await synchronizeWhole(relay);
    expect(run).toMatchObject({ state: 'succeeded', failedCheck: 'document' });
    expect(readFailureDetail(relay.db, run.runId)?.refused).toMatchObject([identityOf(2)]);
    expect(keyIn(relay, 1)).toEqual(keyOf(1));
    giveKey(upstream, 2);
    expect((await relay.synchronize()).failedCheck).toBeUndefined();
    expect(keyIn(relay, 2)).toEqual(keyOf(2));
  });

  it('comes although the server refuses those of another update', async () => {
    const upstream = await upstreamWithKeys();
    const relay = relayOf(upstream);
    // The first answer is for both; then one after the other, of which the first is refused again.
    let refusals = 2;
    upstream.spoil = (operation) =>
      operation === 'GetUpdateDecryptionData' && refusals-- > 0
        ? { status: 500, body: faultOf('InvalidParameters') }
        : undefined;
    expect(await synchronizeWhole(relay)).toMatchObject({ state: 'succeeded', failedCheck: 'document' });
    expect(revisionsLackingKeys(relay.db)).toHaveLength(1);
    await relay.synchronize();
    expect(revisionsLackingKeys(relay.db)).toEqual([]);
  });

  it('is not taken for a file that the update does not have', async () => {
    const upstream = await upstreamWithKeys();
    const relay = relayOf(upstream);
    upstream.spoil = (operation, body) =>
      operation === 'GetUpdateDecryptionData'
        ? {
            body: Buffer.from(
              body
                .toString()
                .replaceAll(
                  Buffer.from(fileOf(1).sha1, 'hex').toString('base64'),
                  Buffer.from(fileOf(3).sha1, 'hex').toString('base64'),
                ),
            ),
          }
        : undefined;
    await synchronizeWhole(relay);
    expect(keyIn(relay, 3)).toBeUndefined();
  });

  it('of an update that an earlier Sluice stored is fetched too', async () => {
    const upstream = await upstreamWithKeys();
    const relay = relayOf(upstream);
    upstream.spoil = (operation) =>
      operation === 'GetUpdateDecryptionData'
        ? { status: 500, body: faultOf('InternalServerError') }
        : undefined;
    await synchronizeWhole(relay);
    // As the migration leaves what was there before it.
    relay.db.exec(
      `DELETE FROM encrypted_revision;
       UPDATE setting SET value = (SELECT max(revision_id) FROM revision) WHERE name = 'revisions.to-read-again'`,
    );
    upstream.spoil = undefined;
    await relay.synchronize();
    expect([1, 2].map((number) => keyIn(relay, number))).toEqual([keyOf(1), keyOf(2)]);
  });

  it('stands in no line of the log', async () => {
    const upstream = await upstreamWithKeys();
    const lines: string[] = [];
    const stream = new Writable({
      write: (chunk: Buffer, _, done) => {
        lines.push(chunk.toString());
        done();
      },
    });
    const relay = openRelay(
      upstream,
      {},
      winston.createLogger({
        level: 'silly',
        format: winston.format.json(),
        transports: [new winston.transports.Stream({ stream })],
      }),
    );
    closers.push(() => relay.close());
    await synchronizeWhole(relay);
    expect(keyIn(relay, 1)).toEqual(keyOf(1));
    const all = lines.join('');
    expect(lines.length).toBeGreaterThan(0);
    for (const spelled of ['base64', 'hex', 'latin1'] as const)
      expect(all).not.toContain(keyOf(1).toString(spelled));
  });
});
