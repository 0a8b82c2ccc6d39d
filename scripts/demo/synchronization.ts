/** Makes the relay synchronize from its upstream, by the console's API: categories first, then what was chosen. */
import { api } from '../../protocol/console/api.ts';
import type { SyncRun } from '../../protocol/console/synchronization.ts';
import { ConsoleProblem } from './console-client.ts';
import type { ConsoleClient } from './console-client.ts';
import { must, until } from './step.ts';

const STEP = 'synchronize';
/** After which a run is given up; a busy machine takes its time. */
const SECONDS = 300;

export interface Synchronized {
  readonly revisions: number;
  readonly categories: number;
  /** Updates that can be approved. */
  readonly updates: number;
  /** What the relay said of the first run, when nothing was chosen. */
  readonly beforeChoosing: string;
}

/** Chooses every product and classification. @throws StepError where a run fails */
export async function synchronizeEverything(console: ConsoleClient): Promise<Synchronized> {
  const first = await runSynchronization(console);
  mustSucceed(first);
  const { failedCheck, failureMessage: beforeChoosing = '' } = first;
  must(
    STEP,
    failedCheck === 'selection',
    () => `run ${first.runId} did not say that nothing was chosen before anything was.`,
  );
  const { products, classifications } = await console.call(api.categories);
  must(STEP, products.length > 0 && classifications.length > 0, () => 'the first run brought no categories.');
  await console.call(api.selectCategories, {
    body: { updateIds: [...products, ...classifications].map(({ updateId }) => updateId) },
  });
  const second = await runSynchronization(console);
  mustSucceed(second);
  must(
    STEP,
    second.failureMessage === undefined,
    () => `run ${second.runId} succeeded, but: ${second.failureMessage ?? ''}`,
  );
  const { total } = await console.call(api.updates, {
    query: { limit: '1', superseded: 'show', expired: 'show' },
  });
  return {
    beforeChoosing,
    revisions: arrived(first) + arrived(second),
    categories: products.length + classifications.length,
    updates: total,
  };
}

const arrived = ({ newCount, revisedCount, expiredCount }: SyncRun): number =>
  newCount + revisedCount + expiredCount;

/** Starts a run, or joins the one that is going, and waits for its end, however it ends. */
export async function runSynchronization(console: ConsoleClient): Promise<SyncRun> {
  const before = await newestRun(console);
  if (before?.state === 'running') await finishedRun(console, before.runId);
  try {
    await console.call(api.startSync);
  } catch (error) {
    if (!(error instanceof ConsoleProblem && error.status === 409)) throw error;
  }
  return finishedRun(console, (before?.runId ?? 0) + 1);
}

const finishedRun = (console: ConsoleClient, least: number): Promise<SyncRun> =>
  until(STEP, `the end of synchronization run ${least}`, SECONDS, async () => {
    const run = await newestRun(console);
    return run !== undefined && run.runId >= least && run.state !== 'running' ? run : undefined;
  });

async function newestRun(console: ConsoleClient): Promise<SyncRun | undefined> {
  const { items } = await console.call(api.syncRuns, { query: { limit: '1' } });
  return items[0];
}

function mustSucceed(run: SyncRun): void {
  must(
    STEP,
    run.state === 'succeeded',
    () => `run ${run.runId} ${run.state}: ${run.failedCheck ?? ''} ${run.failureMessage ?? ''}`,
  );
}
