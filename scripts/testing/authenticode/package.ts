/** Compound files ([MS-CFB]) for tests, as Windows Installer packages are, and what of them a signature is over. */
import { createHash } from 'node:crypto';

const FREE = 0xffff_ffff;
const END_OF_CHAIN = 0xffff_fffe;
const FAT_SECTOR = 0xffff_fffd;
const DIFAT_SECTOR = 0xffff_fffc;
const MINI = 64;
const CUTOFF = 4096;
const IN_HEADER = 109;

export interface PackagePart {
  readonly name: string;
  /** A stream; left out for a storage. */
  readonly content?: Buffer;
  /** Of a storage. */
  readonly children?: readonly PackagePart[];
  /** Of a storage; 16 bytes. */
  readonly clsid?: Buffer;
}

export interface PackageOptions {
  readonly version?: 3 | 4;
  /** Whether the sectors of each stream are far from each other and backwards. */
  readonly isScattered?: boolean;
}

const clsidOf = ({ clsid }: PackagePart): Buffer => clsid ?? Buffer.alloc(16);
const utf16 = (name: string): Buffer => Buffer.from(`${name}\0`, 'utf16le');
const SIGNATURE = '\u0005DigitalSignature';
const SIGNATURE_EX = '\u0005MsiDigitalSignatureEx';

function inOrder(parts: readonly PackagePart[]): PackagePart[] {
  return [...parts].sort((one, other) => utf16(one.name).compare(utf16(other.name)));
}

/** What a signature on the package is over; signatures in it do not count. */
export function signedBytesOfPackage(root: PackagePart): Buffer {
  const bytes = (part: PackagePart): Buffer =>
    part.content ?? Buffer.concat([...inOrder(part.children ?? []).map(bytes), clsidOf(part)]);
  const children = (root.children ?? []).filter(({ name }) => name !== SIGNATURE && name !== SIGNATURE_EX);
  return bytes({ ...root, children });
}

/** The digest of names, sizes and classes that is in front of those bytes where they are signed too. */
export function metadataOfPackage(root: PackagePart, digest: string): Buffer {
  const rest = Buffer.alloc(4 + 16);
  const size = ({ content = Buffer.alloc(0) }: PackagePart): Buffer => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32LE(content.length);
    return bytes;
  };
  const bytes = (part: PackagePart): Buffer => {
    const name = utf16(part.name).subarray(0, -2);
    if (part.content !== undefined) return Buffer.concat([name, size(part), rest]);
    return Buffer.concat([name, clsidOf(part), rest, ...inOrder(part.children ?? []).map(bytes)]);
  };
  const whole = Buffer.concat([clsidOf(root), Buffer.alloc(4), ...inOrder(root.children ?? []).map(bytes)]);
  return createHash(digest).update(whole).digest();
}

/** The root with its signature, and the digest of names and sizes where there is one. */
export function withPackageSignature(root: PackagePart, signature: Buffer, metadata?: Buffer): PackagePart {
  const ex = metadata === undefined ? [] : [{ name: SIGNATURE_EX, content: metadata }];
  return { ...root, children: [...(root.children ?? []), { name: SIGNATURE, content: signature }, ...ex] };
}

/** The file. */
export function makePackage(root: PackagePart, options: PackageOptions = {}): Buffer {
  return new PackageWriter(options).write(root);
}

interface Entry {
  readonly bytes: Buffer;
  /** Whether its content has sectors of its own. */
  isLarge: boolean;
}

class PackageWriter {
  readonly #size: number;
  readonly #version: 3 | 4;
  readonly #isScattered: boolean;
  /** Content of sectors in the order that they were asked for, and what follows each. */
  readonly #sectors: Buffer[] = [];
  readonly #following: number[] = [];
  readonly #mini: Buffer[] = [];
  readonly #miniFollowing: number[] = [];
  readonly #entries: Entry[] = [];
  /** The last sector that is no part of the table. */
  #last = 0;

  constructor({ version = 3, isScattered = false }: PackageOptions) {
    this.#version = version;
    this.#size = version === 3 ? 512 : 4096;
    this.#isScattered = isScattered;
  }

  write(root: PackagePart): Buffer {
    const rootEntry = this.#entry(root, 5);
    this.#children(root, rootEntry);
    const miniStream = Buffer.concat(this.#mini);
    this.#setPlace(rootEntry, this.#chain(miniStream), miniStream.length, miniStream.length > 0);
    const miniFat = numbers(this.#miniFollowing);
    const miniFatStart = this.#chain(miniFat, 0xff);
    const directorySectors = Math.ceil((this.#entries.length * 128) / this.#size);
    this.#last = this.#sectors.length + directorySectors - 1;
    for (const { bytes, isLarge } of this.#entries)
      if (isLarge) bytes.writeUInt32LE(this.#at(bytes.readUInt32LE(116)), 116);
    const directoryStart = this.#chain(Buffer.concat(this.#entries.map(({ bytes }) => bytes)));
    return this.#assemble({ miniFatStart, miniFat, directoryStart, directorySectors });
  }

  /** Where a sector comes to be; scattered, all have their numbers the other way round. */
  #at(sector: number): number {
    return this.#isScattered && sector <= this.#last ? this.#last - sector : sector;
  }

  #assemble(places: {
    miniFatStart: number;
    miniFat: Buffer;
    directoryStart: number;
    directorySectors: number;
  }): Buffer {
    const perSector = this.#size / 4;
    const data = this.#sectors.length;
    let fat = 0;
    let difat = 0;
    while (fat * perSector < data + fat + difat) {
      fat += 1;
      difat = Math.ceil(Math.max(0, fat - IN_HEADER) / (perSector - 1));
    }
    const fatAt = Array.from({ length: fat }, (_, index) => data + index);
    const difatAt = Array.from({ length: difat }, (_, index) => data + fat + index);
    const at = (sector: number): number => this.#at(sector);
    const table = Array.from({ length: fat * perSector }, () => FREE);
    for (const [sector, next] of this.#following.entries()) table[at(sector)] = at(next);
    for (const sector of fatAt) table[sector] = FAT_SECTOR;
    for (const sector of difatAt) table[sector] = DIFAT_SECTOR;
    const difatSectors = difatAt.map((sector, index) => {
      const from = IN_HEADER + index * (perSector - 1);
      const listed = fatAt.slice(from, from + perSector - 1);
      while (listed.length < perSector - 1) listed.push(FREE);
      return numbers([...listed, index === difat - 1 ? END_OF_CHAIN : sector + 1]);
    });
    const contents = this.#isScattered ? this.#sectors.toReversed() : this.#sectors;
    const header = Buffer.alloc(this.#size);
    header.write('d0cf11e0a1b11ae1', 0, 'hex');
    header.writeUInt16LE(0x3e, 24);
    header.writeUInt16LE(this.#version, 26);
    header.writeUInt16LE(0xfffe, 28);
    header.writeUInt16LE(Math.log2(this.#size), 30);
    header.writeUInt16LE(6, 32);
    header.writeUInt32LE(this.#version === 4 ? places.directorySectors : 0, 40);
    header.writeUInt32LE(fat, 44);
    header.writeUInt32LE(at(places.directoryStart), 48);
    header.writeUInt32LE(CUTOFF, 56);
    header.writeUInt32LE(at(places.miniFatStart), 60);
    header.writeUInt32LE(Math.ceil(places.miniFat.length / this.#size), 64);
    header.writeUInt32LE(difatAt[0] ?? END_OF_CHAIN, 68);
    header.writeUInt32LE(difat, 72);
    for (let index = 0; index < IN_HEADER; index += 1)
      header.writeUInt32LE(fatAt[index] ?? FREE, 76 + index * 4);
    return Buffer.concat([header, ...contents, numbers(table), ...difatSectors]);
  }

  #entry({ name, clsid }: PackagePart, type: number): Entry {
    const bytes = Buffer.alloc(128);
    const written = utf16(type === 5 ? 'Root Entry' : name);
    written.copy(bytes);
    bytes.writeUInt16LE(written.length, 64);
    bytes.writeUInt8(type, 66);
    bytes.writeUInt8(1, 67);
    bytes.writeUInt32LE(FREE, 68);
    bytes.writeUInt32LE(FREE, 72);
    bytes.writeUInt32LE(FREE, 76);
    clsid?.copy(bytes, 80);
    const entry = { bytes, isLarge: false };
    this.#entries.push(entry);
    return entry;
  }

  /** Each the right sibling of the one before. */
  #children(part: PackagePart, holder: Entry): void {
    let link = { bytes: holder.bytes, at: 76 };
    for (const child of inOrder(part.children ?? [])) {
      link.bytes.writeUInt32LE(this.#entries.length, link.at);
      const entry = this.#entry(child, child.content === undefined ? 1 : 2);
      link = { bytes: entry.bytes, at: 72 };
      if (child.content === undefined) this.#children(child, entry);
      else this.#stream(entry, child.content);
    }
  }

  #stream(entry: Entry, content: Buffer): void {
    if (content.length >= CUTOFF) this.#setPlace(entry, this.#chain(content), content.length, true);
    else {
      const start = this.#mini.length;
      for (let at = 0; at < content.length; at += MINI) {
        this.#mini.push(padded(content.subarray(at, at + MINI), MINI));
        this.#miniFollowing.push(at + MINI < content.length ? this.#mini.length : END_OF_CHAIN);
      }
      this.#setPlace(entry, content.length === 0 ? END_OF_CHAIN : start, content.length, false);
    }
  }

  #setPlace(entry: Entry, start: number, size: number, isLarge: boolean): void {
    entry.bytes.writeUInt32LE(start, 116);
    entry.bytes.writeUInt32LE(size, 120);
    entry.isLarge = isLarge;
  }

  /** @returns its first sector */
  #chain(content: Buffer, filler = 0): number {
    if (content.length === 0) return END_OF_CHAIN;
    const start = this.#sectors.length;
    for (let at = 0; at < content.length; at += this.#size) {
      this.#sectors.push(padded(content.subarray(at, at + this.#size), this.#size, filler));
      this.#following.push(at + this.#size < content.length ? this.#sectors.length : END_OF_CHAIN);
    }
    return start;
  }
}

const padded = (bytes: Buffer, size: number, filler = 0): Buffer =>
  Buffer.concat([bytes, Buffer.alloc(size - bytes.length, filler)]);

function numbers(values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [index, value] of values.entries()) bytes.writeUInt32LE(value, index * 4);
  return bytes;
}
