/** The thread of `DocumentPreparation`: makes documents ready for their import, one batch after the other. */
import { parentPort } from 'node:worker_threads';
import { z } from 'zod';
import { carryPrepared } from './carried-documents.ts';
import { prepareDocument } from './prepared-document.ts';

const Batch = z.object({
  id: z.int(),
  sources: z.array(z.union([z.string(), z.instanceof(Uint8Array)])),
});

parentPort?.on('message', (message: unknown) => {
  const { id, sources } = Batch.parse(message);
  const carried = carryPrepared(sources.map(prepareDocument));
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
  parentPort?.postMessage({ id, ...carried }, [carried.bytes.buffer]);
});
