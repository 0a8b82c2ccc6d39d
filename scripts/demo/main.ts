/**
 * `./scripts/start --demo`: an upstream server with a sample catalogue, a relay that synchronizes from it over pinned
 * TLS, groups, approvals, and a fleet of simulated agents. With `--once` it ends after one round, and its exit status
 * says whether every step really happened.
 */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { demoCatalogue } from '../fixtures/demo-catalogue.ts';
import { workOff } from './fleet-run.ts';
import type { FleetComputer } from './fleet-run.ts';
import { play } from './play.ts';
import { Backstage, Stage } from './stage.ts';

const SEED = 2026;
const FOLDER = fileURLToPath(new URL('../../data-demo/', import.meta.url));
/** Milliseconds between one agent's scan and the next agent's, while the demonstration stays up. */
const SCAN_INTERVAL = 4_000;
/** Rounds of the fleet after which somebody restarts the computers that wait for it. */
const ROUNDS_BEFORE_RESTART = 3;
/** Exit status of a process that Ctrl-C ended before its work was done. */
const INTERRUPTED = 130;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** @returns the exit status */
async function demonstrate(isOnce: boolean, backstage: Backstage, stop: AbortSignal): Promise<number> {
  const catalogue = demoCatalogue(SEED);
  const stage = await Stage.set(isOnce ? join(FOLDER, 'once') : FOLDER, catalogue, say, backstage);
  const summary = await play(stage, catalogue, say);
  say('');
  for (const line of summary) say(line);
  if (!isOnce) {
    invite(stage);
    await liveOn(stage.fleet, stop);
  }
  return 0;
}

function invite({ relay, password }: Stage): void {
  say('');
  say(`Console:  ${relay.url('console', 'https')}/`);
  say(`Sign in:  admin / ${password}`);
  say(
    "Its certificate comes from the relay's own authority, which your browser does not know: accept it for now.",
  );
  say(`Agents go on scanning every few seconds: approve something and watch. Data: ${relay.dataDirectory}`);
  say('Ctrl-C ends everything.');
}

/** Agents scan in turn, and install what was approved meanwhile, until told to stop. */
async function liveOn(fleet: readonly FleetComputer[], stop: AbortSignal): Promise<void> {
  for (let turn = 0; !stop.aborted; turn += 1) {
    const computer = fleet[turn % fleet.length];
    if (computer === undefined) return;
    try {
      await sleep(SCAN_INTERVAL, undefined, { signal: stop });
      if (turn >= ROUNDS_BEFORE_RESTART * fleet.length) computer.agent.restart();
      await workOff(computer);
    } catch (error) {
      if (!stop.aborted) say(`${computer.member.profile.dnsName}: ${sentenceOf(error)}`);
    }
  }
}

const sentenceOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

async function main(args: readonly string[]): Promise<number> {
  const unknown = args.find((arg) => arg !== '--once');
  if (unknown !== undefined) {
    process.stderr.write(`start --demo: ${unknown} is not known; --once is.\n`);
    return 2;
  }
  const stop = new AbortController();
  const interrupted = new Promise<number>((resolve) => {
    stop.signal.addEventListener('abort', () => resolve(INTERRUPTED));
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop.abort());
  const backstage = new Backstage();
  const isOnce = args.includes('--once');
  try {
    const status = await Promise.race([demonstrate(isOnce, backstage, stop.signal), interrupted]);
    return isOnce ? status : 0;
  } catch (error) {
    process.stderr.write(`\n${backstage.lastWords()}${sentenceOf(error)}\n`);
    return 1;
  } finally {
    await backstage.close();
  }
}

// An instance that was only just starting when Ctrl-C came ends with this process.
process.exit(await main(process.argv.slice(2)));
