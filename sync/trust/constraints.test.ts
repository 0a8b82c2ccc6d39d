/** What authorities do not allow below them is refused on the very chain that is pinned, whatever OpenSSL found. */
import { X509Certificate } from 'node:crypto';
import { makeCertificate, makeKey } from '../../scripts/testing/certificates.ts';
import type { TestCertificate, TestCertificateOptions } from '../../scripts/testing/certificates.ts';
import {
  HOST,
  closeAll,
  leaf,
  otherRoot,
  post,
  refusal,
  root,
  serve,
} from '../../scripts/testing/tls-upstream.ts';
import type { Chain } from '../../protocol/x509/chain.ts';
import { brokenConstraint } from './constraints.ts';
import { element, sequence } from '../../protocol/x509/der-writer.ts';

afterEach(closeAll);

const NAME_CONSTRAINTS = '2.5.29.30';
const DNS = 0x82;
const URI = 0x86;
const IP = 0x87;
const DIRECTORY = 0xa4;

type Base = readonly [tag: number, value: string | Buffer];
const toBytes = (value: string | Buffer): Buffer => (typeof value === 'string' ? Buffer.from(value) : value);
const subtrees = (tag: number, bases: readonly Base[]): Buffer[] =>
  bases.length === 0
    ? []
    : [element(tag, ...bases.map(([kind, value]) => sequence(element(kind, toBytes(value)))))];
const constraints = (permitted: readonly Base[], excluded: readonly Base[] = []): Buffer =>
  sequence(...subtrees(0xa0, permitted), ...subtrees(0xa1, excluded));

const elsewhere = { [NAME_CONSTRAINTS]: constraints([[DNS, 'other.example']]) };
const unheardOf = { '1.2.3.4.5': Buffer.from('0500', 'hex') };
const key = makeKey();
const crossed = (issuer: TestCertificate, options: Partial<TestCertificateOptions> = {}): TestCertificate =>
  makeCertificate({ subject: 'Crossed', key, issuer, isAuthority: true, ...options });

describe('an authority that two others signed, one of them the pinned one', () => {
  const cases: readonly (readonly [string, Partial<TestCertificateOptions>])[] = [
    ['NAME_NOT_PERMITTED', { critical: elsewhere }],
    ['EXTENSION_UNKNOWN', { critical: unheardOf }],
    ['PATH_TOO_LONG', { pathLength: 0 }],
  ];
  for (const [reason, options] of cases) {
    it(`is not passed over the one that allows more: ${reason}`, async () => {
      const narrow = crossed(root, options);
      const wide = crossed(otherRoot);
      const below = makeCertificate({ subject: 'Below', issuer: narrow, isAuthority: true });
      const own = leaf({ issuer: below });
      const trusting = { anchors: [root, otherRoot], pins: [root.pin] };
      const alone = await serve([own, below, narrow]);
      expect(await refusal(alone, trusting)).toMatchObject({ check: 'usage', reason });
      for (const both of [
        [wide, narrow],
        [narrow, wide],
      ]) {
        const server = await serve([own, below, ...both]);
        // The chain without the fault gets further, and is not the pinned one.
        expect(await refusal(server, trusting)).toMatchObject({ check: 'pin' });
      }
      const server = await serve([own, below, wide, narrow]);
      expect(await post(server.port, { ...trusting, pins: [otherRoot.pin] })).toBe('ok');
    });
  }

  it('is spoken to below where it allows the name', async () => {
    const own = crossed(root, {
      critical: { [NAME_CONSTRAINTS]: constraints([[DNS, HOST]]) },
      pathLength: 0,
    });
    const server = await serve([leaf({ issuer: own }), own]);
    expect(await post(server.port, { pins: [root.pin] })).toBe('ok');
  });
});

/** Of a certificate for these names, below an authority with these constraints. */
function reasonFor(
  names: { readonly dns?: string; readonly ip?: string; readonly uri?: boolean; readonly subject?: string },
  permitted: readonly Base[],
  excluded: readonly Base[] = [],
): string {
  const authority = crossed(root, { critical: { [NAME_CONSTRAINTS]: constraints(permitted, excluded) } });
  const uri = { '2.5.29.17': sequence(element(URI, Buffer.from('https://a.example/'))) };
  const own = makeCertificate({
    subject: names.subject ?? 'own',
    key,
    issuer: authority,
    names: names.dns === undefined ? [] : [names.dns],
    addresses: names.ip === undefined ? [] : [names.ip],
    ...(names.uri === true ? { critical: uri } : {}),
  });
  const [first, ...rest] = [own, authority, root].map(({ certificate }) => new X509Certificate(certificate));
  const chain: Chain | undefined = first === undefined ? undefined : [first, ...rest];
  return (chain === undefined ? undefined : brokenConstraint(chain))?.reason ?? 'allowed';
}

const commonName = (text: string, tag = 0x0c): Buffer =>
  sequence(
    element(0x31, sequence(element(0x06, Buffer.from('550403', 'hex')), element(tag, Buffer.from(text)))),
  );
const address = (...bytes: number[]): Buffer => Buffer.from(bytes);

it.each<readonly [string, Parameters<typeof reasonFor>, boolean]>([
  ['the permitted name', [{ dns: 'a.example' }, [[DNS, 'a.example']]], true],
  ['a name below it, in another case', [{ dns: 'b.A.example' }, [[DNS, 'a.EXAMPLE']]], true],
  ['a name that only ends like it', [{ dns: 'ba.example' }, [[DNS, 'a.example']]], false],
  ['the name itself where only those below it are', [{ dns: 'a.example' }, [[DNS, '.a.example']]], false],
  [
    'one of several',
    [
      { dns: 'b.example' },
      [
        [DNS, 'a.example'],
        [DNS, 'b.example'],
      ],
    ],
    true,
  ],
  ['an excluded name', [{ dns: 'b.a.example' }, [], [[DNS, 'a.example']]], false],
  ['a name beside the excluded one', [{ dns: 'b.example' }, [], [[DNS, 'a.example']]], true],
  ['a wildcard that is also for the excluded name', [{ dns: '*.example' }, [], [[DNS, 'a.example']]], false],
  ['any name where all are excluded', [{ dns: 'a.example' }, [], [[DNS, '']]], false],
  ['an address in the range', [{ ip: '10.1.2.3' }, [[IP, address(10, 1, 0, 0, 255, 255, 0, 0)]]], true],
  ['an address beside it', [{ ip: '10.2.2.3' }, [[IP, address(10, 1, 0, 0, 255, 255, 0, 0)]]], false],
  ['an address where only names are constrained', [{ ip: '10.2.2.3' }, [[DNS, 'a.example']]], true],
  ['a name of a kind that is not compared', [{ uri: true }, [[URI, 'a.example']]], false],
  ['that, excluded', [{ uri: true }, [], [[URI, 'b.example']]], false],
  [
    'its subject, in another type, case and spacing',
    [{ subject: 'Own  Name' }, [[DIRECTORY, commonName('own name', 0x13)]]],
    true,
  ],
  ['another subject', [{ subject: 'other' }, [[DIRECTORY, commonName('own')]]], false],
  ['an excluded subject', [{ subject: 'own' }, [], [[DIRECTORY, commonName('OWN')]]], false],
])('name constraints: %s', (_what, args, isAllowed) => {
  expect(reasonFor(...args)).toBe(isAllowed ? 'allowed' : 'NAME_NOT_PERMITTED');
});

it('an extension that cannot be read is refused', () => {
  const authority = crossed(root, { critical: { [NAME_CONSTRAINTS]: Buffer.from('30050000', 'hex') } });
  const own = leaf({ issuer: authority });
  const [first, ...rest] = [own, authority].map(({ certificate }) => new X509Certificate(certificate));
  expect(first === undefined ? undefined : brokenConstraint([first, ...rest])).toMatchObject({
    reason: 'EXTENSION_UNKNOWN',
  });
});
