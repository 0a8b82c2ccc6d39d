/**
 * Makes documents ready for their import on a thread beside the one that writes them: parsing, deriving fragments and
 * packing take as long as asking for the documents and storing them together.
 */
import { Worker } from 'node:worker_threads';
import { z } from 'zod';
import { prepareDocument } from './prepared-document.ts';
import type { PreparedDocument } from './prepared-document.ts';

const THREAD = new URL('./preparation-thread.ts', import.meta.url);

/** Documents; fewer are done sooner than a thread begins. */
const WORTH_A_THREAD = 30;

const Answer = z.object({
  id: z.int(),
  prepared: z.custom<PreparedDocument[]>((value) => Array.isArray(value)),
});

interface Waiting {
  readonly resolve: (prepared: readonly PreparedDocument[]) => void;
  readonly reject: (error: unknown) => void;
}

export class DocumentPreparation implements AsyncDisposable {
  readonly #waiting = new Map<number, Waiting>();
  #thread: Worker | undefined;
  #nextId = 0;

  /**
   * @returns of each document, in the same order
   * @throws what the thread died of
   */
  async prepare(documents: readonly string[]): Promise<readonly PreparedDocument[]> {
    if (this.#thread === undefined && documents.length < WORTH_A_THREAD)
      return documents.map(prepareDocument);
    this.#thread ??= this.#begin();
    const id = this.#nextId++;
    const { promise, resolve, reject } = Promise.withResolvers<readonly PreparedDocument[]>();
    this.#waiting.set(id, { resolve, reject });
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
    this.#thread.postMessage({ id, documents });
    return await promise;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#thread?.terminate();
  }

  #begin(): Worker {
    const thread = new Worker(THREAD, { name: 'document preparation' });
    thread.on('message', (message: unknown) => {
      const { id, prepared } = Answer.parse(message);
      this.#waiting.get(id)?.resolve(prepared.map(withBuffers));
      this.#waiting.delete(id);
    });
    thread.on('error', (error) => this.#fail(error));
    thread.on('exit', () => this.#fail(new Error('The thread that prepares documents ended.')));
    return thread;
  }

  #fail(error: unknown): void {
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
    this.#thread = undefined;
  }
}

/** Between threads a Buffer becomes an array of bytes, which the database does not take. */
function withBuffers(prepared: PreparedDocument): PreparedDocument {
  if (!('revision' in prepared)) return prepared;
  const { revision } = prepared;
  return {
    revision: {
      ...revision,
      fragments: asStored(revision.fragments),
      document: asStored(revision.document),
    },
  };
}

const asStored = (text: string | Uint8Array): string | Buffer =>
  typeof text === 'string' ? text : Buffer.from(text.buffer, text.byteOffset, text.byteLength);
