/** Two instances on loopback: an upstream server that holds the demonstration's catalogue, and a relay below it. */
import { X509Certificate } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { z } from 'zod';
import type { Config, Endpoint, Upstream } from '../../config/schema.ts';
import { pinOf } from '../../config/pin.ts';
import type { DemoCatalogue } from '../fixtures/demo-catalogue.ts';
import { SluiceInstance } from './instance.ts';
import { LOOPBACK } from './ports.ts';
import { fillUpstream } from './upstream.ts';

export interface RelayPorts {
  readonly http: number;
  readonly https: number;
  readonly console: number;
}

/** 0 lets the system choose each. */
export const ANY_PORTS: RelayPorts = { http: 0, https: 0, console: 0 };

const endpoint = (port: number, protocol: 'http' | 'https'): z.input<typeof Endpoint> => ({
  address: LOOPBACK,
  port,
  protocol,
});

function listeners(
  ports: RelayPorts,
): Record<'client' | 'content' | 'downstream' | 'console', z.input<typeof Endpoint>[]> {
  const update = [endpoint(ports.http, 'http'), endpoint(ports.https, 'https')];
  return { client: update, content: update, downstream: update, console: [endpoint(ports.console, 'https')] };
}

/** Every simulated computer has the same address, so no limit for each address. */
const LIMITS = { requestsPerSecond: 0, connectionsPerAddress: 0 };

/** @param folder exists; nothing of an upstream is in it */
export function startUpstream(folder: string, catalogue: DemoCatalogue): Promise<SluiceInstance> {
  const dataDirectory = join(folder, 'upstream');
  fillUpstream(dataDirectory, catalogue, new Date());
  return SluiceInstance.start({
    name: 'upstream server',
    dataDirectory,
    configFile: join(folder, 'upstream.yaml'),
    config: { listeners: listeners(ANY_PORTS), limits: LIMITS },
  });
}

/** A Sluice instance or whatever else stands in its place. */
export interface RelayUpstream {
  readonly url: string;
  readonly contentUrl: string;
  readonly pins: readonly string[];
  readonly trustAnchors: readonly string[];
}

/** Its private authority as anchor and as pin. */
export const upstreamOf = (instance: SluiceInstance): RelayUpstream => ({
  url: instance.url('downstream', 'https'),
  contentUrl: `${instance.url('content', 'http')}/Content`,
  pins: [pinOf(new X509Certificate(instance.authority))],
  trustAnchors: [instance.authorityFile],
});

export interface RelayOptions {
  /** Default: `relay`. */
  readonly name?: string;
  /** What is configured besides, or otherwise. */
  readonly config?: Omit<z.input<typeof Config>, 'dataDirectory' | 'upstream'>;
  /** Of `upstream`, likewise. */
  readonly upstream?: Partial<z.input<typeof Upstream>>;
}

/** @param folder where its data is, or is to be */
export function startRelay(
  folder: string,
  upstream: RelayUpstream,
  ports: RelayPorts,
  options: RelayOptions = {},
): Promise<SluiceInstance> {
  const { name = 'relay' } = options;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return SluiceInstance.start({
    name,
    dataDirectory: join(folder, name),
    configFile: join(folder, `${name}.yaml`),
    config: {
      listeners: listeners(ports),
      limits: LIMITS,
      ...options.config,
      upstream: {
        ...upstream,
        pins: [...upstream.pins],
        trustAnchors: [...upstream.trustAnchors],
        ...options.upstream,
      },
    },
  });
}
