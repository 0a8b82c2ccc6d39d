import { Agent, createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import { writeResponse } from '../../protocol/soap/codec.ts';
import { StreamedList } from '../../protocol/soap/streamed-list.ts';
import { GetRevisionIdList, serverSyncService } from '../../protocol/wsusss/server-sync.ts';
import { ArrayOfUpdateIdentity } from '../../protocol/wusp/update-identity.ts';
import { portOf } from '../../scripts/testing/port-of.ts';
import { guidOf } from '../../scripts/testing/update-documents.ts';
import { SoapClient } from './soap-client.ts';

/** Enough for an answer of more than a megabyte. */
const REVISIONS = 10_000;

const identities = Array.from({ length: REVISIONS }, (_, index) => ({
  UpdateID: guidOf(index),
  RevisionNumber: index,
}));
const whole = writeResponse(serverSyncService, GetRevisionIdList, {
  GetRevisionIdListResult: { Anchor: 'here', NewRevisions: identities },
});

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

/** Asks a server that gives these answers, one after the other, for its list. */
async function listFrom(answers: readonly ((response: ServerResponse) => void)[]) {
  const left = [...answers];
  const server = createServer(
    (request, response) => void request.resume().once('end', () => left.shift()?.(response)),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  const agent = new Agent();
  closers.push(() => agent.destroy());
  const client = new SoapClient({
    url: new URL(`https://127.0.0.1:${portOf(server)}/`),
    agent,
    mostCalls: 3,
    timeout: 5_000,
    signal: new AbortController().signal,
    pause: () => Promise.resolve(),
  });
  const attempts: unknown[][] = [];
  const begin = () => {
    const items: unknown[] = [];
    attempts.push(items);
    return new StreamedList({
      service: serverSyncService,
      operation: GetRevisionIdList,
      path: ['GetRevisionIdListResult', 'NewRevisions'],
      list: ArrayOfUpdateIdentity,
      onItem: (item) => items.push(item),
    });
  };
  const response = await client.call(serverSyncService, GetRevisionIdList, {}, { isList: true, begin });
  const result = response.GetRevisionIdListResult;
  return { anchor: result?.Anchor, attempts, rest: result?.NewRevisions ?? [] };
}

describe('a list that an upstream server answers with', () => {
  it('is taken while it arrives', async () => {
    const { anchor, attempts, rest } = await listFrom([(response) => response.end(whole)]);
    expect(anchor).toBe('here');
    expect(attempts).toHaveLength(1);
    expect(attempts[0]?.length).toBeGreaterThan(REVISIONS / 2);
    expect([...(attempts[0] ?? []), ...rest]).toEqual(identities);
  });

  it('is begun anew where the connection breaks on the way, and then has nothing twice', async () => {
    const breaksOff = (response: ServerResponse): void => {
      response.write(whole.subarray(0, 700_000), () => response.destroy());
    };
    const { attempts, rest } = await listFrom([breaksOff, (response) => response.end(whole)]);
    expect(attempts).toHaveLength(2);
    expect([...(attempts[1] ?? []), ...rest]).toEqual(identities);
  });

  it('is refused with what is wrong in it, also where that comes early', async () => {
    const wrong = Buffer.from(whole.toString().replace(guidOf(7), 'no guid'));
    await expect(listFrom([(response) => response.end(wrong)])).rejects.toMatchObject({
      check: 'response',
      message: expect.stringMatching(/to GetRevisionIdList .* cannot be read: .*UpdateID is "no guid"/),
    });
  });

  it('is not begun with an answer that says that the server has no time', async () => {
    const busy = (response: ServerResponse): void => void response.writeHead(503).end('<html>');
    const { attempts, rest } = await listFrom([busy, (response) => response.end(whole)]);
    expect(attempts[0]).toEqual([]);
    expect([...(attempts[1] ?? []), ...rest]).toEqual(identities);
  });
});
