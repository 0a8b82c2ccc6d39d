/** The directory of a compound file ([MS-CFB] 2.6): storages, and the streams in them. */
import { damaged } from './container.ts';

const ENTRY = 128;
const NO_STREAM = 0xffff_ffff;
const TYPE = { storage: 1, stream: 2, root: 5 } as const;
const ROOT_NAME = Buffer.from('Root Entry\0', 'utf16le');
/** Storages in one another; packages have one or two. */
const DEEPEST = 32;

interface Entry {
  /** UTF-16LE, the zero at its end included; what entries are sorted by. */
  readonly name: Buffer;
  readonly clsid: Buffer;
  readonly stateBits: Buffer;
  /** Creation and modification, as they are stored. */
  readonly times: Buffer;
}

export interface Stream extends Entry {
  readonly type: 'stream';
  readonly start: number;
  /** Bytes. */
  readonly size: number;
}

export interface Storage extends Entry {
  readonly type: 'storage';
  /** In no order; no two have the same name. */
  readonly children: readonly (Stream | Storage)[];
}

export interface Directory {
  readonly root: Storage;
  readonly miniStream: { readonly start: number; readonly size: number };
}

/**
 * @param bytes whole sectors of the directory
 * @param hasShortSizes whether sizes have four bytes, as in version 3
 * @param fileSize bytes; no stream is longer
 * @throws AuthenticodeError CONTAINER_DAMAGED
 */
export function readDirectory(bytes: Buffer, hasShortSizes: boolean, fileSize: number): Directory {
  const tree = new TreeReader(bytes, hasShortSizes, fileSize);
  if (tree.typeOf(0) !== TYPE.root) throw damaged('the directory of the compound file has no root.');
  const root = tree.storage(0, 0);
  if (!root.name.equals(ROOT_NAME))
    throw damaged('the root of the compound file has another name than roots have.');
  return { root, miniStream: tree.place(0) };
}

class TreeReader {
  readonly #bytes: Buffer;
  readonly #hasShortSizes: boolean;
  readonly #fileSize: number;
  readonly #visited = new Set<number>([0]);

  constructor(bytes: Buffer, hasShortSizes: boolean, fileSize: number) {
    this.#bytes = bytes;
    this.#hasShortSizes = hasShortSizes;
    this.#fileSize = fileSize;
  }

  typeOf(index: number): number {
    return this.#entry(index).readUInt8(66);
  }

  place(index: number): { start: number; size: number } {
    const entry = this.#entry(index);
    const size = entry.readUInt32LE(120) + (this.#hasShortSizes ? 0 : entry.readUInt32LE(124) * 2 ** 32);
    if (size > this.#fileSize)
      throw damaged(`a stream of the compound file is said to have ${size} bytes, more than the file.`);
    return { start: entry.readUInt32LE(116), size };
  }

  storage(index: number, depth: number): Storage {
    if (depth > DEEPEST)
      throw damaged(`more than ${DEEPEST} storages of the compound file are in one another.`);
    const children: (Stream | Storage)[] = [];
    const names = new Set<string>();
    for (const child of this.#childrenOf(index)) {
      const found = this.#child(child, depth);
      const name = found.name.toString('latin1');
      if (names.has(name)) throw damaged('two streams of the compound file have the same name.');
      names.add(name);
      children.push(found);
    }
    return { type: 'storage', ...this.#common(index), children };
  }

  #child(index: number, depth: number): Stream | Storage {
    const type = this.typeOf(index);
    if (type === TYPE.storage) return this.storage(index, depth + 1);
    if (type !== TYPE.stream)
      throw damaged(`the compound file has an entry of type ${type} in its directory.`);
    return { type: 'stream', ...this.#common(index), ...this.place(index) };
  }

  /** All in the tree of siblings that the storage's child is the root of; each entry has one place in one tree. */
  *#childrenOf(index: number): Generator<number, void, undefined> {
    const waiting = [this.#entry(index).readUInt32LE(76)];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      if (next === NO_STREAM) continue;
      if (this.#visited.has(next)) throw damaged('the directory of the compound file goes in a circle.');
      this.#visited.add(next);
      const entry = this.#entry(next);
      waiting.push(entry.readUInt32LE(68), entry.readUInt32LE(72));
      yield next;
    }
  }

  #common(index: number): Entry {
    const entry = this.#entry(index);
    const length = entry.readUInt16LE(64);
    if (length < 2 || length > 64 || length % 2 !== 0)
      throw damaged('a name in the compound file is of an impossible length.');
    return {
      name: entry.subarray(0, length),
      clsid: entry.subarray(80, 96),
      stateBits: entry.subarray(96, 100),
      times: entry.subarray(100, 116),
    };
  }

  #entry(index: number): Buffer {
    const entry = this.#bytes.subarray(index * ENTRY, (index + 1) * ENTRY);
    if (entry.length !== ENTRY) throw damaged(`the compound file has no entry ${index} in its directory.`);
    return entry;
  }
}
