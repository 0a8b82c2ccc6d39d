import { jest } from '@jest/globals';
import fc from 'fast-check';
import { AuthenticodeError } from '../../protocol/authenticode/error.ts';
import { judgeSignature } from '../../protocol/authenticode/judge.ts';
import type { Verdict } from '../../protocol/authenticode/judge.ts';
import { EditedFile } from '../../scripts/testing/authenticode/edited-file.ts';
import { contentOfPackage } from '../../scripts/testing/authenticode/naive-package.ts';
import {
  makeProgram,
  unsignedParts,
  withCertificateTable,
} from '../../scripts/testing/authenticode/program.ts';
import {
  authority,
  ecPublisher,
  publisher,
  roots,
  timeService,
} from '../../scripts/testing/authenticode/publishers.ts';
import {
  packageParts,
  signedCabinet,
  signedPackage,
  signedProgram,
} from '../../scripts/testing/authenticode/signed-samples.ts';
import { rfc3161 } from '../../scripts/testing/authenticode/signer.ts';

/** Milliseconds; thousands of small files are read, and a busy machine takes its time. */
jest.setTimeout(300_000);

let file: EditedFile;
beforeAll(async () => {
  file = await EditedFile.create();
});
afterAll(async () => {
  await file.remove();
});

const now = new Date();

/** The verdict, or the error's code where there is none. */
async function outcome(bytes: Buffer): Promise<Verdict | string> {
  try {
    return judgeSignature(await file.read(bytes), roots, now);
  } catch (error) {
    if (error instanceof AuthenticodeError) return error.code;
    throw error;
  }
}

const isTrusted = (found: Verdict | string): found is Extract<Verdict, { trusted: true }> =>
  typeof found !== 'string' && found.trusted;

/** What a verdict rests on. */
function essence(found: Verdict | string): unknown {
  if (!isTrusted(found)) return 'not trusted';
  const { chain, signature, timestamp } = found;
  return [chain, signature.signedDigest, signature.computedDigest, timestamp];
}

const flipped = (bytes: Buffer, at: number): Buffer => {
  const other = Buffer.from(bytes);
  other.writeUInt8(other.readUInt8(at) ^ (1 << (at % 8)), at);
  return other;
};

const errorOf = async (bytes: Buffer): Promise<unknown> => {
  const found = await outcome(bytes);
  return typeof found === 'string' ? found : { trusted: found.trusted };
};

const stamped = (
  signer = publisher,
): {
  others: (typeof authority)[];
  signer: typeof publisher;
  unsigned: ((signature: Buffer) => Buffer)[];
} => ({
  signer,
  others: [authority],
  unsigned: [rfc3161({ signer: timeService, time: new Date(now.getTime() - 3_600_000) })],
});

describe('a flipped bit', () => {
  it.each([
    ['PE32', 3],
    ['PE32+', 1],
  ] as const)('in a %s program is noticed but in its checksum', async (format, step) => {
    const signed = signedProgram(stamped(ecPublisher), format);
    const { checksumAt, entryAt } = unsignedParts(format);
    expect(isTrusted(await outcome(signed))).toBe(true);
    for (let at = 0; at < signed.readUInt32LE(entryAt); at += step) {
      const isChecksum = at >= checksumAt && at < checksumAt + 4;
      expect({ at, trusted: isTrusted(await outcome(flipped(signed, at))) }).toEqual({
        at,
        trusted: isChecksum,
      });
    }
  });

  it('in a cabinet is noticed but in the fields that are not signed', async () => {
    const signed = await signedCabinet(stamped(ecPublisher));
    expect(isTrusted(await outcome(signed))).toBe(true);
    for (let at = 0; at < signed.readUInt32LE(44); at += 1) {
      // iCabinet, and what follows the place and size of the signature.
      const isUnsigned = at === 34 || at === 35 || (at >= 52 && at < 56);
      expect({ at, trusted: isTrusted(await outcome(flipped(signed, at))) }).toEqual({
        at,
        trusted: isUnsigned,
      });
    }
  });

  it('in a signature makes nothing else believed', async () => {
    const signed = signedProgram(stamped(ecPublisher));
    const { entryAt } = unsignedParts('PE32+');
    const before = essence(await outcome(signed));
    let noticed = 0;
    const from = signed.readUInt32LE(entryAt);
    for (let at = from; at < signed.length; at += 1) {
      const after = essence(await outcome(flipped(signed, at)));
      // A bit of the timestamp's attribute makes it an unknown one: then it has no timestamp, and must be valid now.
      if (after !== 'not trusted') expect(withoutTime(after)).toEqual(withoutTime(before));
      if (after === 'not trusted') noticed += 1;
    }
    expect(noticed / (signed.length - from)).toBeGreaterThan(0.9);
  });

  it.each([true, false])(
    'in a package leaves its streams as they were, or is noticed (names signed: %s)',
    async (hasMetadata) => {
      const signed = signedPackage(stamped(ecPublisher), { hasMetadata });
      expect(isTrusted(await outcome(signed))).toBe(true);
      let noticed = 0;
      for (let at = 0; at < signed.length; at += 23) {
        const other = flipped(signed, at);
        if (!isTrusted(await outcome(other))) noticed += 1;
        else {
          const areNamed = hasMetadata && contentOfPackage(other).has(EX);
          expect({ at, streams: streams(other, areNamed) }).toEqual({
            at,
            streams: streams(signed, areNamed),
          });
        }
      }
      expect(noticed).toBeGreaterThan(0);
    },
  );
});

const withoutTime = (found: unknown): unknown => (Array.isArray(found) ? found.slice(0, 3) : found);

const byText = (one: string, other: string): number => (one < other ? -1 : Number(one > other));
const EX = 'Root Entry/\u0005MsiDigitalSignatureEx';
const SIGNATURE = 'Root Entry/\u0005DigitalSignature';

/**
 * What of a package is signed: streams and classes, and their names where those are too. Under another name, the digest of
 * the names is one more stream, in front of the others as before: so the format has it, and Windows takes it.
 */
function streams(bytes: Buffer, hasNames: boolean): unknown {
  const all = [...contentOfPackage(bytes)].filter(([name]) => name !== SIGNATURE);
  return hasNames ? Object.fromEntries(all) : all.map(([, content]) => content).toSorted(byText);
}

describe('a file that is cut short', () => {
  it.each<[string, () => Buffer | Promise<Buffer>]>([
    ['a program', () => signedProgram(stamped())],
    ['a cabinet', () => signedCabinet(stamped())],
    ['a package', () => signedPackage(stamped())],
  ])('is believed at no length: %s', async (_name, make) => {
    const signed = await make();
    for (let length = 0; length < signed.length; length += 7)
      expect({ length, trusted: isTrusted(await outcome(signed.subarray(0, length))) }).toEqual({
        length,
        trusted: false,
      });
  });
});

describe('what follows a signature', () => {
  it.each([1, 8, 512])('is refused: %s bytes', async (count) => {
    const behind = Buffer.alloc(count);
    expect(await errorOf(Buffer.concat([signedProgram(), behind]))).toBe('SIGNATURE_MISPLACED');
    expect(await errorOf(Buffer.concat([await signedCabinet(), behind]))).toBe('SIGNATURE_MISPLACED');
  });

  it('is refused inside of the certificate table too, but for what aligns it', async () => {
    const program = makeProgram();
    const { entryAt } = unsignedParts('PE32+');
    const signed = signedProgram();
    const at = signed.readUInt32LE(entryAt);
    const signature = signed.subarray(at + 8);
    expect(await errorOf(withCertificateTable(program, [Buffer.concat([signature, Buffer.alloc(8)])]))).toBe(
      'SIGNATURE_MISPLACED',
    );
    const hidden = Buffer.concat([signature, Buffer.from('run me')]);
    expect(await errorOf(withCertificateTable(program, [hidden]))).toBe('SIGNATURE_MISPLACED');
  });
});

type Edit = (bytes: Buffer) => void;

describe('a program that lies', () => {
  const { entryAt } = unsignedParts('PE32+');
  const sectionAt = 64 + 24 + 240;
  it.each<[string, Edit, string | object]>([
    ['its header is outside of it', (bytes) => bytes.writeUInt32LE(0xffff_fff0, 60), { trusted: false }],
    ['its header is at its end', (bytes) => bytes.writeUInt32LE(bytes.length - 4, 60), { trusted: false }],
    ['its optional header is short', (bytes) => bytes.writeUInt16LE(20, 84), 'CONTAINER_DAMAGED'],
    ['it has more sections than bytes', (bytes) => bytes.writeUInt16LE(0xffff, 70), 'SIGNATURE_MISPLACED'],
    [
      'its headers go over the table',
      (bytes) => bytes.writeUInt32LE(0xffff_0000, 88 + 60),
      'SIGNATURE_MISPLACED',
    ],
    [
      'its table is in its headers',
      (bytes) => {
        bytes.writeUInt32LE(64, entryAt);
        bytes.writeUInt32LE(bytes.length - 64, entryAt + 4);
      },
      'SIGNATURE_MISPLACED',
    ],
    [
      'its table lies over its section',
      (bytes) => {
        bytes.writeUInt32LE(768, entryAt);
        bytes.writeUInt32LE(bytes.length - 768, entryAt + 4);
      },
      'SIGNATURE_MISPLACED',
    ],
    [
      'its section reaches into the table',
      (bytes) => bytes.writeUInt32LE(0x4000, sectionAt + 16),
      'SIGNATURE_MISPLACED',
    ],
    [
      'its table ends outside of it',
      (bytes) => bytes.writeUInt32LE(0xffff_ffff, entryAt + 4),
      'SIGNATURE_MISPLACED',
    ],
    [
      'its table has a place and no size',
      (bytes) => bytes.writeUInt32LE(0, entryAt + 4),
      'CONTAINER_DAMAGED',
    ],
    [
      'its entry is longer than the table',
      (bytes) => bytes.writeUInt32LE(0x7fff_ffff, 1024),
      'CONTAINER_DAMAGED',
    ],
    ['its entry is empty', (bytes) => bytes.writeUInt32LE(0, 1024), 'CONTAINER_DAMAGED'],
    [
      'it has no data directory for the table',
      (bytes) => bytes.writeUInt32LE(4, 88 + 108),
      { trusted: false },
    ],
  ])('is refused: %s', async (_name, edit, expected) => {
    const bytes = signedProgram();
    edit(bytes);
    expect(await errorOf(bytes)).toEqual(expected);
  });
});

describe('a cabinet that lies', () => {
  it.each<[string, Edit, string | object]>([
    [
      'its signature is in its header',
      (bytes) => {
        bytes.writeUInt32LE(40, 44);
        bytes.writeUInt32LE(bytes.length - 40, 48);
      },
      'SIGNATURE_MISPLACED',
    ],
    [
      'its signature ends outside of it',
      (bytes) => bytes.writeUInt32LE(0xffff_ffff, 48),
      'SIGNATURE_MISPLACED',
    ],
    [
      'its signature is outside of it',
      (bytes) => bytes.writeUInt32LE(0xffff_ffff, 44),
      'SIGNATURE_MISPLACED',
    ],
    ['its reserved area is larger', (bytes) => bytes.writeUInt16LE(6144, 36), { trusted: false }],
    ['its reserved field is in use', (bytes) => bytes.writeUInt32LE(1, 4), 'CONTAINER_DAMAGED'],
  ])('is refused: %s', async (_name, edit, expected) => {
    const bytes = await signedCabinet();
    edit(bytes);
    expect(await errorOf(bytes)).toEqual(expected);
  });
});

describe('a package that lies', () => {
  const sector = (at: number): number => (at + 1) * 512;
  const fatAt = (bytes: Buffer): number => sector(bytes.readUInt32LE(76));
  const directoryAt = (bytes: Buffer): number => sector(bytes.readUInt32LE(48));
  /** The entry of a stream or storage. */
  const entryOf = (bytes: Buffer, name: string): number =>
    directoryAt(bytes) +
    Math.floor(
      (bytes.indexOf(Buffer.from(`${name}\0`, 'utf16le'), directoryAt(bytes)) - directoryAt(bytes)) / 128,
    ) *
      128;

  it.each<[string, Edit]>([
    [
      'each sector follows itself',
      (bytes) => {
        for (let index = 0; index < 128; index += 1) bytes.writeUInt32LE(index, fatAt(bytes) + index * 4);
      },
    ],
    [
      'the directory goes on in a circle',
      (bytes) => bytes.writeUInt32LE(bytes.readUInt32LE(48), fatAt(bytes) + bytes.readUInt32LE(48) * 4),
    ],
    [
      'a stream is said to be longer than its chain',
      (bytes) => bytes.writeUInt32LE(bytes.length - 1, entryOf(bytes, '\u4840\u3f7f') + 120),
    ],
    [
      'a stream is said to be longer than the file',
      (bytes) => bytes.writeUInt32LE(0x7fff_ffff, entryOf(bytes, '\u4840\u3f7f') + 120),
    ],
    [
      'a small stream is outside of the mini stream',
      (bytes) => bytes.writeUInt32LE(0x00ff_ffff, entryOf(bytes, 'aa') + 116),
    ],
    [
      'small streams are circles',
      (bytes) => {
        const table = sector(bytes.readUInt32LE(60));
        for (const name of ['aa', 'two']) {
          const at = entryOf(bytes, name);
          const start = bytes.readUInt32LE(at + 116);
          bytes.writeUInt32LE(start, table + start * 4);
          bytes.writeUInt32LE(4095, at + 120);
        }
      },
    ],
    [
      'a stream is its own sibling',
      (bytes) => {
        const at = entryOf(bytes, 'aa');
        bytes.writeUInt32LE((at - directoryAt(bytes)) / 128, at + 68);
      },
    ],
    [
      'a storage is in itself',
      (bytes) => {
        const at = entryOf(bytes, 'Transforms');
        bytes.writeUInt32LE((at - directoryAt(bytes)) / 128, at + 76);
      },
    ],
    ['a storage is in the root twice', (bytes) => bytes.writeUInt32LE(1, entryOf(bytes, 'aa') + 68)],
    [
      'a child is not in the directory',
      (bytes) => bytes.writeUInt32LE(0x00ff_ffff, entryOf(bytes, 'Transforms') + 76),
    ],
    ['an entry is of no type', (bytes) => bytes.writeUInt8(0, entryOf(bytes, 'aa') + 66)],
    ['a name is too long', (bytes) => bytes.writeUInt16LE(66, entryOf(bytes, 'aa') + 64)],
    [
      'two streams have one name',
      (bytes) => {
        bytes.writeUInt16LE(0x61, entryOf(bytes, 'a'));
        bytes.copy(bytes, entryOf(bytes, 'a'), entryOf(bytes, 'aa'), entryOf(bytes, 'aa') + 66);
      },
    ],
    ['its table has more sectors than the file', (bytes) => bytes.writeUInt32LE(0xffff_ffff, 44)],
    [
      'its table has sectors that its header names nowhere',
      (bytes) => {
        bytes.writeUInt32LE(120, 44);
        bytes.writeUInt32LE(0x00ff_ffff, 68);
      },
    ],
    ['its table is outside of it', (bytes) => bytes.writeUInt32LE(0x00ff_ffff, 76)],
    ['its sectors are of another size', (bytes) => bytes.writeUInt16LE(31, 30)],
    [
      'its mini stream is longer than the file',
      (bytes) => bytes.writeUInt32LE(0xffff_ffff, directoryAt(bytes) + 120),
    ],
    ['it begins with no root', (bytes) => bytes.writeUInt8(1, directoryAt(bytes) + 66)],
  ])('is refused: %s', async (_name, edit) => {
    const bytes = signedPackage();
    edit(bytes);
    expect(await errorOf(bytes)).toBe('CONTAINER_DAMAGED');
  });

  it('is refused with more storages in one another than any package has', async () => {
    let parts = packageParts;
    for (let depth = 0; depth < 40; depth += 1) parts = { name: 'in', children: [parts] };
    expect(await errorOf(signedPackage({}, {}, { name: '', children: [{ ...parts, name: 'in' }] }))).toBe(
      'CONTAINER_DAMAGED',
    );
  });
});

describe('any file at all', () => {
  const samples: (() => Buffer | Promise<Buffer>)[] = [
    () => signedProgram(stamped()),
    () => signedCabinet(stamped()),
    () => signedPackage(stamped(), { hasMetadata: true }),
    () => signedPackage(stamped(), { version: 4, isScattered: true }),
  ];

  it('ends in a verdict or a typed error, whatever was done to it', async () => {
    const made = await Promise.all(samples.map(async (make) => await make()));
    const edits = fc.array(
      fc.record({
        at: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
        bytes: fc.uint8Array({ minLength: 1, maxLength: 8 }),
        isLength: fc.boolean(),
      }),
      { minLength: 1, maxLength: 6 },
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...made), edits, fc.boolean(), async (sample, list, isCut) => {
        const bytes = Buffer.from(sample);
        for (const { at, bytes: written, isLength } of list) {
          // Headers are where lengths and places are.
          const place = Math.floor(at * (isLength ? Math.min(1024, bytes.length) : bytes.length));
          Buffer.from(written).copy(bytes, place);
        }
        const [first] = list;
        const whole =
          isCut && first !== undefined ? bytes.subarray(0, Math.floor(first.at * bytes.length)) : bytes;
        const found = await outcome(whole);
        expect(typeof found === 'string' || typeof found.trusted === 'boolean').toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});
