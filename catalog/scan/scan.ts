/** What a scan asks and what it is answered ([MS-WUSP] 3.1.5.7): values, without a word of SOAP or SQL. */

/** Actions as the wire spells them; `Evaluate` and `Bundle` come of dependence, never of an administrator. */
export type OfferedAction =
  'Install' | 'OptionalInstall' | 'Uninstall' | 'PreDeploymentCheck' | 'Evaluate' | 'Bundle';

/** What a computer's groups together make of one revision: conflicts and inheritance resolved. */
export interface EffectiveDeployment {
  /** `Deployment/ID` on the wire. */
  readonly deploymentId: number;
  readonly action: OfferedAction;
  /** ISO 8601 UTC. */
  readonly deadline?: string;
  /** ISO 8601 UTC: when the decision was last changed, or the revision arrived where nobody decided. */
  readonly changedAt: string;
}

export interface OfferedRevision {
  /** `UpdateInfo/ID` on the wire. */
  readonly revisionId: number;
  readonly updateId: string;
  readonly revisionNumber: number;
  readonly deployment: EffectiveDeployment;
  readonly isLeaf: boolean;
  /** The Core fragment, escaped for element content, UTF-8. */
  readonly core: Buffer;
  /** Drivers only: the device's ids that matched. */
  readonly hardwareIds?: readonly string[];
}

/** One `Device` of `SystemSpec`. */
export interface ScannedDevice {
  /** Most specific first, as sent. */
  readonly hardwareIds: readonly string[];
  readonly compatibleIds: readonly string[];
  readonly installedDriver?: {
    readonly matchingId: string;
    readonly driverVerDate: string;
    /** Four parts of 16 bits, packed. */
    readonly driverVerVersion: bigint;
    readonly driverClass?: string;
    readonly manufacturer?: string;
    readonly provider?: string;
    readonly matchingComputerHardwareId?: string;
    readonly driverRank: number;
  };
  /** `DriverRecoveryIDs`: UpdateIDs of drivers that the agent itself installed here. */
  readonly recoverableUpdateIds?: readonly string[];
}

/** How much one answer may bring; what does not fit is for the next. */
export interface PageLimits {
  /** The most revisions in `newUpdates`. */
  readonly pageSize: number;
  /** The most bytes of core fragments in `newUpdates`; one revision is sent however large it is. */
  readonly pageBytes: number;
}

/** What every scan says. */
interface AnyScan extends PageLimits {
  /** The computer's own groups; inheritance from their parents is the engine's matter. */
  readonly groupIds: readonly string[];
  readonly installedNonLeafRevisionIds: readonly number[];
  /**
   * From the computer's cookie: the generation up to which changes were told already. Absent: none were, or the
   * computer's groups are others since.
   */
  readonly knownChange?: number;
}

export interface ScanRequest extends AnyScan {
  readonly otherCachedRevisionIds: readonly number[];
  readonly cachedDriverRevisionIds: readonly number[];
  /** Present for the driver pass only. */
  readonly drivers?: {
    readonly devices: readonly ScannedDevice[];
    /** Most specific first, lower case. */
    readonly computerHardwareIds: readonly string[];
    /** `AMD64.10.0`; absent from agents before Windows 10, which know nothing of ranks either. */
    readonly featureScoreMatchingKey?: string;
  };
  /** `FilterCategoryIds`: only revisions in (or being) one of these, and what they depend on. */
  readonly categoryIds?: readonly string[];
}

/** SyncPrinterCatalog: every printer driver that is deployed, whatever devices there are ([MS-WUSP] 3.1.5.12). */
export interface PrinterScanRequest extends AnyScan {
  readonly cachedRevisionIds: readonly number[];
}

export interface ScanAnswer {
  readonly newUpdates: readonly OfferedRevision[];
  /** Cached by the client and needed, but deployed differently since `knownChange`. */
  readonly changedUpdates: readonly OfferedRevision[];
  readonly outOfScopeRevisionIds: readonly number[];
  /** Cached and deployed but outside `categoryIds`. */
  readonly deployedOutOfScopeRevisionIds: readonly number[];
  readonly truncated: boolean;
  /** For the new cookie: the generation up to which this answer, or an earlier one, told of changes. */
  readonly knownChange?: number;
  /** Nothing could come of a driver pass: no driver is in scope of this scan, and the agent holds none. */
  readonly driverSyncNotNeeded: boolean;
}
