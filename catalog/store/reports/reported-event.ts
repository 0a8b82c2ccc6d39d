/** One ReportingEvent ([MS-WUSP] 2.2.2.3.1). */
export interface ReportedEvent {
  /** The agent's own id for this occurrence, lower case. */
  readonly eventInstanceId: string;
  readonly eventId: number;
  /** Lower case; absent where the event is about no update. */
  readonly updateId?: string;
  readonly revisionNumber?: number;
  readonly win32HResult: number;
  readonly appName: string;
  /** ISO 8601 UTC with milliseconds. */
  readonly timeAtTarget: string;
  readonly replacementStrings: readonly string[];
  readonly miscData: readonly string[];
}
