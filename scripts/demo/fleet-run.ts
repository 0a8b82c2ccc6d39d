/** The fleet at work: scans, downloads, installs and reports, and what must be true of it afterwards. */
import { api } from '../../protocol/console/api.ts';
import { SimulatedAgent } from '../agent/agent.ts';
import type { InstallOutcome, ScanOutcome } from '../agent/agent.ts';
import { SimulatedMachine } from '../agent/machine.ts';
import type { ConsoleClient } from './console-client.ts';
import { FLEET } from './fleet.ts';
import type { FleetMember, GroupName } from './fleet.ts';
import { must } from './step.ts';

/** Scan and install at most so often until nothing more is to be done: one update may let in another. */
const MOST_ROUNDS = 5;

export interface FleetComputer {
  readonly member: FleetMember;
  readonly agent: SimulatedAgent;
  readonly outcomes: InstallOutcome[];
  scans: number;
  lastScan: ScanOutcome | undefined;
}

export interface FleetResult {
  readonly scans: number;
  /** Updates deployed to computers, summed over the fleet. */
  readonly offered: number;
  readonly files: number;
  readonly bytes: number;
  readonly ranges: number;
  readonly installed: number;
  readonly pendingRestart: number;
  readonly failed: number;
  readonly events: number;
}

/** @param urls update services to be used in turn, so that HTTP and HTTPS both are */
export function createFleet(urls: readonly string[], ca: string): readonly FleetComputer[] {
  return FLEET.map((member, index) => ({
    member,
    agent: new SimulatedAgent({
      serverUrl: urls[index % urls.length] ?? '',
      machine: new SimulatedMachine(member.profile),
      ca,
      rangeBytes: 512 * 1024,
    }),
    outcomes: [],
    scans: 0,
    lastScan: undefined,
  }));
}

export async function scanOnce(computer: FleetComputer): Promise<ScanOutcome> {
  const outcome = await computer.agent.scan();
  computer.scans += 1;
  computer.lastScan = outcome;
  return outcome;
}

/** Before anything is approved every computer introduces itself, and no computer is offered anything. */
export async function introduce(fleet: readonly FleetComputer[]): Promise<number> {
  const outcomes = await Promise.all(fleet.map(scanOnce));
  for (const [index, { deployed }] of outcomes.entries()) {
    must(
      'introduce the fleet',
      deployed.length === 0,
      () => `${nameOf(fleet[index])} was offered ${deployed.length} updates before any was approved.`,
    );
  }
  return outcomes.length;
}

/** Scans and installs until the computer needs nothing more that it can install. */
export async function workOff(computer: FleetComputer): Promise<void> {
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    await scanOnce(computer);
    const outcomes = await computer.agent.installNeeded();
    computer.outcomes.push(...outcomes);
    if (!outcomes.some(({ result }) => result === 'Installed' || result === 'PendingRestart')) break;
  }
  await scanOnce(computer);
}

export function sumUp(fleet: readonly FleetComputer[]): FleetResult {
  const outcomes = fleet.flatMap((computer) => computer.outcomes);
  const sum = (of: (one: InstallOutcome) => number): number =>
    outcomes.reduce((total, one) => total + of(one), 0);
  const count = (...results: readonly InstallOutcome['result'][]): number =>
    outcomes.filter(({ result }) => results.includes(result)).length;
  return {
    scans: fleet.reduce((total, { scans }) => total + scans, 0),
    offered: fleet.reduce((total, { lastScan }) => total + (lastScan?.deployed.length ?? 0), 0),
    files: sum(({ files }) => files),
    bytes: sum(({ bytes }) => bytes),
    ranges: sum(({ ranges }) => ranges),
    installed: count('Installed'),
    pendingRestart: count('PendingRestart'),
    failed: count('InstallFailed', 'DownloadFailed'),
    events: fleet.reduce((total, { agent }) => total + agent.events.acknowledged, 0),
  };
}

/** Nobody saw what was approved for others only, and every computer in a group saw something. */
export function checkOffers(
  fleet: readonly FleetComputer[],
  offeredTo: ReadonlyMap<GroupName, ReadonlySet<string>>,
): void {
  const name = 'scan by group';
  for (const { member, lastScan } of fleet) {
    const allowed =
      (member.group === undefined ? undefined : offeredTo.get(member.group)) ?? new Set<string>();
    const seen = lastScan?.deployed ?? [];
    const foreign = seen.filter((id) => !allowed.has(id));
    must(
      name,
      foreign.length === 0,
      () =>
        `${member.profile.dnsName} saw ${foreign.length} updates that its group is not offered: ${foreign[0]}.`,
    );
    must(
      name,
      member.group === undefined || seen.length > 0,
      () => `${member.profile.dnsName} in ${member.group} saw no update.`,
    );
  }
}

/** Computers and updates of which the server says what the agents found. @throws StepError where it says something else */
export async function checkStatuses(
  console: ConsoleClient,
  fleet: readonly FleetComputer[],
): Promise<number> {
  let checked = 0;
  for (const computer of fleet) {
    const { computerId, dnsName } = computer.member.profile;
    const { updates } = await console.call(api.computer, { path: { computerId } });
    const onServer = new Map(updates.map(({ updateId, state }) => [updateId, state]));
    for (const [updateId, state] of expectedStates(computer)) {
      must(
        'report',
        onServer.get(updateId) === state,
        () =>
          `the server has ${onServer.get(updateId) ?? 'nothing'} for update ${updateId} on ${dnsName}, which reported ${state}.`,
      );
      checked += 1;
    }
  }
  return checked;
}

const STATE_OF = {
  Installed: 'Installed',
  PendingRestart: 'InstalledPendingReboot',
  InstallFailed: 'Failed',
  DownloadFailed: 'Failed',
} as const;

function expectedStates({ outcomes, lastScan }: FleetComputer): ReadonlyMap<string, string> {
  const states = new Map<string, string>(
    (lastScan?.installed ?? []).map((updateId) => [updateId, 'Installed']),
  );
  for (const { updateId, result } of outcomes) states.set(updateId, STATE_OF[result]);
  return states;
}

const nameOf = (computer: FleetComputer | undefined): string =>
  computer?.member.profile.dnsName ?? 'A computer';
