/** The web workers: processes that share the sockets for agents, downstream servers and content (node:cluster). */
import type { Logger } from '../../config/logging.ts';
import type { Config } from '../../config/schema.ts';
import { listen } from '../http/listener.ts';
import type { SocketPlan } from '../http/socket-plan.ts';
import type { CertificateAndKey } from '../pki/issue.ts';
import { Seat } from './seat.ts';
import type { ListeningReport, OpenCommand } from './seat.ts';

export interface WebWorkersOptions {
  readonly config: Config;
  readonly log: Logger;
  /** The sockets that they share; at least one. */
  readonly plans: readonly SocketPlan[];
  /** Of every https socket among them. */
  readonly certificates: ReadonlyMap<SocketPlan, CertificateAndKey>;
  /** Called when files became wanted. */
  readonly contentWanted: () => void;
  /** What the processes run; default Sluice's own. */
  readonly modulePath?: string;
  /** Milliseconds before the first restart. Default: a second. */
  readonly restartDelay?: number;
  /** Milliseconds beside the grace that a process has to end. Default: 5 s. */
  readonly putAway?: number;
}

export interface Bound {
  readonly address: string;
  readonly port: number;
}

export class WebWorkers {
  readonly #plans: readonly SocketPlan[];
  readonly #seats: readonly Seat[];
  readonly #ports = new Map<SocketPlan, number>();
  #certificates: ReadonlyMap<SocketPlan, CertificateAndKey>;

  constructor({ config, log, plans, certificates, contentWanted, ...rest }: WebWorkersOptions) {
    this.#plans = plans;
    this.#certificates = certificates;
    const { modulePath, restartDelay, putAway } = rest;
    const options = {
      config,
      log,
      sockets: () => this.#sockets(),
      contentWanted,
      modulePath,
      restartDelay,
      putAway,
    };
    this.#seats = Array.from({ length: config.server.workers }, (_, index) => new Seat(index + 1, options));
  }

  /**
   * Starts them all. Settles when each of them listens on every socket.
   *
   * @returns where the sockets are bound
   * @throws ListenError, WebWorkerError; then `close` ends those that came so far
   */
  async start(): Promise<Map<SocketPlan, Bound>> {
    for (const plan of this.#plans) this.#ports.set(plan, await portOf(plan));
    const [first] = await Promise.all(this.#seats.map((seat) => seat.start()));
    return new Map(this.#plans.map((plan) => [plan, boundOf(plan, first)]));
  }

  /** For connections to come, at every worker; workers to come have them too. */
  useCertificates(certificates: ReadonlyMap<SocketPlan, CertificateAndKey>): void {
    this.#certificates = certificates;
    const ours = this.#plans.flatMap((plan) => {
      const certificate = certificates.get(plan);
      return certificate === undefined ? [] : [{ key: plan.key, certificate: onlyPem(certificate) }];
    });
    for (const seat of this.#seats) seat.send({ type: 'certificates', certificates: ours });
  }

  /** From now on none is started again: a signal to the whole process group ends nothing that `close` does not. */
  retire(): void {
    for (const seat of this.#seats) seat.retire();
  }

  /** They take no more connections, finish what is under way within `grace` milliseconds, and end. */
  async close(grace: number): Promise<void> {
    await Promise.all(this.#seats.map((seat) => seat.close(grace)));
  }

  #sockets(): OpenCommand['sockets'] {
    return this.#plans.map((plan) => {
      const certificate = this.#certificates.get(plan);
      return {
        key: plan.key,
        port: this.#ports.get(plan) ?? plan.endpoint.port,
        ...(certificate === undefined ? {} : { certificate: onlyPem(certificate) }),
      };
    });
  }
}

/**
 * The port to listen on. Where the system is to choose, it is asked here: workers that come later have to find the
 * same, also when none of the others is left to hold it.
 */
async function portOf({ endpoint, key }: SocketPlan): Promise<number> {
  if (endpoint.port !== 0) return endpoint.port;
  const probe = await listen({ endpoint: { ...endpoint, protocol: 'http' }, key, handler: () => {} });
  await probe.close(0);
  return probe.port;
}

function boundOf({ key, endpoint }: SocketPlan, report: ListeningReport | undefined): Bound {
  const { address, port } = report?.sockets.find((socket) => socket.key === key) ?? endpoint;
  return { address, port };
}

/** The channel takes these two and nothing besides. */
const onlyPem = ({ certificate, key }: CertificateAndKey): CertificateAndKey => ({ certificate, key });
