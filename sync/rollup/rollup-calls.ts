/** The upstream server's operations of rollup ([MS-WSUSSS] 3.1.4.13 to 3.1.4.17). */
import type { Read } from '../../protocol/soap/table.ts';
import {
  GetOutOfSyncComputers,
  GetRollupConfiguration,
  RollupComputers,
  RollupComputerStatus,
  RollupDownstreamServers,
  rollupService,
  type ChangedComputer,
  type ComputerRollupInfo,
  type ComputerStatusRollupInfo,
  type DownstreamServerRollupInfo,
  type RollupConfiguration,
} from '../../protocol/wsusss/rollup.ts';
import type { Authorization } from '../conversation/authorization.ts';
import type { SoapClient } from '../conversation/soap-client.ts';
import { UpstreamError } from '../conversation/upstream-error.ts';

export type Configuration = Read<typeof RollupConfiguration>;
export type ServerInfo = Read<typeof DownstreamServerRollupInfo>;
export type ComputerInfo = Read<typeof ComputerRollupInfo>;
export type StatusInfo = Read<typeof ComputerStatusRollupInfo>;

/**
 * Each call shows the cookie of the session, where the specification has an empty one "reserved for future use": it tells
 * a Sluice who calls, and others do not look at it.
 */
export class RollupCalls {
  readonly #client: SoapClient;
  readonly #authorization: Authorization;
  readonly #serverId: string;
  readonly #now: () => Date;

  /** @param serverId of this relay */
  constructor(client: SoapClient, authorization: Authorization, serverId: string, now: () => Date) {
    this.#client = client;
    this.#authorization = authorization;
    this.#serverId = serverId;
    this.#now = now;
  }

  async configuration(): Promise<Configuration> {
    const { GetRollupConfigurationResult: result } = await this.#authorization.use((cookie) =>
      this.#client.call(rollupService, GetRollupConfiguration, { cookie }),
    );
    if (result === undefined)
      throw new UpstreamError(
        'response',
        'The upstream server answered GetRollupConfiguration with nothing.',
      );
    return result;
  }

  async servers(downstreamServers: readonly ServerInfo[]): Promise<void> {
    const clientTime = this.#clientTime();
    await this.#authorization.use((cookie) =>
      this.#client.call(rollupService, RollupDownstreamServers, { cookie, clientTime, downstreamServers }),
    );
  }

  async computers(computers: readonly ComputerInfo[]): Promise<readonly Read<typeof ChangedComputer>[]> {
    const clientTime = this.#clientTime();
    const { RollupComputersResult: result } = await this.#authorization.use((cookie) =>
      this.#client.call(rollupService, RollupComputers, { cookie, clientTime, computers }),
    );
    return result ?? [];
  }

  async outOfSync(
    numbers: readonly { ComputerId: string; RollupNumber: number }[],
  ): Promise<readonly string[]> {
    const { GetOutOfSyncComputersResult: result } = await this.#authorization.use((cookie) =>
      this.#client.call(rollupService, GetOutOfSyncComputers, {
        cookie,
        parentServerId: this.#serverId,
        lastRollupNumbers: numbers,
      }),
    );
    return result ?? [];
  }

  /** @returns false where the server is too busy now */
  async status(computers: readonly StatusInfo[]): Promise<boolean> {
    const clientTime = this.#clientTime();
    const { RollupComputerStatusResult: isKept } = await this.#authorization.use((cookie) =>
      this.#client.call(rollupService, RollupComputerStatus, {
        cookie,
        clientTime,
        parentServerId: this.#serverId,
        computers,
      }),
    );
    return isKept;
  }

  #clientTime(): string {
    return this.#now().toISOString();
  }
}
