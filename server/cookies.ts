/**
 * Opaque tokens that we hand to clients and downstream servers and get back from them: sealed with AES-256-GCM, each
 * for one purpose, each with an expiry. Nobody but us can make or read one ([MS-WUSP] 3.1.5.4 leaves the form open).
 *
 * Layout: version (1 byte), server identity (16), check of both (4), key id (8), nonce (12), sealed text, tag (16). All
 * that stands before the nonce, and the purpose, is authenticated with the sealed text: expiry in milliseconds (8) and
 * the payload as JSON.
 */
import type { Database } from '../catalog/store/database/database.ts';
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import type { ZodType } from 'zod';
import { serverIdentity } from '../catalog/store/access/server-identity.ts';
import { CookieKeys } from './cookie-keys.ts';

export type CookieErrorCode = 'COOKIE_INVALID' | 'COOKIE_EXPIRED' | 'COOKIE_FOREIGN';

const MESSAGES: Readonly<Record<CookieErrorCode, string>> = {
  COOKIE_INVALID:
    'The cookie was altered, was made for something else, or is sealed with a key that is gone.',
  COOKIE_EXPIRED: 'The cookie has expired; the peer is to ask for a new one.',
  COOKIE_FOREIGN: 'Another server made the cookie; the peer is to begin anew with this one.',
};

/** Why a cookie is refused; the services turn it into their protocol's fault. */
export class CookieError extends Error {
  readonly code: CookieErrorCode;

  constructor(code: CookieErrorCode, options?: ErrorOptions) {
    super(MESSAGES[code], options);
    this.name = 'CookieError';
    this.code = code;
  }
}

export interface OpenedCookie<T> {
  readonly payload: T;
  readonly expires: Date;
}

const CIPHER = 'aes-256-gcm';
const VERSION = 1;
const CHECKED_END = 17;
const KEY_ID_START = 21;
const HEADER_END = 29;
const NONCE_END = 41;
const NONCE_LENGTH = NONCE_END - HEADER_END;
const NONCES_AT_ONCE = 256;
const TAG_LENGTH = 16;
const EXPIRY_LENGTH = 8;

/** Random bytes, fetched for many cookies at a time: asking the system for twelve costs as much as for thousands. */
class Nonces {
  #pool = Buffer.alloc(0);
  #used = 0;

  next(): Buffer {
    if (this.#used === this.#pool.length) {
      this.#pool = randomBytes(NONCE_LENGTH * NONCES_AT_ONCE);
      this.#used = 0;
    }
    this.#used += NONCE_LENGTH;
    return this.#pool.subarray(this.#used - NONCE_LENGTH, this.#used);
  }
}

export class CookieSealer {
  readonly #keys: CookieKeys;
  readonly #now: () => Date;
  readonly #nonces = new Nonces();
  /** Version, server identity and their check: how every cookie of ours begins. */
  readonly #prefix: Buffer;

  /** @param db keeps the keys and the server's identity; the first sealer makes them */
  constructor(db: Database, now: () => Date = () => new Date()) {
    this.#now = now;
    this.#keys = new CookieKeys(db, now);
    const checked = Buffer.from(`0${VERSION}${serverIdentity(db).replaceAll('-', '')}`, 'hex');
    this.#prefix = Buffer.concat([checked, checkOf(checked)]);
  }

  /**
   * @param purpose what the cookie is good for; it opens for nothing else
   * @param payload is kept as JSON
   */
  seal(purpose: string, payload: object, expires: Date): Buffer {
    const { id, key } = this.#keys.current();
    const header = Buffer.concat([this.#prefix, id]);
    const nonce = this.#nonces.next();
    const expiry = Buffer.alloc(EXPIRY_LENGTH);
    expiry.writeBigUInt64BE(BigInt(expires.getTime()));
    const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_LENGTH });
    cipher.setAAD(bound(header, purpose));
    return Buffer.concat([
      header,
      nonce,
      cipher.update(expiry),
      cipher.update(JSON.stringify(payload), 'utf8'),
      cipher.final(),
      cipher.getAuthTag(),
    ]);
  }

  /**
   * What was sealed, if it is ours and still good.
   *
   * @throws CookieError
   */
  open<T>(purpose: string, token: Buffer, schema: ZodType<T>): T {
    const { payload, expires } = this.openEvenExpired(purpose, token, schema);
    if (expires <= this.#now()) throw new CookieError('COOKIE_EXPIRED');
    return payload;
  }

  /**
   * The same, leaving it to the caller what an expiry means: a cookie that is renewed has often run out.
   *
   * @throws CookieError COOKIE_INVALID or COOKIE_FOREIGN
   */
  openEvenExpired<T>(purpose: string, token: Buffer, schema: ZodType<T>): OpenedCookie<T> {
    const text = this.#decipher(purpose, token);
    const parsed = schema.safeParse(JSON.parse(text.toString('utf8', EXPIRY_LENGTH)));
    // An older Sluice sealed another shape: the peer gets a new cookie as it would for an altered one.
    if (!parsed.success) throw new CookieError('COOKIE_INVALID', { cause: parsed.error });
    return { payload: parsed.data, expires: new Date(Number(text.readBigUInt64BE(0))) };
  }

  #decipher(purpose: string, token: Buffer): Buffer {
    if (token.length < NONCE_END + EXPIRY_LENGTH + TAG_LENGTH) throw new CookieError('COOKIE_INVALID');
    const header = token.subarray(0, HEADER_END);
    if (!header.subarray(0, KEY_ID_START).equals(this.#prefix)) {
      throw new CookieError(isSound(header) ? 'COOKIE_FOREIGN' : 'COOKIE_INVALID');
    }
    const key = this.#keys.find(header.subarray(KEY_ID_START));
    if (key === undefined) throw new CookieError('COOKIE_INVALID');
    const tagStart = token.length - TAG_LENGTH;
    const decipher = createDecipheriv(CIPHER, key, token.subarray(HEADER_END, NONCE_END), {
      authTagLength: TAG_LENGTH,
    });
    decipher.setAAD(bound(header, purpose));
    decipher.setAuthTag(token.subarray(tagStart));
    const text = decipher.update(token.subarray(NONCE_END, tagStart));
    try {
      return Buffer.concat([text, decipher.final()]);
    } catch (error) {
      throw new CookieError('COOKIE_INVALID', { cause: error });
    }
  }
}

const bound = (header: Buffer, purpose: string): Buffer => Buffer.concat([header, Buffer.from(purpose)]);

/** Not a secret: it tells a cookie of another server from one of ours that was damaged. */
const checkOf = (checked: Buffer): Buffer =>
  createHash('sha256')
    .update(checked)
    .digest()
    .subarray(0, KEY_ID_START - CHECKED_END);

function isSound(header: Buffer): boolean {
  const checked = header.subarray(0, CHECKED_END);
  return header[0] === VERSION && header.subarray(CHECKED_END, KEY_ID_START).equals(checkOf(checked));
}
