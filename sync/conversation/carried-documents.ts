/**
 * Documents on their way between the threads of `DocumentPreparation`: what is made of them as JSON, which is written and
 * read in a fraction of the time that a structured clone takes, and the bytes of all in one buffer, which changes hands
 * without being copied.
 */
import { z } from 'zod';
import type { PreparedRevision } from '../../catalog/store/revisions/prepared-revision.ts';
import type { PreparedDocument } from './prepared-document.ts';
import type { DocumentSource } from './update-document.ts';

/** Bytes in the one buffer, from here up to there. */
type Place = readonly [start: number, end: number];

const isPlace = (value: string | Place): value is Place => typeof value !== 'string';

type CarriedRevision = Omit<PreparedRevision, 'document' | 'fragments'> & {
  readonly document: string | Place;
  readonly fragments: string | Place;
};
type CarriedDocument = { readonly revision: CarriedRevision } | { readonly problem: string };

/** Our own thread wrote them. */
const CarriedDocuments = z.custom<CarriedDocument[]>((value) => Array.isArray(value));

export const Carried = z.object({ json: z.string(), bytes: z.instanceof(Uint8Array<ArrayBuffer>) });
export type Carried = z.infer<typeof Carried>;

class Cargo {
  readonly #parts: Uint8Array[] = [];
  #size = 0;

  add(part: Uint8Array): Place {
    this.#parts.push(part);
    this.#size += part.length;
    return [this.#size - part.length, this.#size];
  }

  /** In memory of its own, so that it can change hands. */
  joined(): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(this.#size);
    let at = 0;
    for (const part of this.#parts) {
      bytes.set(part, at);
      at += part.length;
    }
    return bytes;
  }
}

export function carryPrepared(prepared: readonly PreparedDocument[]): Carried {
  const cargo = new Cargo();
  const stored = (text: string | Buffer): string | Place =>
    typeof text === 'string' ? text : cargo.add(text);
  const carried = prepared.map((one): CarriedDocument => {
    if (!('revision' in one)) return one;
    const { revision } = one;
    return {
      revision: { ...revision, document: stored(revision.document), fragments: stored(revision.fragments) },
    };
  });
  return { json: JSON.stringify(carried), bytes: cargo.joined() };
}

/**
 * Documents whose bytes are given back when this is disposed of: what lived for longer than a moment would otherwise stay
 * in memory, batch upon batch, until the whole heap is looked through.
 */
export interface PreparedBatch extends Disposable {
  readonly documents: readonly PreparedDocument[];
}

export function unloadPrepared({ json, bytes }: Carried): PreparedBatch {
  const stored = (text: string | Place): string | Buffer =>
    isPlace(text) ? Buffer.from(bytes.buffer, text[0], text[1] - text[0]) : text;
  const documents = CarriedDocuments.parse(JSON.parse(json)).map((one) => {
    if (!('revision' in one)) return one;
    const { revision } = one;
    return {
      revision: { ...revision, document: stored(revision.document), fragments: stored(revision.fragments) },
    };
  });
  return { documents, [Symbol.dispose]: () => void bytes.buffer.transfer(0) };
}

/** Cabinets as parts of one buffer. */
export interface CarriedSources {
  readonly sources: DocumentSource[];
  /** To be transferred. */
  readonly buffer: ArrayBuffer;
}

export function carrySources(sources: readonly DocumentSource[]): CarriedSources {
  const cargo = new Cargo();
  const places = sources.map((source) => (typeof source === 'string' ? source : cargo.add(source)));
  const bytes = cargo.joined();
  return {
    sources: places.map((place) => (isPlace(place) ? bytes.subarray(...place) : place)),
    buffer: bytes.buffer,
  };
}
