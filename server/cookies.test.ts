import fc from 'fast-check';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { openDatabase } from '../catalog/store/database/database.ts';
import type { Database } from '../catalog/store/database/database.ts';
import { CookieError, CookieSealer } from './cookies.ts';

const DAY = 24 * 3600 * 1000;
const START = Date.parse('2026-11-10T08:00:00Z');
const Stored = z.object({ current: z.object({ key: z.string() }) });
const Payload = z.strictObject({ computerId: z.string() });

const openEmpty = (): Database => openDatabase(join(mkdtempSync(join(tmpdir(), 'sluice-')), 'sluice.db'));

/** A sealer whose clock the test turns. */
function sealerAt(db: Database): { sealer: CookieSealer; clock: { time: number } } {
  const clock = { time: START };
  return { sealer: new CookieSealer(db, () => new Date(clock.time)), clock };
}

function refusal(open: () => unknown): string {
  try {
    open();
  } catch (error) {
    if (error instanceof CookieError) return error.code;
    throw error;
  }
  return 'opened';
}

describe('a sealed cookie', () => {
  const db = openEmpty();
  const { sealer } = sealerAt(db);
  const inAnHour = new Date(START + 3600_000);
  const token = sealer.seal('agent', { computerId: 'pc-1' }, inAnHour);

  it('gives back what was sealed, whatever it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (computerId, purpose) => {
        const sealed = sealer.seal(purpose, { computerId }, inAnHour);
        expect(sealer.open(purpose, sealed, Payload)).toEqual({ computerId });
      }),
    );
  });

  it('does not show what it holds', () => {
    expect(token.includes('pc-1')).toBe(false);
  });

  it('is never the same twice', () => {
    expect(sealer.seal('agent', { computerId: 'pc-1' }, inAnHour)).not.toEqual(token);
  });

  it('is refused as invalid when any single bit of it is flipped', () => {
    for (let bit = 0; bit < token.length * 8; bit += 1) {
      const altered = Buffer.from(token);
      altered[bit >> 3] = altered[bit >> 3]! ^ (1 << (bit & 7));
      expect(refusal(() => sealer.open('agent', altered, Payload))).toBe('COOKIE_INVALID');
    }
  });

  it('is refused as invalid when it is cut, lengthened or no cookie at all', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat({ max: token.length - 1 }), (bytes, length) => {
        expect(refusal(() => sealer.open('agent', Buffer.from(bytes), Payload))).toBe('COOKIE_INVALID');
        expect(refusal(() => sealer.open('agent', token.subarray(0, length), Payload))).toBe(
          'COOKIE_INVALID',
        );
        const longer = Buffer.concat([token, Buffer.from([length & 0xff])]);
        expect(refusal(() => sealer.open('agent', longer, Payload))).toBe('COOKIE_INVALID');
      }),
    );
  });

  it('opens for no other purpose', () => {
    expect(refusal(() => sealer.open('agent authorization', token, Payload))).toBe('COOKIE_INVALID');
  });

  it('is invalid where it holds another shape than is asked for', () => {
    expect(refusal(() => sealer.open('agent', token, z.strictObject({ accountId: z.int() })))).toBe(
      'COOKIE_INVALID',
    );
  });

  it('is told from one of another server', () => {
    const other = new CookieSealer(openEmpty(), () => new Date(START));
    expect(refusal(() => other.open('agent', token, Payload))).toBe('COOKIE_FOREIGN');
  });

  it('is still good after a restart', () => {
    expect(sealerAt(db).sealer.open('agent', token, Payload)).toEqual({ computerId: 'pc-1' });
  });
});

describe('the expiry of a cookie', () => {
  it('is kept to the millisecond, and is not prolonged by an altered copy of it', () => {
    const { sealer, clock } = sealerAt(openEmpty());
    const token = sealer.seal('agent', { computerId: 'pc-1' }, new Date(START + 1000));
    clock.time = START + 999;
    expect(refusal(() => sealer.open('agent', token, Payload))).toBe('opened');
    clock.time = START + 1000;
    expect(refusal(() => sealer.open('agent', token, Payload))).toBe('COOKIE_EXPIRED');
  });

  it('can be looked past by who renews the cookie', () => {
    const { sealer, clock } = sealerAt(openEmpty());
    const expires = new Date(START + 1000);
    const token = sealer.seal('agent', { computerId: 'pc-1' }, expires);
    clock.time = START + DAY;
    const opened = sealer.openEvenExpired('agent', token, Payload);
    expect(opened).toEqual({ payload: { computerId: 'pc-1' }, expires });
  });
});

const keyIdOf = (token: Buffer): string => token.toString('hex', 21, 29);

describe('the key that cookies are sealed with', () => {
  const inAMonth = new Date(START + 30 * DAY);

  it('changes after a week, and the one before it still opens', () => {
    const { sealer, clock } = sealerAt(openEmpty());
    const first = sealer.seal('agent', { computerId: 'pc-1' }, inAMonth);
    clock.time += 7 * DAY + 1;
    const second = sealer.seal('agent', { computerId: 'pc-1' }, inAMonth);
    expect(keyIdOf(second)).not.toBe(keyIdOf(first));
    expect(sealer.open('agent', first, Payload)).toEqual({ computerId: 'pc-1' });
    expect(sealer.open('agent', second, Payload)).toEqual({ computerId: 'pc-1' });
  });

  it('is forgotten after another week', () => {
    const { sealer, clock } = sealerAt(openEmpty());
    const first = sealer.seal('agent', { computerId: 'pc-1' }, inAMonth);
    for (const _ of ['second', 'third']) {
      clock.time += 7 * DAY + 1;
      sealer.seal('agent', { computerId: 'pc-1' }, inAMonth);
    }
    expect(refusal(() => sealer.open('agent', first, Payload))).toBe('COOKIE_INVALID');
  });

  it('is learnt from the database when another process has changed it', () => {
    const db = openEmpty();
    const stale = sealerAt(db).sealer;
    const { sealer, clock } = sealerAt(db);
    clock.time += 7 * DAY + 1;
    const token = sealer.seal('agent', { computerId: 'pc-1' }, inAMonth);
    expect(stale.open('agent', token, Payload)).toEqual({ computerId: 'pc-1' });
  });

  it('is of 256 random bits', () => {
    const keys = [openEmpty(), openEmpty()].map((db) => {
      sealerAt(db);
      const { value } = db
        .prepare<[], { value: string }>("SELECT value FROM setting WHERE name = 'cookie.keys'")
        .get()!;
      return Stored.parse(JSON.parse(value)).current.key;
    });
    expect(keys.map((key) => Buffer.from(key, 'base64').length)).toEqual([32, 32]);
    expect(keys[0]).not.toBe(keys[1]);
  });
});
