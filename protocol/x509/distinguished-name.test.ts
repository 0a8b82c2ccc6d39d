import { shortName } from './distinguished-name.ts';

it.each([
  ['CN=Issuing 1', 'Issuing 1'],
  ['C=DE\nCN=Größe, Söhne', 'Größe, Söhne'],
  // A terminal's CSI in one sign, the other way of writing, a zero width, an end of line.
  ['CN=a\u009b31mb', 'a\\u{9b}31mb'],
  ['CN=a\u202eb', 'a\\u{202e}b'],
  ['O=a\u200bb\nC=DE', 'O=a\\u{200b}b, C=DE'],
  ['CN=a\u2028b', 'a\\u{2028}b'],
])('the name in %j is said as %s', (distinguishedName, name) =>
  expect(shortName(distinguishedName)).toBe(name),
);
