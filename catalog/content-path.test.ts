import fc from 'fast-check';
import { contentPath, extensionOf } from './content-path.ts';

const SHA1 = 'da39a3ee5e6b4b0d3255bfef95601890afd80709';

describe('contentPath', () => {
  it('names content as Windows servers do: two last digits, then the digest in upper case', () => {
    expect(contentPath(SHA1, '.cab')).toBe('09/DA39A3EE5E6B4B0D3255BFEF95601890AFD80709.cab');
    expect(contentPath(SHA1.toUpperCase(), '')).toBe('09/DA39A3EE5E6B4B0D3255BFEF95601890AFD80709');
    expect(contentPath(SHA1, '.MSU')).toMatch(/\.msu$/);
  });

  it.each([['..'], ['./'], ['.c/b'], ['.a.b'], ['cab'], ['.'], ['.\0'], ['.abcdefghijklmnopq'], ['.cab\n']])(
    'refuses the extension %j',
    (extension) => {
      expect(() => contentPath(SHA1, extension)).toThrow(RangeError);
    },
  );

  it.each([
    [''],
    [SHA1.slice(1)],
    [`${SHA1}0`],
    [`../${SHA1.slice(3)}`],
    [`${SHA1}\n`],
    [SHA1.replace('d', 'g')],
  ])('refuses the digest %j', (sha1) => {
    expect(() => contentPath(sha1, '.cab')).toThrow(RangeError);
  });

  it('never leaves its folder, whatever it is given', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (sha1, fileName) => {
        const extension = extensionOf(fileName);
        expect(contentPath(SHA1, extension)).toMatch(/^[0-9A-F]{2}\/[0-9A-F]{40}(\.[a-z0-9]{1,16})?$/);
        if (!/^[0-9a-f]{40}$/i.test(sha1)) expect(() => contentPath(sha1, extension)).toThrow(RangeError);
      }),
    );
  });
});

describe('extensionOf', () => {
  it.each([
    ['Windows11.0-KB5030219-x64.MSU', '.msu'],
    ['AM_Delta.exe', '.exe'],
    ['archive.tar.gz', '.gz'],
    ['no-extension', ''],
    ['ends-with-dot.', ''],
    ['odd.ex/e', ''],
    ['.cab', '.cab'],
  ])('of %j is %j', (fileName, extension) => {
    expect(extensionOf(fileName)).toBe(extension);
  });
});
