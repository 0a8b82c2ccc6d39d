/**
 * What an update document says, once parsed: the values every other room works with.
 *
 * Source: [MS-WUSP] 3.1.1.1 (populating the data model) and the update metadata schema
 * `http://schemas.microsoft.com/msus/2002/12/Update`.
 */

/** `Properties/@UpdateType`. */
export type UpdateType = 'Software' | 'Driver' | 'Category' | 'Detectoid';

/** `CategoryInformation/@CategoryType`; some category documents carry none. */
export type CategoryType = 'Company' | 'ProductFamily' | 'Product' | 'UpdateClassification';

/** One exact revision: UpdateID in lower case, RevisionNumber from 0 up. */
export interface UpdateIdentity {
  readonly updateId: string;
  readonly revisionNumber: number;
}

/**
 * One clause of the prerequisites, which are an AND of clauses: at least one of `updateIds` must be
 * installed. A bare `UpdateIdentity` is a clause of one.
 */
export interface PrerequisiteClause {
  readonly isCategory: boolean;
  readonly updateIds: readonly string[];
}

/** One clause of `BundledUpdates`; a bare `UpdateIdentity` is a clause of one. */
export interface BundleClause {
  readonly members: readonly UpdateIdentity[];
}

/** One `Files/File` (or `EulaFile`): the digests are what content is believed by. */
export interface UpdateFile {
  /** 20 bytes, lower-case hex. */
  readonly sha1: string;
  /** 32 bytes, lower-case hex; absent in old documents. */
  readonly sha256?: string;
  readonly fileName: string;
  /** Bytes. */
  readonly size: number;
  /** `SelfContained`, `Express` or what else the document says; absent means self-contained. */
  readonly patchingType?: string;
  /** ISO 8601, as in the document. */
  readonly modified?: string;
  /** Present where the document says that the content is encrypted. */
  readonly isEncrypted?: true;
}

/** Title and texts in one language; `language` in lower case (`en`, `pt-br`, `all`). */
export interface LocalizedProperties {
  readonly language: string;
  readonly title: string;
  readonly description?: string;
  readonly uninstallNotes?: string;
  readonly moreInfoUrls: readonly string[];
  readonly supportUrl?: string;
}

/** One `EulaFile` of `LocalizedPropertiesCollection`. */
export interface EulaFile extends UpdateFile {
  readonly language: string;
  readonly geoId?: string;
}

/** One `WindowsDriverMetaData` of a driver's `ApplicabilityRules/Metadata`. */
export interface DriverMetadata {
  readonly hardwareId: string;
  /** `yyyy-MM-dd`. */
  readonly driverVerDate: string;
  /** Four parts of 16 bits, as in the document: `10.0.1.2`. */
  readonly driverVerVersion: string;
  readonly driverClass?: string;
  readonly company?: string;
  readonly provider?: string;
  readonly manufacturer?: string;
  readonly model?: string;
  readonly whqlDriverId?: string;
  readonly featureScores: readonly { readonly operatingSystem: string; readonly featureScore: number }[];
  /** Computer hardware ids, lower-case guids. */
  readonly distributionComputerHardwareIds: readonly string[];
  readonly targetComputerHardwareIds: readonly string[];
}

/** Everything Sluice knows of one revision from its document. */
export interface ParsedUpdate {
  readonly identity: UpdateIdentity;
  readonly updateType: UpdateType;
  readonly publicationState: 'Published' | 'Expired';
  /** ISO 8601, as in the document. */
  readonly creationDate: string;
  readonly defaultLanguage: string;
  readonly explicitlyDeployable: boolean;
  readonly handler?: string;
  readonly eulaId?: string;
  readonly msrcSeverity?: string;
  readonly kbArticleIds: readonly string[];
  readonly securityBulletinIds: readonly string[];
  readonly cveIds: readonly string[];
  readonly maxDownloadSize?: number;
  readonly rebootBehavior?: string;
  readonly impact?: string;
  readonly canUninstall: boolean;
  readonly canRequestUserInput?: boolean;
  /** Lower case, as in `en` and `pt-br`; empty where the update is for every language. */
  readonly languages: readonly string[];
  /** The upstream server has keys for its files ([MS-WSUSSS] 3.2.4.2: `SecuredFragment` of the type FileDecryption). */
  readonly hasDecryptionData: boolean;
  readonly categoryType?: CategoryType;
  readonly localized: readonly LocalizedProperties[];
  readonly eulaFiles: readonly EulaFile[];
  readonly prerequisites: readonly PrerequisiteClause[];
  readonly bundledUpdates: readonly BundleClause[];
  readonly supersededUpdateIds: readonly string[];
  readonly files: readonly UpdateFile[];
  readonly drivers: readonly DriverMetadata[];
}

/** `infoTypes` of GetExtendedUpdateInfo that a WSUS-like server has something to say to. */
export type FragmentType = 'Extended' | 'LocalizedProperties' | 'Eula';

/** One fragment as WUSP serves it; `locale` is lower case, empty for `Extended`. */
export interface UpdateFragment {
  readonly type: FragmentType;
  readonly locale: string;
  readonly xml: string;
}

/** The pieces that clients are served, derived once at import ([MS-WUSP] 3.1.1.1). */
export interface UpdateFragments {
  readonly core: string;
  readonly others: readonly UpdateFragment[];
}
