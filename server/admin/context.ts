/** What the console's side of the server works with. */
import type { Config } from '../../config/schema.ts';
import type { Logger } from '../../config/logging.ts';
import type { Database } from '../../catalog/store/database/database.ts';
import type { PresentedCertificate } from '../http/certificates.ts';
import type { CommandMessage, WorkerMessage } from '../../protocol/channel/messages.ts';

/** The way to the sync worker and back. */
export interface SyncChannel {
  send(command: CommandMessage): void;
  /** @returns stops listening */
  onMessage(listener: (message: WorkerMessage) => void): () => void;
  /** The last `progress` of a synchronization that has not finished; undefined where none runs. */
  lastProgress(): WorkerMessage | undefined;
}

export interface ConsoleContext {
  readonly db: Database;
  readonly config: Config;
  readonly log: Logger;
  readonly now: () => Date;
  readonly sync: SyncChannel;
  /** Left out: no warning about certificates that end soon. */
  readonly certificates?: () => readonly PresentedCertificate[];
  /** Called when a call of the API may have changed something, before it is answered. */
  readonly changed?: () => void;
  /** The built console; default `admin-ui/dist` beside this project's `server`. */
  readonly pagesFolder?: string;
}
