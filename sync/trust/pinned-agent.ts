/** Lets node:http speak over pinned connections, several at a time, each used again while it stays open. */
import { Agent } from 'node:http';
import type { ClientRequestArgs } from 'node:http';
import { PassThrough } from 'node:stream';
import type { Duplex } from 'node:stream';
import type { PinnedConnector } from './pinned-connection.ts';

/**
 * To be used with `http.request`, which asks the agent for a connection whatever its protocol is. A connection is handed
 * out only after its checks, so a request cannot be written before.
 */
export class PinnedAgent extends Agent {
  readonly #connector: PinnedConnector;
  readonly #closing = new AbortController();

  /**
   * @param mostConnections kept open. Node counts a connection only once it was made, so it holds back nobody who asks
   * while others are being made: who makes requests bounds them.
   */
  constructor(connector: PinnedConnector, mostConnections: number) {
    super({ keepAlive: true, maxSockets: mostConnections, maxFreeSockets: mostConnections });
    this.#connector = connector;
  }

  override createConnection(
    _options: ClientRequestArgs,
    callback?: (error: Error | null, stream: Duplex) => void,
  ): undefined {
    void this.#connect(callback);
  }

  async #connect(callback: ((error: Error | null, stream: Duplex) => void) | undefined): Promise<void> {
    let socket: Duplex;
    try {
      socket = await this.#connector.connect(this.#closing.signal);
    } catch (error) {
      // Beside an error no stream is looked at, but the signature wants one.
      callback?.(error instanceof Error ? error : new Error(String(error)), new PassThrough());
      return;
    }
    callback?.(null, socket);
  }

  /** Closes every connection, and those still being made. */
  override destroy(): void {
    this.#closing.abort();
    super.destroy();
  }
}
