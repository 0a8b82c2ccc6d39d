/** What the demonstration shows, act by act; each must really have happened. */
import { api } from '../../protocol/console/api.ts';
import type { DemoCatalogue } from '../fixtures/demo-catalogue.ts';
import { assignComputers, createGroups, decide } from './approvals.ts';
import type { Decided } from './approvals.ts';
import type { ConsoleClient } from './console-client.ts';
import { contentPresent } from './content.ts';
import { GROUPS } from './fleet.ts';
import { checkOffers, checkStatuses, introduce, sumUp, workOff } from './fleet-run.ts';
import type { FleetResult } from './fleet-run.ts';
import type { Stage } from './stage.ts';
import { must, step } from './step.ts';
import type { Say } from './step.ts';
import { synchronizeEverything } from './synchronization.ts';
import type { Synchronized } from './synchronization.ts';

/** The lines of the summary. @throws StepError */
export async function play(stage: Stage, catalogue: DemoCatalogue, say: Say): Promise<readonly string[]> {
  const { console, fleet } = stage;
  const synchronized = await step(
    say,
    'synchronize',
    () => synchronizeAll(console, catalogue),
    ({ revisions, updates, beforeChoosing }) =>
      `${revisions} revisions over pinned TLS, ${updates} updates to decide on (the first run: “${beforeChoosing}”)`,
  );
  const computers = await step(
    say,
    'introduce the fleet',
    () => introduce(fleet),
    (count) => `${count} computers registered and scanned; none is offered anything yet`,
  );
  const decided = await step(
    say,
    'approve',
    () => approveAll(console),
    ({ approvals, declined }) =>
      `${approvals} approvals for ${GROUPS.length} groups, ${declined} updates declined`,
  );
  const content = await step(
    say,
    'fetch content',
    () => contentPresent(console),
    ({ presentFiles, presentBytes }) =>
      `${presentFiles} files, ${megabytes(presentBytes)}, verified against the metadata`,
  );
  const result = await step(
    say,
    'run the fleet',
    () => runFleet(stage, decided),
    ({ scans, installed }) => `${scans} scans, ${installed} updates installed`,
  );
  const statuses = await step(
    say,
    'compare what was reported',
    () => compare(stage, computers),
    ({ states }) => `${states} states of updates on computers are on the server as reported`,
  );
  return [
    `synchronized   ${synchronized.revisions} revisions, ${synchronized.updates} updates, ${synchronized.categories} categories`,
    `approved       ${decided.approvals} (update and group), ${decided.declined} declined`,
    `content        ${content.presentFiles} files, ${megabytes(content.presentBytes)} on the relay`,
    `scans          ${result.scans} by ${computers} computers, ${result.offered} updates offered`,
    `downloaded     ${result.files} files in ${result.ranges} ranges, ${megabytes(result.bytes)}, size, SHA-1 and SHA-256 checked`,
    `attempts       ${result.installed} installations ended well, ${result.pendingRestart} wait for a restart, ${result.failed} failed (on purpose)`,
    `reported       ${result.events} events acknowledged, ${statuses.states} states compared`,
    `on the server  of approved updates on computers: ${statuses.onServer}`,
  ];
}

/** An upstream server lists the latest revision of each update. */
const countUpdates = (documents: DemoCatalogue['documents']): number =>
  new Set(documents.map(({ updateId }) => updateId)).size;

async function synchronizeAll(console: ConsoleClient, { documents }: DemoCatalogue): Promise<Synchronized> {
  const result = await synchronizeEverything(console);
  const revisions = countUpdates(documents);
  const updates = countUpdates(documents.filter((one) => one.explicitlyDeployable));
  must(
    'synchronize',
    result.revisions === revisions && result.updates === updates,
    () =>
      `${result.revisions} revisions and ${result.updates} updates came, the upstream lists ${revisions} and ${updates}.`,
  );
  return result;
}

async function approveAll(console: ConsoleClient): Promise<Decided> {
  const groups = await createGroups(console);
  const assigned = await assignComputers(console, groups);
  must('approve', assigned > 0, () => 'no computer could be put into a group.');
  return decide(console, groups, new Date());
}

async function runFleet({ fleet }: Stage, { offeredTo }: Decided): Promise<FleetResult> {
  const name = 'run the fleet';
  await Promise.all(fleet.map(workOff));
  checkOffers(fleet, offeredTo);
  const result = sumUp(fleet);
  const lost = fleet.flatMap(({ outcomes }) => outcomes).find((one) => one.result === 'DownloadFailed');
  must(name, lost === undefined, () => `the download of ${lost?.title} failed: ${lost?.problem}`);
  must(name, result.installed > 0 && result.bytes > 0, () => 'no computer installed anything.');
  must(
    name,
    result.failed > 0 && result.pendingRestart > 0,
    () => 'the failures and the waiting restarts that belong to the demonstration did not come about.',
  );
  return result;
}

async function compare(
  { console, fleet }: Stage,
  computers: number,
): Promise<{ readonly states: number; readonly onServer: string }> {
  const states = await checkStatuses(console, fleet);
  const overview = await console.call(api.overview);
  must(
    'compare what was reported',
    states > 0 && overview.computers.total === computers,
    () => `the server counts ${overview.computers.total} computers, ${computers} registered.`,
  );
  const counts = Object.entries(overview.status).filter(([, count]) => count > 0);
  return { states, onServer: counts.map(([state, count]) => `${state} ${count}`).join(', ') };
}

const megabytes = (bytes: number): string => `${(bytes / 1_000_000).toFixed(1)} MB`;
