/** Reads a compound file the obvious way, whole in memory: what the careful reader is compared with. */

const END = 0xffff_fffa;

const numbers = (bytes: Buffer): number[] =>
  Array.from({ length: bytes.length >> 2 }, (_, index) => bytes.readUInt32LE(index * 4));

function chain(table: readonly number[], start: number, most: number): number[] {
  const all: number[] = [];
  for (let at = start; at < END && all.length < most; at = table[at] ?? END) all.push(at);
  return all;
}

/** By path: content of streams, and the class of storages. @throws where the file is damaged so that this cannot read it */
export function contentOfPackage(file: Buffer): Map<string, string> {
  const size = 1 << file.readUInt16LE(30);
  const sector = (at: number): Buffer => file.subarray((at + 1) * size, (at + 2) * size);
  const fat = numbers(file.subarray(76, 512))
    .slice(0, file.readUInt32LE(44))
    .flatMap((at) => numbers(sector(at)));
  const large = (start: number, length = file.length): Buffer =>
    Buffer.concat(chain(fat, start, Math.ceil(length / size)).map(sector));
  const directory = large(file.readUInt32LE(48));
  const entry = (at: number): Buffer => directory.subarray(at * 128, at * 128 + 128);
  const mini = large(entry(0).readUInt32LE(116), entry(0).readUInt32LE(120));
  const miniFat = numbers(large(file.readUInt32LE(60), file.readUInt32LE(64) * size));
  const small = (start: number, length: number): Buffer =>
    Buffer.concat(
      chain(miniFat, start, Math.ceil(length / 64)).map((place) =>
        mini.subarray(place * 64, place * 64 + 64),
      ),
    );
  const found = new Map<string, string>();
  const visit = (at: number, path: string): void => {
    if (at === 0xffff_ffff) return;
    const bytes = entry(at);
    const name = path + bytes.toString('utf16le', 0, bytes.readUInt16LE(64) - 2);
    const start = bytes.readUInt32LE(116);
    const length = bytes.readUInt32LE(120);
    const whole = length >= 4096 ? large(start, length) : small(start, length);
    const isStream = bytes.readUInt8(66) === 2;
    found.set(name, (isStream ? whole.subarray(0, length) : bytes.subarray(80, 96)).toString('latin1'));
    if (!isStream) visit(bytes.readUInt32LE(76), `${name}/`);
    if (at === 0) return;
    visit(bytes.readUInt32LE(68), path);
    visit(bytes.readUInt32LE(72), path);
  };
  visit(0, '');
  return found;
}
