/**
 * Keeps the head of the audit log outside of the database, and verifies the log, in the background. Each head that is kept
 * is said in the relay's log too, which may be collected by another machine.
 */
import type { AuditHead } from '../../catalog/store/audit/audit-log.ts';
import { auditHead } from '../../catalog/store/audit/audit-log.ts';
import { isDatabaseBusy } from '../../catalog/store/database/database-busy.ts';
import type { Database } from '../../catalog/store/database/database.ts';
import type { Logger } from '../../config/logging.ts';
import type { Config } from '../../config/schema.ts';
import { keepPresentHead, verifyLog } from './verify-log.ts';

/** Milliseconds between two looks at whether the log grew: what is cut off unseen is no longer than that. */
const KEEP_INTERVAL = 600_000;
/** Milliseconds from the start to the first verification, and from the end of one to the next. */
const FIRST_VERIFICATION = 60_000;
const VERIFY_INTERVAL = 24 * 3_600_000;

export interface AuditWatchOptions {
  readonly db: Database;
  readonly config: Pick<Config, 'dataDirectory'>;
  readonly now: () => Date;
  readonly log: Logger;
}

export class AuditWatch {
  readonly #options: AuditWatchOptions;
  #kept: AuditHead | undefined;
  #timers: NodeJS.Timeout[] = [];
  #work: Promise<void> = Promise.resolve();
  readonly #closing = new AbortController();

  constructor(options: AuditWatchOptions) {
    this.#options = options;
  }

  /** Keeps the first head at once: what the log was like at the start is known. */
  start(): void {
    this.#timers = [
      setInterval(() => this.#then(() => this.#keep()), KEEP_INTERVAL).unref(),
      setTimeout(() => this.#then(() => this.#verify()), FIRST_VERIFICATION).unref(),
      setInterval(() => this.#then(() => this.#verify()), VERIFY_INTERVAL).unref(),
    ];
    this.#then(() => this.#keep());
  }

  /** Keeps the last head. */
  async close(): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#closing.abort();
    this.#then(() => this.#keep());
    await this.#work;
  }

  /** One after another. */
  #then(step: () => Promise<void>): void {
    this.#work = this.#work.then(step).catch((error: unknown) => {
      if (error !== this.#closing.signal.reason && !isDatabaseBusy(error))
        this.#options.log.error('The audit log cannot be looked after', { error });
    });
  }

  async #keep(): Promise<void> {
    const { db, config, now, log } = this.#options;
    if (this.#kept?.sequence === auditHead(db).sequence) return;
    const { sequence, hash } = await keepPresentHead(db, config.dataDirectory, now());
    this.#kept = { sequence, hash };
    log.info(`The audit log ends at ${sequence}:${hash}`);
  }

  async #verify(): Promise<void> {
    const { db, config, now, log } = this.#options;
    const { signal } = this.#closing;
    const { entries, findings, found } = await verifyLog(db, config.dataDirectory, { now, signal });
    if (found === 0) log.info(`The audit log is as it was written, ${entries} entries`);
    else
      log.error('Verifying the audit log found something wrong; `sluice audit verify` says all of it', {
        found,
        findings: findings.slice(0, 10),
      });
  }
}
