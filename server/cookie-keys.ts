/** The keys that cookies are sealed with: two at a time, so that changing the key invalidates no cookie in use. */
import type { Database } from '../catalog/store/database/database.ts';
import { createSecretKey, randomBytes } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { z } from 'zod';
import { readSetting, writeSetting } from '../catalog/store/database/settings.ts';

const SETTING = 'cookie.keys';

/**
 * A key seals for a week and opens for another. Cookies live a day at most, and a fleet of 100,000 seals some 2^25 times
 * in a week: far from the 2^32 that random nonces allow one key (NIST SP 800-38D, 8.3).
 */
const KEY_LIFETIME = 7 * 24 * 3600 * 1000;

const StoredKey = z.strictObject({
  id: z.hex().length(16),
  key: z.base64(),
  madeAt: z.iso.datetime(),
});
type StoredKey = z.infer<typeof StoredKey>;

const StoredKeys = z.strictObject({ current: StoredKey, previous: StoredKey.optional() });
type StoredKeys = z.infer<typeof StoredKeys>;

export interface CookieKey {
  /** 8 bytes. */
  readonly id: Buffer;
  readonly key: KeyObject;
  readonly madeAt: number;
}

export class CookieKeys {
  readonly #db: Database;
  readonly #now: () => Date;
  #keys: readonly [CookieKey, ...CookieKey[]];

  constructor(db: Database, now: () => Date) {
    this.#db = db;
    this.#now = now;
    this.#keys = this.#load();
  }

  /** The one to seal with. */
  current(): CookieKey {
    if (this.#isWorn(this.#keys[0].madeAt)) this.#keys = this.#load();
    return this.#keys[0];
  }

  /** Another process may have changed keys since: what is unknown is looked up once. */
  find(id: Buffer): KeyObject | undefined {
    const known = this.#keys.find((key) => key.id.equals(id));
    if (known !== undefined) return known.key;
    this.#keys = this.#load();
    return this.#keys.find((key) => key.id.equals(id))?.key;
  }

  #isWorn(madeAt: number): boolean {
    return this.#now().getTime() - madeAt > KEY_LIFETIME;
  }

  /** Reads the keys; makes the first, or the next, where it is time. */
  #load(): [CookieKey, ...CookieKey[]] {
    const { current, previous } =
      this.#unworn() ?? this.#db.transaction(() => this.#unworn() ?? this.#next()).immediate();
    return previous === undefined ? [unpack(current)] : [unpack(current), unpack(previous)];
  }

  #unworn(): StoredKeys | undefined {
    const stored = readSetting(this.#db, SETTING, StoredKeys);
    return stored === undefined || this.#isWorn(Date.parse(stored.current.madeAt)) ? undefined : stored;
  }

  #next(): StoredKeys {
    const stored = readSetting(this.#db, SETTING, StoredKeys);
    const next = {
      current: makeKey(this.#now()),
      ...(stored === undefined ? {} : { previous: stored.current }),
    };
    writeSetting(this.#db, SETTING, next);
    return next;
  }
}

const makeKey = (now: Date): StoredKey => ({
  id: randomBytes(8).toString('hex'),
  key: randomBytes(32).toString('base64'),
  madeAt: now.toISOString(),
});

const unpack = ({ id, key, madeAt }: StoredKey): CookieKey => ({
  id: Buffer.from(id, 'hex'),
  key: createSecretKey(Buffer.from(key, 'base64')),
  madeAt: Date.parse(madeAt),
});
