/** Fetches one content file in a process whose disk takes only so many bytes, and prints what is left: for tests. */
import { existsSync, statfsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { ContentError } from '../../sync/content/content-error.ts';
import { DigestFile } from '../../sync/content/digest-file.ts';
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

const order = Order.parse(JSON.parse(process.argv[2] ?? '{}'));
const remains = await (order.folder === undefined ? fetchAsRelay(order) : fetchInto(order.folder, order));
process.stdout.write(JSON.stringify(remains));
