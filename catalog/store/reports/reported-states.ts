/**
 * What reported events say of updates, and how what was said folds into one state a computer and update. Folding is the
 * same whatever order events arrive in and however often: each (computer, update) keeps what was said last by the
 * computer's own clock, and a complete status list speaks of all it leaves out.
 */
import { isGuid } from '../../../protocol/guid.ts';
import type { UpdateState } from '../../../protocol/console/status.ts';

/** States that are kept; `NotApplicable` comes only of a status list that says nothing of the update any more. */
export type ReportedState = Exclude<UpdateState, 'Unknown'>;

/** What one event says of one update. */
export interface Mention {
  /** Lower case. */
  readonly updateId: string;
  readonly state: Exclude<ReportedState, 'NotApplicable'>;
}

export interface UpdateStatus {
  readonly state: ReportedState;
  /** When the computer last spoke of the update, ISO 8601 UTC. */
  readonly saidAt: string;
}

/** AGENT_STATUS and AGENT_STATUS_30: the state of every update that is deployed to the computer. */
export const STATUS_EVENTS: readonly number[] = [153, 156];

/** AGENT_DETECTION_FINISHED. */
export const SCAN_FINISHED = 147;

/** Events that say of their one update how an attempt ended; the names are those of the EventID table. */
const OUTCOMES: ReadonlyMap<number, Mention['state']> = new Map([
  // AGENT_DOWNLOAD_SUCCEEDED, ..._FROM_PEER, AU_SCHEDULED_INSTALL_READY, AU_UNSCHEDULED_INSTALL_READY
  ...[162, 164, 188, 189].map((id) => [id, 'Downloaded'] as const),
  // AGENT_INSTALLING_SUCCEEDED, AU_SCHEDULED_INSTALL_SUCCESS, AU_SHUTDOWN_INSTALL_SUCCESS
  ...[183, 190, 197].map((id) => [id, 'Installed'] as const),
  // the same three, "requires reboot"
  ...[184, 191, 199].map((id) => [id, 'InstalledPendingReboot'] as const),
  // AGENT_DOWNLOAD_FAILED; install failed or killed: by a user, as scheduled, at shutdown, after the reboot
  ...[161, 182, 187, 192, 195, 198, 200, 203, 204].map((id) => [id, 'Failed'] as const),
  // uninstall, commit, revert: failed or killed
  ...[221, 225, 522, 525, 541, 545].map((id) => [id, 'Failed'] as const),
  // AGENT_UNINSTALLING_SUCCEEDED, AGENT_REVERT_SUCCEEDED, and the same with a reboot
  ...[222, 224, 542, 544].map((id) => [id, 'NotInstalled'] as const),
]);

/** Events whose Win32HResult says why the state is `Failed`. */
export const FAILURE_EVENTS: readonly number[] = [...OUTCOMES]
  .filter(([, state]) => state === 'Failed')
  .map(([eventId]) => eventId);

/** Tags of MiscData that hold UpdateIDs separated by `;` ([MS-WUSP] 2.2.2.3.1, MiscData table). */
const LIST_TAGS: ReadonlyMap<string, Mention['state']> = new Map([
  ['U', 'NotInstalled'],
  ['V', 'Installed'],
  ['W', 'InstalledPendingReboot'],
  ['g', 'Failed'],
  ['h', 'Downloaded'],
]);

/** A mention for each update in a status event's lists. */
export function mentionsInLists(miscData: readonly string[]): Mention[] {
  return miscData.flatMap((entry) => {
    const state = listState(entry);
    if (state === undefined) return [];
    const updateIds = entry.slice(2).toLowerCase().split(';');
    return updateIds.filter(isGuid).map((updateId) => ({ updateId, state }));
  });
}

/** Whether an entry of MiscData is a list of UpdateIDs. */
export const isStatusList = (entry: string): boolean => listState(entry) !== undefined;

const listState = (entry: string): Mention['state'] | undefined =>
  entry[1] === '=' ? LIST_TAGS.get(entry[0] ?? '') : undefined;

/** What an event other than a status list says of its own update. */
export function outcomeOf(eventId: number, updateId: string): Mention[] {
  const state = OUTCOMES.get(eventId);
  return state === undefined ? [] : [{ updateId, state }];
}

/** Where two things are said of the same instant, the later entry holds. */
const STRENGTH: readonly ReportedState[] = [
  'NotApplicable',
  'NotInstalled',
  'Downloaded',
  'Failed',
  'Installed',
  'InstalledPendingReboot',
];

/** Which of two states holds that were said of the same instant. */
export const stronger = (one: ReportedState | undefined, other: ReportedState): ReportedState =>
  one !== undefined && STRENGTH.indexOf(one) > STRENGTH.indexOf(other) ? one : other;

/** Folds one mention into what is known; `at` is ISO 8601 UTC. */
export function foldMention(known: UpdateStatus | undefined, state: ReportedState, at: string): UpdateStatus {
  if (known === undefined || at > known.saidAt) return { state, saidAt: at };
  return at === known.saidAt ? { state: stronger(known.state, state), saidAt: at } : known;
}

/**
 * What a later status list makes of a state that it does not confirm. The lists name every update "deployed for install,
 * uninstall, or scan" that was found needed, installed, failed or downloaded ([MS-WUSP] 2.2.2.3.1): what is in none of
 * them was found not applicable, or is not deployed any more. An installed update stays installed: that its approval was
 * taken away does not remove it from the computer.
 *
 * @param listedAt time of the computer's latest status list, where there was one
 */
export function afterStatusList(status: UpdateStatus, listedAt: string | null): UpdateStatus {
  const isConfirmed = listedAt === null || status.saidAt >= listedAt;
  return isConfirmed || outlastsLists(status.state) ? status : { ...status, state: 'NotApplicable' };
}

/** Whether a list that leaves an update out leaves its state as it is. */
export const outlastsLists = (state: ReportedState): boolean =>
  state === 'Installed' || state === 'InstalledPendingReboot' || state === 'NotApplicable';
