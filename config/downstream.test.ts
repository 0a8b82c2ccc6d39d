import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { accessOf, Downstream } from './downstream.ts';
import { loadConfig } from './load.ts';

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'sluice-config-'))));
afterAll(() => rmSync(folder, { recursive: true }));

const write = (name: string, text: string, mode = 0o600): string => {
  const file = join(folder, name);
  rmSync(file, { force: true });
  writeFileSync(file, text, { mode });
  return file;
};
const load = (yaml: string) => loadConfig({ file: write('sluice.yaml', yaml), env: {} });

it('A list that was begun is in force', () => {
  expect(accessOf(Downstream.parse({}))).toBe('any');
  expect(accessOf(Downstream.parse({ servers: [{ name: 'a', addresses: ['::1'] }] }))).toBe('listed');
  expect(accessOf(Downstream.parse({ access: 'any', servers: [{ name: 'a', addresses: ['::1'] }] }))).toBe(
    'any',
  );
});

describe('The configuration of downstream servers stops the start', () => {
  it('where an entry has nothing but a name', () => {
    expect(() => load('downstream: { servers: [{ name: branch }] }')).toThrow(
      /downstream\.servers\.0.*nothing but the name branch.*accountGuid, addresses, secretFile/s,
    );
  });

  it.each([
    ['open', 'x'.repeat(40), 0o640, /may be read by others \(mode 0640\)/],
    ['short', 'x'.repeat(31), 0o600, /is not a file of mode 0600/],
    ['long', 'x'.repeat(513), 0o600, /is not a file of mode 0600/],
    ['spaced', 'two words '.repeat(5), 0o600, /is not a file of mode 0600/],
    ['lines', `${'x'.repeat(40)}\n${'y'.repeat(40)}\n`, 0o600, /is not a file of mode 0600/],
  ])('where a secret file is %s, and never says what is in it', (name, text, mode, message) => {
    write(name, text, mode);
    for (const yaml of [
      `downstream: { servers: [{ name: branch, secretFile: ${name} }] }`,
      `upstream: { url: 'https://a', pins: ['sha256/${'A'.repeat(43)}='], secretFile: ${name} }`,
    ]) {
      expect(() => load(yaml)).toThrow(message);
      expect(() => load(yaml)).not.toThrow(text.slice(0, 20));
    }
  });

  it('where a secret file is not there', () => {
    expect(() => load('downstream: { servers: [{ name: branch, secretFile: none }] }')).toThrow(
      /cannot be read/,
    );
  });
});

it('A secret file counts from the configuration file', () => {
  const file = write('good', `${'x'.repeat(40)}\n`);
  const { downstream } = load('downstream: { servers: [{ name: branch, secretFile: good }] }');
  expect(downstream.servers[0]?.secretFile).toBe(file);
});
