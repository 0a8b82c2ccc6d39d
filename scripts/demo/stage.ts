/** Sets up what the demonstration plays on: both instances, a signed-in console, the fleet's agents. */
import { randomBytes } from 'node:crypto';
import type { DemoCatalogue } from '../fixtures/demo-catalogue.ts';
import { ConsoleClient } from './console-client.ts';
import { createFleet } from './fleet-run.ts';
import type { FleetComputer } from './fleet-run.ts';
import { freshFolder } from './folder.ts';
import type { SluiceInstance } from './instance.ts';
import { freePort } from './ports.ts';
import { startRelay, startUpstream, upstreamOf } from './scene.ts';
import { step } from './step.ts';
import type { Say } from './step.ts';

/** Where WSUS has them, and where our console is. */
const CUSTOMARY = { http: 8530, https: 8531, console: 8540 } as const;
const LAST_LINES = 15;

export class Stage {
  readonly relay: SluiceInstance;
  readonly console: ConsoleClient;
  /** Of the account `admin`. */
  readonly password: string;
  readonly fleet: readonly FleetComputer[];

  private constructor(relay: SluiceInstance, console: ConsoleClient, password: string) {
    this.relay = relay;
    this.console = console;
    this.password = password;
    const urls = [relay.url('client', 'http'), relay.url('client', 'https')];
    this.fleet = createFleet(urls, relay.authority);
  }

  /**
   * @param backstage where what was opened is kept, to be closed whether or not this comes to its end
   * @throws StepError, DirectoryLockedError
   */
  static async set(folder: string, catalogue: DemoCatalogue, say: Say, backstage: Backstage): Promise<Stage> {
    freshFolder(folder);
    const upstream = await step(
      say,
      'start the upstream server',
      async () => backstage.keep(await startUpstream(folder, catalogue)),
      (instance) =>
        `${catalogue.documents.length} revisions, ${catalogue.files.size} content files, at ${instance.url('downstream', 'https')}`,
    );
    const relay = await step(
      say,
      'start the relay',
      async () => backstage.keep(await startRelay(folder, upstreamOf(upstream), await customaryPorts())),
      (instance) =>
        `agents at ${instance.url('client', 'http')} and ${instance.url('client', 'https')}${takenPorts(instance)}`,
    );
    const console = new ConsoleClient(relay.url('console', 'https'), relay.authority);
    const password = randomBytes(12).toString('base64url');
    await step(
      say,
      'sign in to the console',
      () => console.signIn('admin', relay.firstPassword, password),
      () => 'with the one-time password, and changed it',
    );
    const stage = new Stage(relay, console, password);
    backstage.closeFirst(() => stage.#close());
    return stage;
  }

  #close(): void {
    this.console.close();
    for (const { agent } of this.fleet) agent.close();
  }
}

/** What has to be ended when the demonstration does. */
export class Backstage {
  readonly #instances: SluiceInstance[] = [];
  readonly #first: (() => void)[] = [];

  keep(instance: SluiceInstance): SluiceInstance {
    this.#instances.push(instance);
    return instance;
  }

  closeFirst(close: () => void): void {
    this.#first.push(close);
  }

  async close(): Promise<void> {
    for (const close of this.#first.splice(0)) close();
    await Promise.all(this.#instances.map((instance) => instance.stop()));
  }

  /** The end of what each instance wrote, for who has to find out why a step did not happen. */
  lastWords(): string {
    return this.#instances
      .map(({ name, output }) => {
        // The one-time password stands alone on an indented line.
        const lines = output
          .replace(/^ {4}\S+$/gm, '')
          .trimEnd()
          .split('\n');
        return `The ${name} wrote last:\n${lines.slice(-LAST_LINES).join('\n')}\n\n`;
      })
      .join('');
  }
}

const customaryPorts = async () => ({
  http: await freePort(CUSTOMARY.http),
  https: await freePort(CUSTOMARY.https),
  console: await freePort(CUSTOMARY.console),
});

/** Which of the customary ports somebody else has. */
function takenPorts(relay: SluiceInstance): string {
  const urls = [relay.url('client', 'http'), relay.url('client', 'https'), relay.url('console', 'https')];
  const used = urls.map((url) => Number(new URL(url).port));
  const taken = Object.values(CUSTOMARY).filter((port) => !used.includes(port));
  return taken.length === 0 ? '' : ` (taken on this machine: ${taken.join(', ')})`;
}
