/** The floor as a process beside ours: it answers each request with the bytes that our server answered it with. */
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { KeepAliveConnection } from '../keep-alive-connection.ts';
import type { PreparedRequest } from './prepared-request.ts';

const MODULE = fileURLToPath(new URL('./floor-process.ts', import.meta.url));
const PortMessage = z.object({ port: z.int() });

export class Floor {
  readonly port: number;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, port: number) {
    this.#child = child;
    this.port = port;
  }

  /** @param module what is run in the process; the floor itself where it is left out */
  static start(module = MODULE, args: readonly string[] = []): Promise<Floor> {
    return new Promise((resolve, reject) => {
      const child = fork(module, args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
      child.once('error', reject);
      child.once('exit', (code) => reject(new Error(`${module} ended with ${code} before it listened.`)));
      child.once('message', (message) => resolve(new Floor(child, PortMessage.parse(message).port)));
    });
  }

  get processId(): number | undefined {
    return this.#child.pid;
  }

  /** Asks our server each request once, and teaches the floor the answer. */
  async learn(port: number, conversations: readonly (readonly PreparedRequest[])[]): Promise<void> {
    const connection = await KeepAliveConnection.open(port);
    try {
      for (const request of conversations.flat()) {
        const { status, body } = await connection.send(request.fresh());
        if (status !== 200)
          throw new Error(
            `${request.operation} was answered with status ${status}: ${body.toString('utf8', 0, 600)}`,
          );
        const key = /\r\nX-Key: (\S+)\r\n/.exec(request.bytes.toString('latin1', 0, 1000))?.[1] ?? '';
        await this.#send({ key, body: body.toString('base64') });
      }
    } finally {
      connection.close();
    }
  }

  stop(): void {
    this.#child.kill('SIGTERM');
  }

  #send(message: { readonly key: string; readonly body: string }): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#child.send(message, (error) => {
        if (error === null) resolve();
        else reject(error);
      });
    });
  }
}
