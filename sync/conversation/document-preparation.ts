/**
 * Makes documents ready for their import on a thread beside the one that writes them: unpacking, parsing, deriving fragments and
 * packing take as long as asking for the documents and storing them together.
 */
import { Worker } from 'node:worker_threads';
import { z } from 'zod';
import { Carried, carrySources, unloadPrepared } from './carried-documents.ts';
import type { PreparedBatch } from './carried-documents.ts';
import { prepareDocument } from './prepared-document.ts';
import type { DocumentSource } from './update-document.ts';

const THREAD = new URL('./preparation-thread.ts', import.meta.url);

/** Documents; fewer are done sooner than a thread begins. */
const WORTH_A_THREAD = 30;

const Answer = Carried.extend({ id: z.int() });

interface Waiting {
  readonly resolve: (prepared: PreparedBatch) => void;
  readonly reject: (error: unknown) => void;
}

export class DocumentPreparation implements AsyncDisposable {
  readonly #waiting = new Map<number, Waiting>();
  #thread: Worker | undefined;
  #nextId = 0;

  /**
   * @returns of each document, in the same order; to be disposed of once they are stored
   * @throws what the thread died of
   */
  async prepare(documents: readonly DocumentSource[]): Promise<PreparedBatch> {
    if (this.#thread === undefined && documents.length < WORTH_A_THREAD)
      return { documents: documents.map(prepareDocument), [Symbol.dispose]: () => {} };
    this.#thread ??= this.#begin();
    const id = this.#nextId++;
    const { promise, resolve, reject } = Promise.withResolvers<PreparedBatch>();
    this.#waiting.set(id, { resolve, reject });
    const { sources, buffer } = carrySources(documents);
    this.#thread.postMessage({ id, sources }, [buffer]);
    return await promise;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#thread?.terminate();
  }

  #begin(): Worker {
    const thread = new Worker(THREAD, { name: 'document preparation' });
    thread.on('message', (message: unknown) => {
      const { id, ...carried } = Answer.parse(message);
      this.#waiting.get(id)?.resolve(unloadPrepared(carried));
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
