/** The thread of `DocumentPreparation`: makes documents ready for their import, one batch after the other. */
import { parentPort } from 'node:worker_threads';
import { z } from 'zod';
import { prepareDocument } from './prepared-document.ts';

const Batch = z.object({ id: z.int(), documents: z.array(z.string()) });

parentPort?.on('message', (message: unknown) => {
  const { id, documents } = Batch.parse(message);
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
  parentPort?.postMessage({ id, prepared: documents.map((xml) => prepareDocument(xml)) });
});
