import fc from 'fast-check';
import { readFragment } from '../../scripts/agent/fragment.ts';
import { anyXmlText } from '../../scripts/testing/any-xml-text.ts';
import { itWithSamples, readSample } from '../../scripts/testing/protocol-samples.ts';
import { escapeXmlText, guidOf, writeDocument } from '../../scripts/testing/update-documents.ts';
import { deriveFragments } from './fragments.ts';

const sample = (name: string): string => readSample(`wsus-rs/${name}`).toString('utf8');
const MSUS = 'http://schemas.microsoft.com/msus/2002/12';

/** A document of the given parts, as upstream servers write them. */
const documentOf = (properties: string, parts: string): string =>
  `<upd:Update xmlns:upd="${MSUS}/Update" xmlns:cmd="${MSUS}/UpdateHandlers/CommandLineInstallation"><upd:UpdateIdentity UpdateID="${guidOf(1)}" RevisionNumber="200" />${properties}${parts}</upd:Update>`;

const driverMetadata = (prefix: string): string =>
  `<${prefix}WindowsDriverMetaData HardwareID="PCI\\VEN_8086" DriverVerDate="2026-03-01" DriverVerVersion="1.2.3.4"><${prefix}FeatureScore OperatingSystem="amd64.10.0" FeatureScore="64" /></${prefix}WindowsDriverMetaData>`;

const rulesOf = (rules: string): string =>
  deriveFragments(writeDocument({ updateId: guidOf(1), rules })).core.replace(/^.*<ApplicabilityRules>/, '');

describe('Core', () => {
  itWithSamples('is what a Windows server made of the same document, byte for byte', () => {
    expect(deriveFragments(sample('56309036-r101.update.xml')).core).toBe(sample('56309036-r101.core.txt'));
  });

  itWithSamples('is what a Windows server sent an agent in a scan', () => {
    const { core } = deriveFragments(sample('56309036-r101.update.xml'));
    const escaped = core.replaceAll('<', '&lt;').replaceAll('>', '&gt;');
    expect(sample('SyncUpdates-response-scan6.xml')).toContain(`<Xml>${escaped}</Xml>`);
  });

  itWithSamples('of a bundle has its relationships and no rules', () => {
    const document = sample('ccb78947-r200.update.xml');
    const relationships = /<upd:Relationships>.*<\/upd:Relationships>/.exec(document)?.[0] ?? '';
    expect(relationships).not.toBe('');
    expect(deriveFragments(document).core).toBe(
      `<UpdateIdentity UpdateID="ccb78947-6453-4ecc-9de8-bc0305c98f2d" RevisionNumber="200" /><Properties UpdateType="Software" />${relationships.replaceAll('upd:', '')}`,
    );
  });

  it('keeps five properties, in the order of Windows servers, and none of their children', () => {
    const properties = `<upd:Properties DefaultPropertiesLanguage="en" OSUpgrade="swap" EulaID="${guidOf(2)}" AutoSelectOnWebSites="true" ExplicitlyDeployable="true" UpdateType="Software" CreationDate="2026-11-10T18:00:00Z"><upd:KBArticleID>1</upd:KBArticleID></upd:Properties>`;
    expect(deriveFragments(documentOf(properties, '')).core).toBe(
      `<UpdateIdentity UpdateID="${guidOf(1)}" RevisionNumber="200" /><Properties UpdateType="Software" ExplicitlyDeployable="true" AutoSelectOnWebSites="true" EulaID="${guidOf(2)}" OSUpgrade="swap" />`,
    );
  });

  it('leaves out properties that say no more than their absence', () => {
    const document = writeDocument({
      updateId: guidOf(1),
      updateType: 'Category',
      properties: {
        ExplicitlyDeployable: 'false',
        PerUser: 'false',
        IsPublic: 'true',
        AutoSelectOnWebSites: 'false',
      },
    });
    const { core, others } = deriveFragments(document);
    expect(core).toContain('<Properties UpdateType="Category" />');
    expect(others[0]?.xml).toBe('<ExtendedProperties DefaultPropertiesLanguage="en" />');
  });

  it('marks rules of the base, Installer and driver vocabularies, and no others', () => {
    expect(
      rulesOf(
        '<upd:IsInstalled><lar:And><bar:WindowsVersion MajorVersion="10" /><mar:MsiPatchInstalled /></lar:And></upd:IsInstalled><upd:IsInstallable><drv:WindowsDriverInstallable /></upd:IsInstallable>',
      ),
    ).toBe(
      '<IsInstalled><And><b.WindowsVersion MajorVersion="10" /><m.MsiPatchInstalled /></And></IsInstalled><IsInstallable><d.WindowsDriverInstallable /></IsInstallable></ApplicabilityRules>',
    );
  });

  it('marks by namespace, whatever prefix or default it is declared with', () => {
    const rule = `<upd:IsInstalled><zz:Platform xmlns:zz="${MSUS}/BaseApplicabilityRules" zz:PlatformID="2" /><Processor xmlns="${MSUS}/BaseApplicabilityRules" Architecture="9" /></upd:IsInstalled>`;
    expect(rulesOf(rule)).toBe(
      '<IsInstalled><b.Platform PlatformID="2" /><b.Processor Architecture="9" /></IsInstalled></ApplicabilityRules>',
    );
  });

  it('leaves a foreign manifest the default namespace it declares', () => {
    const manifest =
      '<assembly xmlns="urn:schemas-microsoft-com:asm.v3" manifestVersion="1.0"><assemblyIdentity name="Package" /></assembly>';
    const patch =
      '<MsiPatch SchemaVersion="1.0.0.0" xmlns="http://www.microsoft.com/msi/patch_applicability.xsd"><TargetProduct /></MsiPatch>';
    expect(
      rulesOf(
        `<upd:Metadata>${manifest}<mar:MsiPatchMetadata>${patch}</mar:MsiPatchMetadata></upd:Metadata>`,
      ),
    ).toBe(
      `<Metadata>${manifest}<m.MsiPatchMetadata>${patch}</m.MsiPatchMetadata></Metadata></ApplicabilityRules>`,
    );
  });

  it('keeps all that a driver says of its devices', () => {
    expect(rulesOf(`<upd:Metadata>${driverMetadata('drv:')}</upd:Metadata>`)).toBe(
      `<Metadata>${driverMetadata('d.')}</Metadata></ApplicabilityRules>`,
    );
  });
});

describe('Extended', () => {
  itWithSamples('is what a Windows server sends of an update with a file, byte for byte', () => {
    const expected = sample('ff36f0b5-r200.extended.txt');
    const properties =
      '<upd:Properties UpdateType="Software" DefaultPropertiesLanguage="en" Handler="http://schemas.microsoft.com/msus/2002/12/UpdateHandlers/CommandLineInstallation" MaxDownloadSize="6662560" MinDownloadSize="0" PublicationState="Published" CreationDate="2026-09-02T08:19:36.080Z" PublisherID="bccf8ca0-2819-4598-8d15-c1506e363e92"><upd:InstallationBehavior Impact="Minor" /></upd:Properties>';
    const file =
      '<upd:Files><upd:File Digest="vXidQqLgJwCO4+fE++5nIN1txMk=" DigestAlgorithm="SHA1" FileName="AM_Engine.exe" Size="6662560" Modified="2026-08-18T00:39:04Z"><upd:AdditionalDigest Algorithm="SHA256">FX0fJz391BBQFKgKnFee7Set4FikM6ebvaIHkpuXY+c=</upd:AdditionalDigest></upd:File></upd:Files>';
    const handler = `<upd:HandlerSpecificData xsi:type="cmd:CommandLineInstallation" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><cmd:InstallCommand Program="AM_Engine.exe" xmlns:cmd="${MSUS}/UpdateHandlers/CommandLineInstallation"><cmd:ReturnCode Code="0" Result="Succeeded" /></cmd:InstallCommand></upd:HandlerSpecificData>`;
    const { others } = deriveFragments(documentOf(properties, file + handler));
    expect(others).toEqual([{ type: 'Extended', locale: '', xml: expected }]);
  });

  it('keeps what is said per user', () => {
    const document = writeDocument({ updateId: guidOf(1), properties: { PerUser: 'true' } });
    expect(deriveFragments(document).others[0]?.xml).toContain(' PerUser="true"');
  });
});

describe('LocalizedProperties and Eula', () => {
  const document = writeDocument({
    updateId: guidOf(1),
    texts: [
      { language: 'en', title: 'An <update> & "more"', description: 'Text' },
      { language: 'PT-BR', title: 'Uma atualização' },
      { language: 'en', title: 'again' },
    ],
    eulaFiles: [
      { language: 'en', fileName: 'terms.txt', content: 'terms' },
      { language: 'EN', geoId: 'USA', fileName: 'us.txt', content: 'terms for one country' },
    ],
  });
  const fragments = deriveFragments(document).others;

  it('are one for each language, the first where a language comes twice', () => {
    expect(fragments.filter(({ type }) => type === 'LocalizedProperties')).toEqual([
      {
        type: 'LocalizedProperties',
        locale: 'en',
        xml: '<LocalizedProperties><Language>en</Language><Title>An &lt;update&gt; &amp; "more"</Title><Description>Text</Description></LocalizedProperties>',
      },
      {
        type: 'LocalizedProperties',
        locale: 'pt-br',
        xml: '<LocalizedProperties><Language>PT-BR</Language><Title>Uma atualização</Title></LocalizedProperties>',
      },
    ]);
  });

  it('keep the terms of one region beside those for the rest of the world', () => {
    expect(fragments.filter(({ type }) => type === 'Eula').map(({ locale }) => locale)).toEqual([
      'en',
      'en/usa',
    ]);
    expect(fragments.at(-1)?.xml).toMatch(
      /^<EulaFile Digest="[^"]+" DigestAlgorithm="SHA1" FileName="us.txt" .*<\/EulaFile>$/,
    );
  });

  itWithSamples('of the recorded company are there in all its 24 languages', () => {
    const { others } = deriveFragments(sample('56309036-r101.update.xml'));
    expect(others.filter(({ type }) => type === 'LocalizedProperties')).toHaveLength(24);
    expect(others).toContainEqual({
      type: 'LocalizedProperties',
      locale: 'zh-tw',
      xml: '<LocalizedProperties><Language>zh-tw</Language><Title>Microsoft</Title><Description>Microsoft</Description></LocalizedProperties>',
    });
  });
});

describe('What an agent reads in a fragment', () => {
  it('is the text and the attributes of the document, whatever they hold', () => {
    fc.assert(
      fc.property(anyXmlText({ minLength: 1 }), anyXmlText(), (title, key) => {
        const { others, core } = deriveFragments(
          writeDocument({
            updateId: guidOf(1),
            texts: [{ language: 'en', title }],
            rules: `<upd:IsInstalled><bar:RegSz Key="${escapeXmlText(key)}" /></upd:IsInstalled>`,
          }),
        );
        const localized = readFragment(others[1]?.xml ?? '')[0];
        expect(localized?.children.find(({ name }) => name === 'Title')?.text).toBe(title);
        const rule = readFragment(core).at(-1)?.children[0]?.children[0];
        expect(rule).toMatchObject({ name: 'b.RegSz', attributes: { Key: key } });
      }),
    );
  });

  it('has no trace of how the document was written', () => {
    const spec = {
      updateId: guidOf(1),
      texts: [{ language: 'en', title: 'x' }],
      prerequisites: [{ updateIds: [guidOf(2)] }],
      files: [{ fileName: 'a.cab', content: 'a' }],
    };
    const usual = deriveFragments(writeDocument(spec));
    for (const prefix of ['', 'other'])
      for (const separator of ['', '\r\n  ', '<!-- c -->'])
        expect(deriveFragments(writeDocument(spec, { prefix, separator, upperCaseGuids: false }))).toEqual(
          usual,
        );
  });
});
