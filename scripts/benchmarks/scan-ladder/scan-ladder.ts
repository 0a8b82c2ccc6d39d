/**
 * Where the time between the floor and the server goes: the same load against the bare server, against servers that do
 * ever more of what ours does, against ours with one web worker, and with two.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Benchmark } from '../result.ts';
import { groupName, keptCatalogue } from '../scan/catalogue.ts';
import { Floor } from '../scan/floor.ts';
import { runLoad } from '../scan/load.ts';
import { runMeasuredLoad } from '../scan/measured-load.ts';
import type { MeasuredLoad } from '../scan/measured-load.ts';
import type { PreparedRequest } from '../scan/prepared-request.ts';
import { FULL_SIZE, QUICK_SIZE } from '../scan/sizes.ts';
import { recordComputer } from '../scan/virtual-computer.ts';
import { ServedCatalogue } from '../served-catalogue.ts';
import { median, rounded } from '../statistics.ts';
import { RUNGS } from './rung.ts';

/** That of the `scan` benchmark, which this one explains. */
const BAR = 0.4;
const MODULE = fileURLToPath(new URL('./rung-process.ts', import.meta.url));
const CONNECTIONS = 64;
const FULL = { size: FULL_SIZE, computers: 20, rounds: 10, seconds: 1, warmUp: 4 };
const QUICK = { size: QUICK_SIZE, computers: 10, rounds: 3, seconds: 1, warmUp: 1 };

type Conversations = readonly (readonly PreparedRequest[])[];

interface Step {
  readonly name: string;
  readonly port: number;
  readonly processIds: readonly (number | undefined)[];
  readonly conversations: Conversations;
  readonly loads: MeasuredLoad[];
}

export const benchScanLadder: Benchmark = async ({ quick, say }) => {
  const extent = quick ? QUICK : FULL;
  const folder = mkdtempSync(join(tmpdir(), 'sluice-ladder-'));
  const closers: (() => void | Promise<void>)[] = [() => rmSync(folder, { recursive: true, force: true })];
  try {
    const kept = keptCatalogue(extent.size, say);
    const [one, two] = [new ServedCatalogue(kept), new ServedCatalogue(kept)];
    closers.push(
      () => one.remove(),
      () => two.remove(),
    );
    await one.start();
    await two.start({ workers: 2 });
    const conversations = await record(one, extent.computers, extent.size.groups);
    const startFloor = async (name: string, ...args: Parameters<typeof Floor.start>): Promise<Step> => {
      const floor = await Floor.start(...args);
      closers.push(() => floor.stop());
      await floor.learn(one.port, conversations);
      return { name, port: floor.port, processIds: [floor.processId], conversations, loads: [] };
    };
    const steps = [await startFloor('floor')];
    for (const rung of RUNGS) steps.push(await startFloor(rung, MODULE, [rung, folder]));
    steps.push(
      { name: 'server', port: one.port, processIds: one.processIds, conversations, loads: [] },
      {
        name: 'serverOfTwoWorkers',
        port: two.port,
        processIds: two.processIds,
        conversations: await record(two, extent.computers, extent.size.groups),
        loads: [],
      },
    );
    await load(steps, extent, say);
    return resultOf(steps, quick, extent.computers);
  } finally {
    for (const close of closers.toReversed()) await close();
  }
};

async function record(catalogue: ServedCatalogue, computers: number, groups: number): Promise<Conversations> {
  const conversations: (readonly PreparedRequest[])[] = [];
  for (let index = 0; index < computers; index += 1)
    conversations.push((await recordComputer(catalogue.url, index, groupName(index % groups))).delta);
  return conversations;
}

async function load(
  steps: readonly Step[],
  { rounds, seconds, warmUp }: Omit<typeof FULL, 'size'>,
  say: (line: string) => void,
): Promise<void> {
  for (const { port, conversations } of steps)
    await runLoad({ port, conversations, connections: CONNECTIONS, seconds: warmUp });
  for (let round = 0; round < rounds; round += 1) {
    for (const { port, conversations, processIds, loads } of steps)
      loads.push(
        await runMeasuredLoad({ port, conversations, connections: CONNECTIONS, seconds }, processIds),
      );
    const figures = steps.map(
      ({ name, loads }) =>
        `${name} ${loads.at(-1)?.syncsPerSecond.toFixed(0)} (${loads.at(-1)?.serverMicroseconds.toFixed(0)} µs)`,
    );
    say(`round ${round + 1}: syncs a second (server's processor time a request): ${figures.join(', ')}`);
  }
}

function resultOf(steps: readonly Step[], quick: boolean, computers: number): Awaited<ReturnType<Benchmark>> {
  const syncsOf = (name: string): number =>
    median(steps.find((step) => step.name === name)?.loads.map(({ syncsPerSecond }) => syncsPerSecond) ?? []);
  const ratio = rounded(Math.max(syncsOf('server'), syncsOf('serverOfTwoWorkers')) / syncsOf('floor'));
  const figures: Record<string, number> = { computers, connections: CONNECTIONS };
  for (const { name, loads } of steps) {
    const of = (figure: 'serverMicroseconds' | 'generatorMicroseconds'): number[] =>
      loads.map((one) => one[figure]);
    figures[`${name}SyncsPerSecond`] = rounded(syncsOf(name));
    figures[`${name}Ratio`] = rounded(syncsOf(name) / syncsOf('floor'));
    figures[`${name}MicrosecondsOfServer`] = rounded(median(of('serverMicroseconds')));
    // What else runs on the machine makes a request dearer, never cheaper.
    figures[`${name}LeastMicrosecondsOfServer`] = rounded(Math.min(...of('serverMicroseconds')));
    figures[`${name}MicrosecondsOfGenerator`] = rounded(median(of('generatorMicroseconds')));
    figures[`${name}LeastMicrosecondsOfGenerator`] = rounded(Math.min(...of('generatorMicroseconds')));
  }
  return { bench: 'scan-ladder', quick, ratio, bar: BAR, ok: ratio >= BAR, figures };
}
