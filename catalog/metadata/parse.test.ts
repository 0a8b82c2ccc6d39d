import fc from 'fast-check';
import { itWithSamples, readSample } from '../../scripts/testing/protocol-samples.ts';
import { errorOf } from '../../scripts/testing/refusal.ts';
import { digestOf, guidOf, writeDocument } from '../../scripts/testing/update-documents.ts';
import type { DocumentSpec } from '../../scripts/testing/update-documents.ts';
import { parseUpdate } from './parse.ts';
import { UpdateDocumentError } from './update-document-error.ts';
import { DOCUMENT_LIMITS } from './xml-tree.ts';

const WHOLE: DocumentSpec = {
  updateId: guidOf(0xabc),
  revisionNumber: 203,
  updateType: 'Software',
  properties: {
    ExplicitlyDeployable: 'true',
    MsrcSeverity: 'Critical',
    EulaID: guidOf(0xe).toUpperCase(),
    MaxDownloadSize: '8873450114',
  },
  texts: [
    { language: 'en', title: 'An update', description: 'It mends things.' },
    { language: 'pt-BR', title: 'Uma atualização' },
  ],
  eulaFiles: [{ language: 'en', geoId: 'USA', fileName: 'eula.txt', content: 'terms' }],
  prerequisites: [
    { updateIds: [guidOf(1)] },
    { updateIds: [guidOf(2), guidOf(3)] },
    { isCategory: true, updateIds: [guidOf(4)] },
  ],
  bundledUpdates: [
    [{ updateId: guidOf(5), revisionNumber: 100 }],
    [
      { updateId: guidOf(6), revisionNumber: 7 },
      { updateId: guidOf(8), revisionNumber: 9 },
    ],
  ],
  supersededUpdateIds: [guidOf(10), guidOf(11)],
  files: [
    { fileName: 'a.cab', content: 'cabinet' },
    { fileName: 'old.exe', content: 'program', withoutSha256: true },
  ],
};

const DRIVER_RULES = `<upd:Metadata><drv:WindowsDriverMetaData HardwareID="PCI\\VEN_8086&amp;DEV_15B8" DriverVerDate="2026-03-01T00:00:00"
  DriverVerVersion="12.19.1.37" Class="Net" Provider="Intel" WhqlDriverID="1234567"><drv:FeatureScore OperatingSystem="amd64.10.0"
  FeatureScore="64" /><drv:DistributionComputerHardwareId>{${guidOf(1).toUpperCase()}}</drv:DistributionComputerHardwareId><drv:TargetComputerHardwareId>${guidOf(2)}</drv:TargetComputerHardwareId></drv:WindowsDriverMetaData></upd:Metadata>`;

const parseSample = (name: string) => parseUpdate(readSample(`wsus-rs/${name}.update.xml`).toString('utf8'));

describe('what a document says of its languages and its files', () => {
  const withProperties = (content: string, file = ''): string =>
    `<upd:Update xmlns:upd="http://schemas.microsoft.com/msus/2002/12/Update"><upd:UpdateIdentity UpdateID="${guidOf(1)}" RevisionNumber="1" /><upd:Properties UpdateType="Software" CreationDate="2026-11-10T18:00:00.000Z">${content}</upd:Properties>${file}</upd:Update>`;
  const fileWith = (attribute: string): string =>
    `<upd:Files><upd:File Digest="${Buffer.alloc(20).toString('base64')}" DigestAlgorithm="SHA1" FileName="a.cab" Size="1" ${attribute} /></upd:Files>`;

  it.each([
    ['', []],
    [
      '<upd:Language>EN</upd:Language><upd:Language>pt-br</upd:Language><upd:Language>en</upd:Language>',
      ['en', 'pt-br'],
    ],
    ['<upd:Language>all</upd:Language><upd:Language>en</upd:Language>', []],
  ])('is for these languages: %s', (content, languages) => {
    expect(parseUpdate(withProperties(content)).languages).toEqual(languages);
  });

  it.each([
    ['', false],
    ['<upd:SecuredFragment>FileDecryption</upd:SecuredFragment>', true],
    ['<upd:SecuredFragment FragmentType="FileDecryption" />', true],
    ['<upd:SecuredFragment>FileUrl</upd:SecuredFragment>', false],
    [
      '<upd:SecuredFragment>FileUrl</upd:SecuredFragment><upd:SecuredFragment>filedecryption</upd:SecuredFragment>',
      true,
    ],
  ])('has keys of its own: %s', (content, expected) => {
    expect(parseUpdate(withProperties(content)).hasDecryptionData).toBe(expected);
  });

  it.each([
    ['', undefined],
    ['IsEncrypted="true"', true],
    ['IsEncrypted="false"', undefined],
  ])('has a file that is encrypted: %s', (attribute, expected) => {
    expect(parseUpdate(withProperties('', fileWith(attribute))).files[0]?.isEncrypted).toBe(expected);
  });
});

describe('parseUpdate', () => {
  it('reads what a document says', () => {
    const { identity, prerequisites, bundledUpdates, ...update } = parseUpdate(writeDocument(WHOLE));
    expect(identity).toEqual({ updateId: guidOf(0xabc), revisionNumber: 203 });
    expect(update).toMatchObject({
      updateType: 'Software',
      publicationState: 'Published',
      creationDate: '2026-11-10T18:00:00.000Z',
      explicitlyDeployable: true,
      msrcSeverity: 'Critical',
      eulaId: guidOf(0xe),
      maxDownloadSize: 8873450114,
      canUninstall: false,
      supersededUpdateIds: [guidOf(10), guidOf(11)],
    });
    expect(prerequisites).toEqual([
      { isCategory: false, updateIds: [guidOf(1)] },
      { isCategory: false, updateIds: [guidOf(2), guidOf(3)] },
      { isCategory: true, updateIds: [guidOf(4)] },
    ]);
    expect(bundledUpdates.map(({ members }) => members)).toEqual(WHOLE.bundledUpdates);
    expect(update.localized).toEqual([
      { language: 'en', title: 'An update', description: 'It mends things.', moreInfoUrls: [] },
      { language: 'pt-br', title: 'Uma atualização', moreInfoUrls: [] },
    ]);
    expect(update.eulaFiles).toMatchObject([
      { language: 'en', geoId: 'USA', sha1: digestOf('sha1', 'terms') },
    ]);
  });

  it('turns digests into hex, and knows where there is no SHA-256', () => {
    expect(parseUpdate(writeDocument(WHOLE)).files).toEqual([
      {
        fileName: 'a.cab',
        size: 7,
        sha1: digestOf('sha1', 'cabinet'),
        sha256: digestOf('sha256', 'cabinet'),
      },
      { fileName: 'old.exe', size: 7, sha1: digestOf('sha1', 'program') },
    ]);
  });

  it('reads which devices a driver is for', () => {
    const { drivers } = parseUpdate(
      writeDocument({ updateId: guidOf(1), updateType: 'Driver', rules: DRIVER_RULES }),
    );
    expect(drivers).toEqual([
      {
        hardwareId: 'PCI\\VEN_8086&DEV_15B8',
        driverVerDate: '2026-03-01',
        driverVerVersion: '12.19.1.37',
        driverClass: 'Net',
        provider: 'Intel',
        whqlDriverId: '1234567',
        featureScores: [{ operatingSystem: 'amd64.10.0', featureScore: 64 }],
        distributionComputerHardwareIds: [guidOf(1)],
        targetComputerHardwareIds: [guidOf(2)],
      },
    ]);
  });

  it('reads the articles, bulletins and behaviour of an update', () => {
    const document = writeDocument({ updateId: guidOf(1) }).replace(
      /(<upd:Properties[^>]*) \/>/,
      '$1><upd:InstallationBehavior RebootBehavior="CanRequestReboot" Impact="Minor" CanRequestUserInput="1" />' +
        '<upd:UninstallationBehavior /><upd:KBArticleID>KB5030219</upd:KBArticleID><upd:KBArticleID>5030219</upd:KBArticleID>' +
        '<upd:SecurityBulletinID>MS26-001</upd:SecurityBulletinID><upd:CveID>CVE-2026-1</upd:CveID></upd:Properties>',
    );
    expect(parseUpdate(document)).toMatchObject({
      kbArticleIds: ['5030219'],
      securityBulletinIds: ['MS26-001'],
      cveIds: ['CVE-2026-1'],
      rebootBehavior: 'CanRequestReboot',
      impact: 'Minor',
      canRequestUserInput: true,
      canUninstall: true,
    });
  });

  it('reads the same whatever prefixes, white space and letter case a document is written with', () => {
    const usual = parseUpdate(writeDocument(WHOLE));
    fc.assert(
      fc.property(
        fc.constantFrom('', 'upd', 'lar2', 'x-y.z'),
        fc.constantFrom('', ' ', '\r\n\t', '<!-- between -->', '<?pi between?>'),
        fc.boolean(),
        (prefix, separator, upperCaseGuids) => {
          expect(parseUpdate(writeDocument(WHOLE, { prefix, separator, upperCaseGuids }))).toEqual(usual);
        },
      ),
    );
  });

  it('leaves elements of other vocabularies alone, even those of the same name', () => {
    const foreign = '<UpdateIdentity xmlns="urn:other" UpdateID="none" /></upd:Update>';
    const document = writeDocument(WHOLE);
    expect(parseUpdate(document.replace('</upd:Update>', foreign))).toEqual(parseUpdate(document));
  });

  itWithSamples('reads the recorded company, product family and bundle', () => {
    const company = parseSample('56309036-r101');
    expect(company).toMatchObject({
      identity: { updateId: '56309036-4c77-4dd9-951a-99ee9c246a94', revisionNumber: 101 },
      updateType: 'Category',
      categoryType: 'Company',
      prerequisites: [],
    });
    expect(company.localized).toHaveLength(24);
    expect(company.localized.map(({ language }) => language)).toContain('pt-br');
    expect(parseSample('6964aab4-r100')).toMatchObject({
      categoryType: 'ProductFamily',
      prerequisites: [{ isCategory: true, updateIds: ['56309036-4c77-4dd9-951a-99ee9c246a94'] }],
    });
    const bundle = parseSample('ccb78947-r200');
    expect(bundle.explicitlyDeployable).toBe(false);
    expect(bundle.prerequisites).toHaveLength(2);
    expect(bundle.bundledUpdates.map(({ members }) => members.length)).toEqual([4]);
  });
});

/** The error's code and message. */
const codeOf = (text: string): [string, string] => {
  try {
    parseUpdate(text);
  } catch (error) {
    if (error instanceof UpdateDocumentError) return [error.code, error.message];
    throw error;
  }
  return ['accepted', ''];
};

describe('parseUpdate refuses', () => {
  const document = writeDocument(WHOLE);
  it.each([
    ['nothing at all', '', 'DOCUMENT_MALFORMED', 'document'],
    ['text that is no XML', 'not XML', 'DOCUMENT_MALFORMED', 'XML'],
    ['a document cut short', document.slice(0, -10), 'DOCUMENT_MALFORMED', 'XML'],
    ['an undeclared prefix', document.replace('<upd:Files>', '<udp:Files>'), 'DOCUMENT_MALFORMED', 'udp'],
    [
      'a document type declaration',
      `<!DOCTYPE x [<!ENTITY a "b">]>${document}`,
      'DOCUMENT_MALFORMED',
      'type declaration',
    ],
    ['an entity', document.replace('An update', '&xxe;'), 'DOCUMENT_MALFORMED', 'XML'],
    ['half a surrogate pair', document.replace('An update', '\ud800'), 'DOCUMENT_MALFORMED', 'XML'],
    ['another document', '<Envelope xmlns="urn:x" />', 'DOCUMENT_NOT_AN_UPDATE', 'Envelope'],
    ['an Update of another schema', '<Update xmlns="urn:x" />', 'DOCUMENT_NOT_AN_UPDATE', 'urn:x'],
    ['no identity', document.replaceAll('UpdateIdentity', 'Other'), 'PART_MISSING', 'UpdateIdentity'],
    ['no revision number', document.replace(' RevisionNumber="203"', ''), 'PART_MISSING', 'RevisionNumber'],
    ['no properties', document.replace('upd:Properties', 'upd:Property'), 'PART_MISSING', 'Properties'],
    ['no creation date', document.replace('CreationDate', 'Created'), 'PART_MISSING', 'CreationDate'],
    ['no language', document.replace('<upd:Language>en</upd:Language>', ''), 'PART_MISSING', 'Language'],
    ['a file without a name', document.replace(' FileName="a.cab"', ''), 'PART_MISSING', 'FileName'],
    ['an UpdateID that is no guid', document.replace(guidOf(0xabc), 'update-1'), 'VALUE_INVALID', 'update-1'],
    ['a negative revision', document.replace('"203"', '"-1"'), 'VALUE_INVALID', '-1'],
    ['a revision beyond 31 bits', document.replace('"203"', '"2147483648"'), 'VALUE_INVALID', '2147483648'],
    ['an unknown type', document.replace('"Software"', '"Firmware"'), 'VALUE_INVALID', 'Firmware'],
    ['an unknown state', document.replace('"Published"', '"Draft"'), 'VALUE_INVALID', 'Draft'],
    ['a date that is none', document.replace('2026-11-10T', '2026-13-10T'), 'VALUE_INVALID', '2026-13'],
    [
      'a digest that is too short',
      document.replace(/Digest="[^"]+"/, 'Digest="AAAA"'),
      'VALUE_INVALID',
      'AAAA',
    ],
    ['a digest that is no base64', document.replace(/Digest="..../, 'Digest="!!!!'), 'VALUE_INVALID', '!!!!'],
    [
      'another digest',
      document.replace('DigestAlgorithm="SHA1"', 'DigestAlgorithm="MD5"'),
      'VALUE_INVALID',
      'MD5',
    ],
    [
      'a SHA-256 of 20 bytes',
      document.replace(/(SHA256">)[^<]+/, `$1${'A'.repeat(27)}=`),
      'VALUE_INVALID',
      'AdditionalDigest',
    ],
    ['a size that is no number', document.replace(/Size="7"/, 'Size="7 bytes"'), 'VALUE_INVALID', '7 bytes'],
    [
      'a clause that nothing can satisfy',
      document.replace(/(IsCategory="true">)<upd:UpdateIdentity[^>]+>/, '$1'),
      'PART_MISSING',
      'AtLeastOne',
    ],
  ])('%s', (_, text, code, named) => {
    const [found, message] = codeOf(text);
    expect(found).toBe(code);
    expect(message).toContain(named);
  });

  it('what is longer than any real document', () => {
    expect(codeOf('<'.repeat(DOCUMENT_LIMITS.length + 1))[0]).toBe('DOCUMENT_TOO_LARGE');
  });

  it('elements that are nested deeper than in any real document', () => {
    const deep = `${'<a>'.repeat(DOCUMENT_LIMITS.depth)}${'</a>'.repeat(DOCUMENT_LIMITS.depth)}`;
    expect(codeOf(document.replace('</upd:Update>', `${deep}</upd:Update>`))[0]).toBe('DOCUMENT_TOO_LARGE');
  });

  it('or reads any altered document, and never fails in another way', () => {
    fc.assert(
      fc.property(
        fc.nat(document.length),
        fc.nat(40),
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.constantFrom('<', '>', '"', '&', '/>', ' xmlns=""', ']]>', '<![CDATA['),
        ),
        (at, removed, inserted) => {
          const altered = document.slice(0, at) + inserted + document.slice(at + removed);
          expect(codeOf(altered)[0]).toMatch(/^(accepted|DOCUMENT_|PART_MISSING|VALUE_INVALID)/);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('The reason for a refusal', () => {
  it.each([
    ['of an attribute that occurs twice', (name: string) => `<a ${name}="" ${name}=""/>`],
    ['of a prefix', (name: string) => `<${name}:a/>`],
    ['of a root', (name: string) => `<${name}/>`],
    ['of a namespace', (name: string) => `<a xmlns="${name}"/>`],
  ])('is short, however long the name %s is', (_, write) => {
    expect(() => parseUpdate(write('n'.repeat(100_000)))).toThrow(/^.{10,500}$/);
  });

  it('is soon found for an element with more attributes than any update has', () => {
    const attributes = Array.from({ length: 300_000 }, (_, index) => `a${index}=""`).join(' ');
    expect(errorOf(() => parseUpdate(`<a ${attributes}/>`))).toMatchObject({ code: 'DOCUMENT_TOO_LARGE' });
  });
});
