/** The name that this relay introduces itself by: its fully qualified domain name ([MS-WSUSSS] 3.1.4.2.2.1, 3.1.4.14.2.1). */
import { lookup, lookupService } from 'node:dns/promises';
import { hostname } from 'node:os';
import { setTimeout as after } from 'node:timers/promises';
import { z } from 'zod';
import type { Database } from '../../catalog/store/database/database.ts';
import { readSetting, writeSetting } from '../../catalog/store/database/settings.ts';

/** Milliseconds that a resolver is waited for. */
const PATIENCE = 3_000;

/** The name that was found last: a relay that is listed by it must not change it because a resolver is silent. */
const SETTING = 'sync.account-name';

export interface NameSources {
  /** As the system calls itself. Default: by the system. */
  readonly host?: string;
  /** What a host is called in full, as its resolver knows it; may be anything, or fail. Default: by the system. */
  readonly resolve?: (host: string) => Promise<string>;
  /** Milliseconds that it is waited for. */
  readonly patience?: number;
}

/**
 * The host's name where that has a domain; else what the resolver calls the host's address, where that is this name with
 * a domain; else what was found before; else the host's name as it is.
 */
export async function accountName(db: Database, sources: NameSources = {}): Promise<string> {
  const { host = hostname(), resolve = resolveFully, patience = PATIENCE } = sources;
  if (host.includes('.')) return host;
  const isFull = (name: string | undefined): name is string =>
    name?.toLowerCase().startsWith(`${host.toLowerCase()}.`) === true && FULL_NAME.test(name);
  const found = await withinPatience(resolve(host), patience);
  const before = readSetting(db, SETTING, z.string());
  if (!isFull(found)) return isFull(before) ? before : host;
  if (found !== before) writeSetting(db, SETTING, found);
  return found;
}

/** The name that was found before, or the host's: for who only looks. */
export function knownAccountName(db: Database, host: string = hostname()): string {
  const before = readSetting(db, SETTING, z.string());
  return before?.toLowerCase().startsWith(`${host.toLowerCase()}.`) === true ? before : host;
}

const FULL_NAME = /^(?=.{3,255}$)[a-z0-9_][a-z0-9_-]{0,62}(?:\.[a-z0-9_][a-z0-9_-]{0,62})+$/i;

/** Through the hosts file or a pointer record, whatever the system asks. */
async function resolveFully(host: string): Promise<string> {
  const { address } = await lookup(host);
  return (await lookupService(address, 0)).hostname;
}

/** Undefined where it failed or took too long: nothing depends on it. */
async function withinPatience(asked: Promise<string>, patience: number): Promise<string | undefined> {
  const done = new AbortController();
  try {
    return await Promise.race([
      asked.catch(() => undefined),
      after(patience, undefined, { signal: done.signal }).catch(() => undefined),
    ]);
  } finally {
    done.abort();
  }
}
