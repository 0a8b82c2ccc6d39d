/** nginx from Debian's packages, as it comes but for the log that we do not write: a peer in benchmarks, a front in tests. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort, LOOPBACK } from '../demo/ports.ts';

const PROGRAM = '/usr/sbin/nginx';

export const isNginxInstalled = existsSync(PROGRAM);
/** Milliseconds. */
const START_TIMEOUT = 10_000;

export class Nginx {
  readonly port: number;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, port: number) {
    this.#child = child;
    this.port = port;
  }

  /**
   * @param folder for its configuration and files of its own
   * @param locations what it serves, as in its configuration
   * @throws Error where it is not installed, or does not start
   */
  static async start(folder: string, locations: string): Promise<Nginx> {
    if (!isNginxInstalled)
      throw new Error('nginx is missing: apt-get install --no-install-recommends nginx-light');
    const own = join(folder, 'nginx');
    mkdirSync(own, { mode: 0o700 });
    const port = await freePort(0);
    const configuration = join(own, 'nginx.conf');
    writeFileSync(configuration, configurationOf(own, locations, port));
    const child = spawn(PROGRAM, ['-p', own, '-c', configuration, '-g', 'daemon off;'], {
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    const nginx = new Nginx(child, port);
    try {
      await nginx.#untilReady();
    } catch (error) {
      await nginx.stop();
      throw error;
    }
    return nginx;
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    await ended;
  }

  async #untilReady(): Promise<void> {
    const end = performance.now() + START_TIMEOUT;
    while (!(await answers(this.port))) {
      if (this.#child.exitCode !== null || performance.now() > end) throw new Error('nginx did not start.');
      await delay(20);
    }
  }
}

/** As the package comes, but for `tcp_nopush`: with it, nginx answers small ranges ten times slower on loopback. */
const configurationOf = (own: string, locations: string, port: number): string => `
user root;
worker_processes auto;
pid ${own}/nginx.pid;
error_log ${own}/error.log;
events { worker_connections 4096; }
http {
  sendfile on;
  tcp_nopush off;
  access_log off;
  default_type application/octet-stream;
  client_body_temp_path ${own}/body;
  proxy_temp_path ${own}/proxy;
  fastcgi_temp_path ${own}/fastcgi;
  uwsgi_temp_path ${own}/uwsgi;
  scgi_temp_path ${own}/scgi;
  keepalive_requests 1000000;
  server {
    listen ${LOOPBACK}:${port};
    ${locations}
  }
}
`;

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: LOOPBACK, port });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
