/** Small update documents for tests: only what a test is about has to be said, and the spelling can be varied. */
import { createHash } from 'node:crypto';

const MSUS = 'http://schemas.microsoft.com/msus/2002/12';

export interface DocumentFile {
  readonly fileName: string;
  readonly content: string;
  readonly withoutSha256?: boolean;
  readonly patchingType?: string;
}

export interface DocumentSpec {
  readonly updateId: string;
  readonly revisionNumber?: number;
  readonly updateType?: 'Software' | 'Driver' | 'Category' | 'Detectoid';
  /** Further attributes of `Properties`. */
  readonly properties?: Readonly<Record<string, string>>;
  /** That the update is for, not its texts'. */
  readonly languages?: readonly string[];
  readonly texts?: readonly {
    readonly language: string;
    readonly title: string;
    readonly description?: string;
  }[];
  readonly eulaFiles?: readonly (DocumentFile & { readonly language: string; readonly geoId?: string })[];
  readonly prerequisites?: readonly {
    readonly isCategory?: boolean;
    readonly updateIds: readonly string[];
  }[];
  readonly bundledUpdates?: readonly (readonly {
    readonly updateId: string;
    readonly revisionNumber: number;
  }[])[];
  readonly supersededUpdateIds?: readonly string[];
  /** Content of `ApplicabilityRules`, with the prefixes `upd`, `lar`, `bar`, `mar`, `drv`. */
  readonly rules?: string;
  readonly files?: readonly DocumentFile[];
  readonly categoryType?: string;
}

/** How the same document may be spelled. */
export interface Spelling {
  /** Of the update schema; empty to make it the default namespace. */
  readonly prefix: string;
  /** Between elements. */
  readonly separator: string;
  readonly upperCaseGuids: boolean;
}

const USUAL_SPELLING: Spelling = { prefix: 'upd', separator: '', upperCaseGuids: false };

/** The guid that a test means by a number. */
export const guidOf = (number: number): string =>
  `${number.toString(16).padStart(8, '0')}-5175-4ce0-8000-${number.toString(16).padStart(12, '0')}`;

export const digestOf = (algorithm: 'sha1' | 'sha256', content: string): string =>
  createHash(algorithm).update(content).digest('hex');

export const escapeXmlText = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\t', '&#9;')
    .replaceAll('\n', '&#10;')
    .replaceAll('\r', '&#13;');

export const writeDocument = (spec: DocumentSpec, spelling: Spelling = USUAL_SPELLING): string =>
  new DocumentWriter(spelling).write(spec);

type Attributes = Readonly<Record<string, string | undefined>>;

class DocumentWriter {
  readonly #spelling: Spelling;

  constructor(spelling: Spelling) {
    this.#spelling = spelling;
  }

  write(spec: DocumentSpec): string {
    const { prefix } = this.#spelling;
    return this.#element(
      'Update',
      {
        [prefix === '' ? 'xmlns' : `xmlns:${prefix}`]: `${MSUS}/Update`,
        'xmlns:lar': `${MSUS}/LogicalApplicabilityRules`,
        'xmlns:bar': `${MSUS}/BaseApplicabilityRules`,
        'xmlns:mar': `${MSUS}/MsiApplicabilityRules`,
        'xmlns:drv': `${MSUS}/UpdateHandlers/WindowsDriver`,
        'xmlns:cat': `${MSUS}/UpdateHandlers/Category`,
      },
      this.#identity(spec.updateId, spec.revisionNumber ?? 1),
      this.#element(
        'Properties',
        {
          UpdateType: spec.updateType ?? 'Software',
          DefaultPropertiesLanguage: 'en',
          PublicationState: 'Published',
          CreationDate: '2026-11-10T18:00:00.000Z',
          ...spec.properties,
        },
        ...(spec.languages ?? []).map((language) => this.#textElement('Language', language)),
      ),
      this.#texts(spec),
      this.#relationships(spec),
      spec.rules === undefined ? '' : this.#element('ApplicabilityRules', {}, spec.rules),
      this.#collection('Files', spec.files?.map((file) => this.#file('File', file)) ?? []),
      spec.categoryType === undefined ? '' : this.#category(spec.categoryType),
    );
  }

  #texts({ texts = [], eulaFiles = [] }: DocumentSpec): string {
    const localized = texts.map(({ language, title, description }) =>
      this.#element(
        'LocalizedProperties',
        {},
        this.#textElement('Language', language),
        this.#textElement('Title', title),
        description === undefined ? '' : this.#textElement('Description', description),
      ),
    );
    const eulas = eulaFiles.map((file) =>
      this.#file('EulaFile', file, { Language: file.language, GeoId: file.geoId }),
    );
    return this.#collection('LocalizedPropertiesCollection', [...localized, ...eulas]);
  }

  #relationships({
    supersededUpdateIds = [],
    prerequisites = [],
    bundledUpdates = [],
  }: DocumentSpec): string {
    const clauses = prerequisites.map(({ isCategory, updateIds }) =>
      isCategory === undefined && updateIds.length === 1
        ? updateIds.map((id) => this.#identity(id)).join('')
        : this.#element(
            'AtLeastOne',
            { IsCategory: isCategory === true ? 'true' : undefined },
            ...updateIds.map((id) => this.#identity(id)),
          ),
    );
    const bundles = bundledUpdates.map((members) =>
      this.#element(
        'AtLeastOne',
        {},
        ...members.map(({ updateId, revisionNumber }) => this.#identity(updateId, revisionNumber)),
      ),
    );
    return this.#collection('Relationships', [
      this.#collection(
        'SupersededUpdates',
        supersededUpdateIds.map((id) => this.#identity(id)),
      ),
      this.#collection('Prerequisites', clauses),
      this.#collection('BundledUpdates', bundles),
    ]);
  }

  #file(
    name: string,
    { fileName, content, withoutSha256, patchingType }: DocumentFile,
    more: Attributes = {},
  ): string {
    const base64 = (algorithm: 'sha1' | 'sha256'): string =>
      Buffer.from(digestOf(algorithm, content), 'hex').toString('base64');
    const attributes = {
      Digest: base64('sha1'),
      DigestAlgorithm: 'SHA1',
      FileName: fileName,
      Size: String(content.length),
      PatchingType: patchingType,
      ...more,
    };
    if (withoutSha256 === true) return this.#element(name, attributes);
    return this.#element(
      name,
      attributes,
      this.#textElement('AdditionalDigest', base64('sha256'), { Algorithm: 'SHA256' }),
    );
  }

  #category(categoryType: string): string {
    return this.#element(
      'HandlerSpecificData',
      { 'xmlns:xsi': 'http://www.w3.org/2001/XMLSchema-instance', 'xsi:type': 'cat:Category' },
      `<cat:CategoryInformation CategoryType="${categoryType}" />`,
    );
  }

  #identity(updateId: string, revisionNumber?: number): string {
    return this.#element('UpdateIdentity', {
      UpdateID: this.#spelling.upperCaseGuids ? updateId.toUpperCase() : updateId,
      RevisionNumber: revisionNumber?.toString(),
    });
  }

  #collection(name: string, items: readonly string[]): string {
    const present = items.filter((item) => item !== '');
    return present.length === 0 ? '' : this.#element(name, {}, ...present);
  }

  #textElement(name: string, text: string, attributes: Attributes = {}): string {
    const tag = this.#tag(name);
    return `<${tag}${writeAttributes(attributes)}>${escapeXmlText(text)}</${tag}>`;
  }

  #element(name: string, attributes: Attributes, ...content: readonly string[]): string {
    const tag = this.#tag(name);
    const start = `<${tag}${writeAttributes(attributes)}`;
    const present = content.filter((item) => item !== '');
    if (present.length === 0) return `${start} />`;
    const { separator } = this.#spelling;
    return `${start}>${separator}${present.join(separator)}${separator}</${tag}>`;
  }

  #tag(name: string): string {
    return this.#spelling.prefix === '' ? name : `${this.#spelling.prefix}:${name}`;
  }
}

const writeAttributes = (attributes: Attributes): string =>
  Object.entries(attributes)
    .map(([name, value]) => (value === undefined ? '' : ` ${name}="${escapeXmlText(value)}"`))
    .join('');
