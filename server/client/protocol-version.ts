/** The protocol version that an agent speaks ([MS-WUSP] 1.7): two numbers, `1.8` or `2.90`. */

const FORM = /^(\d{1,4})\.(\d{1,4})$/;

export const isProtocolVersion = (text: string | undefined): text is string =>
  text !== undefined && FORM.test(text);

/** What may be said to an agent depends on the version it told GetCookie. */
export interface Gates {
  /** 1.6: `Deployment/HardwareIds`. */
  readonly hardwareIds: boolean;
  /** 1.7: `DeployedOutOfScopeRevisionIds`, `DriverSyncNotNeeded`. */
  readonly categoryScans: boolean;
  /** 1.8: `AutoSelect`, `AutoDownload`, `SupersedenceBehavior`. */
  readonly behaviours: boolean;
  /** 2.0, Windows 10 1903: the action `OptionalInstall` ([MS-WUSP] 2.2.2.2.4, note 22). */
  readonly optionalInstall: boolean;
}

export function gatesOf(protocolVersion: string): Gates {
  const [, major = '0', minor = '0'] = FORM.exec(protocolVersion) ?? [];
  const isFrom = (from: number): boolean => Number(major) > 1 || (major === '1' && Number(minor) >= from);
  return {
    hardwareIds: isFrom(6),
    categoryScans: isFrom(7),
    behaviours: isFrom(8),
    optionalInstall: Number(major) > 1,
  };
}
