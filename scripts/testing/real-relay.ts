/** A whole relay within the test's process, on loopback, for another one to have as its upstream server. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import winston from 'winston';
import { openDatabase } from '../../catalog/store/database/database.ts';
import type { Database } from '../../catalog/store/database/database.ts';
import { Config, Upstream } from '../../config/schema.ts';
import { freePort } from '../demo/ports.ts';
import { startServer } from '../../server/server.ts';

const LOOPBACK = '127.0.0.1';

export interface RealRelay {
  /** What the server works with; who is let in is looked up in it anew each time. */
  readonly config: Config;
  /** A connection of the test's own. */
  readonly db: Database;
  readonly folder: string;
  /** Where agents reach it. */
  readonly clientUrl: string;
  /** Where content is. */
  readonly contentUrl: string;
  /** PEM of what its certificates come from. */
  readonly authorityFile: string;
  /** How a relay below is configured to synchronize from it. */
  upstream(changes?: Partial<Upstream>): Upstream;
  /** A private file with a secret, in its folder. */
  secretFile(name: string, secret: string): string;
  close(): Promise<void>;
}

/**
 * Metadata for relays over HTTPS, content over HTTP, no console and no synchronization of its own.
 *
 * @param agents how agents reach it
 */
export async function startRealRelay(agents: 'http' | 'https' = 'http'): Promise<RealRelay> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-real-'));
  const config = Config.parse({
    dataDirectory: join(folder, 'data'),
    serverNames: ['localhost'],
    listeners: {
      client: [{ address: LOOPBACK, port: 0, protocol: agents }],
      // Agents on another listener are told the port that is configured.
      content: [{ address: LOOPBACK, port: agents === 'http' ? 0 : await freePort(0), protocol: 'http' }],
      downstream: [{ address: LOOPBACK, port: 0, protocol: 'https' }],
      console: [],
    },
  });
  const log = winston.createLogger({ silent: true });
  const server = await startServer(config, { log, synchronizes: false });
  const portOf = (role: string): number =>
    server.listening.find((listening) => listening.role === role)?.port ?? 0;
  const db = openDatabase(join(config.dataDirectory, 'sluice.db'));
  const { authority } = server;
  if (authority === undefined) throw new Error('The relay has no authority.');
  return {
    config,
    db,
    folder,
    clientUrl: `${agents}://${LOOPBACK}:${portOf('client')}`,
    contentUrl: `http://${LOOPBACK}:${portOf('content')}`,
    authorityFile: authority.certificateFile,
    upstream: (changes = {}) =>
      Upstream.parse({
        url: `https://localhost:${portOf('downstream')}`,
        pins: [authority.pin],
        trustAnchors: [authority.certificateFile],
        contentUrl: `http://localhost:${portOf('content')}/Content`,
        timeout: 5000,
        ...changes,
      }),
    secretFile: (name, secret) => {
      const file = join(folder, name);
      writeFileSync(file, `${secret}\n`, { mode: 0o600 });
      return file;
    },
    close: async () => {
      db.close();
      await server.close();
      rmSync(folder, { recursive: true });
    },
  };
}
