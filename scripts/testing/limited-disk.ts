/** Fetches one content file in a process whose disk takes only so many bytes, and prints what is left: for tests. */
import { execFileSync } from 'node:child_process';
import { existsSync, statfsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { incomingPath } from '../../catalog/content-path.ts';
import { ContentError } from '../../sync/content/content-error.ts';
import { ContentStore } from '../../sync/content/content-store.ts';
import { DigestFile } from '../../sync/content/digest-file.ts';
import { download } from '../../sync/content/download.ts';
import { contentDispatcher, fetchContent } from '../../sync/content/fetch-content.ts';
import { ContentRelay } from './content-relay.ts';
import type { Remains } from './disk-remains.ts';

const Order = z.object({
  url: z.string(),
  sha1: z.string(),
  sha256: z.string(),
  path: z.string(),
  size: z.int(),
  /** On a disk that gets full; left out: a whole relay, whose files may not get larger than the process is allowed. */
  folder: z.string().optional(),
  /** In that folder, one time after another: bytes that its files may have, then without limit. */
  limits: z.array(z.int()).optional(),
});
type Order = z.infer<typeof Order>;

async function fetchAsRelay(order: Order): Promise<Remains> {
  const relay = new ContentRelay(order.url);
  const content = { ...order, bytes: Buffer.alloc(0) };
  relay.want(content, { size: order.size });
  await relay.run();
  const remains = {
    error: String(relay.row(content).content_error),
    problem: String(relay.row(content).content_state),
    isVisible: existsSync(relay.pathOf(content)),
    incomingBytes: relay
      .incoming()
      .values()
      .reduce((sum, size) => sum + size, 0),
    takenBytes: 0,
  };
  await relay.close();
  return remains;
}

async function fetchInto(folder: string, order: Order): Promise<Remains> {
  const usedBytes = (): number => {
    const { bfree, blocks, bsize } = statfsSync(folder);
    return (blocks - bfree) * bsize;
  };
  const before = usedBytes();
  const path = join(folder, 'incoming');
  const file = await DigestFile.open(path, order);
  const dispatcher = contentDispatcher({ timeout: 5000 });
  try {
    const { signal } = new AbortController();
    await fetchContent(new URL(`${order.url}/${order.path}`), file, { dispatcher, signal });
    await file.verify();
    return { error: '', problem: '', isVisible: true, incomingBytes: file.size, takenBytes: 0 };
  } catch (error) {
    if (!(error instanceof ContentError)) throw error;
    return {
      error: error.message,
      problem: error.problem,
      isVisible: false,
      incomingBytes: statSync(path).size,
      takenBytes: usedBytes() - before,
    };
  } finally {
    await file.close();
    await dispatcher.destroy();
  }
}

/** With each limit in turn; what is told of one is what is left before the next begins. */
async function fetchWithin(limits: readonly number[], folder: string, order: Order): Promise<Remains[]> {
  const found: Remains[] = [];
  for (const limit of [...limits, 'unlimited']) {
    execFileSync('prlimit', ['--pid', String(process.pid), `--fsize=${limit}:`]);
    found.push(await fetchToStore(folder, order));
  }
  return found;
}

async function fetchToStore(folder: string, order: Order): Promise<Remains> {
  const store = new ContentStore(folder);
  const dispatcher = contentDispatcher({ timeout: 5000, ownHosts: new Set(['127.0.0.1']) });
  const url = new URL(`${order.url}/${order.path}`);
  const { signal } = new AbortController();
  const file = { ...order, extension: '.cab', attempts: 0, isRequested: false };
  const incoming = join(folder, incomingPath(order.sha1));
  const remains = { error: '', problem: '' };
  try {
    await download({
      store,
      file,
      sources: [{ kind: 'upstream', url }],
      receive: (_source, received) => fetchContent(url, received, { dispatcher, signal }),
      notFoundAt: () => undefined,
      receivedFrom: () => undefined,
      judge: () => Promise.resolve(),
    });
  } catch (error) {
    if (!(error instanceof ContentError)) throw error;
    Object.assign(remains, { error: error.message, problem: error.problem });
  } finally {
    await dispatcher.destroy();
  }
  const left = statSync(incoming, { throwIfNoEntry: false });
  return {
    ...remains,
    isVisible: existsSync(store.pathOf(file)),
    incomingBytes: left?.size ?? 0,
    takenBytes: (left?.blocks ?? 0) * 512,
  };
}

const order = Order.parse(JSON.parse(process.argv[2] ?? '{}'));
const { folder, limits } = order;
const result =
  folder === undefined
    ? await fetchAsRelay(order)
    : limits === undefined
      ? await fetchInto(folder, order)
      : await fetchWithin(limits, folder, order);
process.stdout.write(JSON.stringify(result));
