import { mkdtempSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureFirstAccount } from '../../catalog/store/access/accounts.ts';
import { api } from '../../protocol/console/api.ts';
import { loadAuthority } from '../pki/authority.ts';
import { makeServerCertificate } from '../pki/issue.ts';
import { ConsoleClient, ConsoleHarness } from '../../scripts/fixtures/console-harness.ts';

const HOUR = 3_600_000;
const NEW_PASSWORD = 'correct horse battery staple';

describe('signing in to the console', () => {
  let harness: ConsoleHarness;
  let oneTime: string;

  beforeEach(async () => {
    harness = await ConsoleHarness.start({ catalogue: false });
    oneTime = (await ensureFirstAccount(harness.db)) ?? '';
  });
  afterEach(() => harness.close());

  const client = (): ConsoleClient => new ConsoleClient(harness.url);

  async function signIn(password = oneTime): Promise<ConsoleClient> {
    const browser = client();
    const session = await browser.call(api.signIn, { body: { userName: 'admin', password } });
    browser.csrfToken = session.csrfToken;
    return browser;
  }

  async function signInForGood(): Promise<ConsoleClient> {
    const browser = await signIn();
    const { csrfToken } = await browser.call(api.changePassword, {
      body: { currentPassword: oneTime, newPassword: NEW_PASSWORD },
    });
    browser.csrfToken = csrfToken;
    return browser;
  }

  it('makes the first account once, with a password that is nowhere in the database', async () => {
    expect(oneTime).toMatch(/^[a-z2-9]{5}(-[a-z2-9]{5}){3}$/);
    expect(await ensureFirstAccount(harness.db)).toBeUndefined();
    const row = JSON.stringify(harness.db.prepare('SELECT * FROM account').all());
    expect(row).not.toContain(oneTime);
    expect(row).toContain('$argon2id$');
  });

  it('asks for a new password before anything else is answered', async () => {
    const browser = await signIn();
    expect((await browser.call(api.session)).mustChangePassword).toBe(true);
    expect(await browser.refused(api.overview)).toMatchObject({ status: 403, code: 'PASSWORD_MUST_CHANGE' });
    const changed = await browser.call(api.changePassword, {
      body: { currentPassword: oneTime, newPassword: NEW_PASSWORD },
    });
    expect(changed.mustChangePassword).toBe(false);
    await expect(browser.call(api.overview)).resolves.toHaveProperty('computers');
    expect(
      await client().refused(api.signIn, { body: { userName: 'admin', password: oneTime } }),
    ).toMatchObject({
      status: 401,
    });
  });

  it('sets a cookie that scripts and other sites cannot reach, and keeps only its digest', async () => {
    const response = await client().send('POST', '/api/session', {
      body: { userName: 'ADMIN', password: oneTime },
    });
    const cookie = response.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/^sluice=[\w-]{43};.*HttpOnly;.*SameSite=Strict/);
    const token = cookie.slice('sluice='.length, cookie.indexOf(';'));
    expect(JSON.stringify(harness.db.prepare('SELECT * FROM console_session').all())).not.toContain(token);
  });

  const answers = async (userName: string): Promise<string[]> => {
    const codes: string[] = [];
    for (let attempt = 0; attempt < 6; attempt += 1) {
      const problem = await client().refused(api.signIn, { body: { userName, password: 'wrong' } });
      codes.push(`${problem.status} ${problem.code} ${problem.detail}`);
    }
    return codes;
  };

  it('says the same of a wrong password and of a name that nobody has, however often', async () => {
    const known = await answers('admin');
    expect(await answers('nobody')).toEqual(known);
    expect(known.map((text) => text.slice(0, 3))).toEqual(['401', '401', '401', '401', '429', '429']);
  });

  it('locks a name for longer and longer, even for the right password, and opens it again', async () => {
    const locks: number[] = [];
    for (let attempt = 0; attempt < 16; attempt += 1) {
      await client().send('POST', '/api/session', { body: { userName: 'admin', password: 'wrong' } });
      const response = await client().send('POST', '/api/session', {
        body: { userName: 'admin', password: 'x' },
      });
      if (response.status !== 429) continue;
      const seconds = Number(response.headers.get('retry-after'));
      locks.push(seconds);
      harness.pass(seconds * 1000);
    }
    expect(locks.slice(0, 10)).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 512]);
    expect(new Set(locks.slice(10))).toEqual(new Set([900]));
    await expect(signIn()).resolves.toBeDefined();
    expect(await client().refused(api.signIn, { body: { userName: 'admin', password: 'no' } })).toMatchObject(
      {
        status: 401,
      },
    );
  });

  it('refuses a change without the session’s CSRF token', async () => {
    const browser = await signInForGood();
    const body = { name: 'Pilot', parentId: 'a0a08746-4dbe-4a37-9adf-9e7652c0b421' };
    for (const token of [undefined, '', 'x'.repeat(43)]) {
      browser.csrfToken = token;
      expect(await browser.refused(api.createGroup, { body })).toMatchObject({
        status: 403,
        code: 'CSRF_TOKEN_WRONG',
      });
    }
    expect(await browser.call(api.groups)).toHaveLength(2);
  });

  it('refuses a change that another site’s page asks for', async () => {
    const browser = await signInForGood();
    const body = { name: 'Pilot', parentId: 'a0a08746-4dbe-4a37-9adf-9e7652c0b421' };
    for (const headers of [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { 'sec-fetch-site': 'cross-site' },
    ]) {
      expect(await browser.refused(api.createGroup, { body, headers })).toMatchObject({
        code: 'ORIGIN_FOREIGN',
      });
    }
    expect(
      await client().refused(api.signIn, {
        body: { userName: 'admin', password: NEW_PASSWORD },
        headers: { origin: 'https://evil.example' },
      }),
    ).toMatchObject({ code: 'ORIGIN_FOREIGN' });
    await expect(
      browser.call(api.createGroup, { body, headers: { origin: harness.url } }),
    ).resolves.toBeDefined();
  });

  it('ends a session after eight idle hours, and after seven days however busy', async () => {
    const busy = await signInForGood();
    harness.pass(8 * HOUR);
    expect(await busy.refused(api.overview)).toMatchObject({ status: 401, code: 'NOT_SIGNED_IN' });

    const other = await signIn(NEW_PASSWORD);
    for (let hours = 0; hours < 7 * 24 - 4; hours += 4) {
      harness.pass(4 * HOUR);
      await other.call(api.session);
    }
    harness.pass(4 * HOUR);
    expect(await other.refused(api.session)).toMatchObject({ status: 401 });
  });

  it('ends the session that signs out, and no other', async () => {
    const one = await signInForGood();
    const other = await signIn(NEW_PASSWORD);
    const { cookie } = one;
    await one.call(api.signOut);
    one.cookie = cookie;
    expect(await one.refused(api.session)).toMatchObject({ status: 401 });
    await expect(other.call(api.session)).resolves.toBeDefined();
  });

  it('ends the account’s other sessions when its password changes', async () => {
    const one = await signInForGood();
    const other = await signIn(NEW_PASSWORD);
    const { csrfToken } = await other.call(api.changePassword, {
      body: { currentPassword: NEW_PASSWORD, newPassword: 'another long passphrase' },
    });
    other.csrfToken = csrfToken;
    expect(await one.refused(api.session)).toMatchObject({ status: 401 });
    await expect(other.call(api.signOut)).resolves.toBeUndefined();
  });

  it('keeps the session of who mistypes the present password, and refuses a short or unchanged one', async () => {
    const browser = await signInForGood();
    const change = (currentPassword: string, newPassword: string) =>
      browser.refused(api.changePassword, { body: { currentPassword, newPassword } });
    expect(await change('wrong', 'a long new password')).toMatchObject({
      status: 422,
      code: 'PASSWORD_WRONG',
    });
    expect(await change(NEW_PASSWORD, NEW_PASSWORD)).toMatchObject({ code: 'PASSWORD_UNCHANGED' });
    expect(await change(NEW_PASSWORD, 'short')).toMatchObject({ status: 400, code: 'SCHEMA_MISMATCH' });
    await expect(browser.call(api.session)).resolves.toBeDefined();
  });

  it('answers every route but signing in to nobody who is not signed in', async () => {
    for (const route of Object.values(api)) {
      if (route === api.signIn) continue;
      const params = Object.fromEntries(
        [...route.path.matchAll(/:(\w+)/g)].map(([, name = '']) => [name, 'x']),
      );
      expect(await client().refused(route, { params })).toMatchObject({ status: 401, code: 'NOT_SIGNED_IN' });
    }
    expect((await client().send('GET', '/api/events')).status).toBe(401);
  });
});

describe('signing in over TLS', () => {
  it('sets a cookie that is bound to this host and never sent in the clear', async () => {
    const now = new Date();
    const authority = await loadAuthority(mkdtempSync(join(tmpdir(), 'sluice-pki-')), 'test', now);
    const tls = await makeServerCertificate(['127.0.0.1'], authority, now);
    const harness = await ConsoleHarness.start({ catalogue: false, tls });
    const password = await ensureFirstAccount(harness.db);
    const cookies = await new Promise<string[] | undefined>((resolve, reject) => {
      const call = request(
        `${harness.url}/api/session`,
        { method: 'POST', ca: authority.certificate, headers: { 'content-type': 'application/json' } },
        (response) => {
          response.resume();
          resolve(response.headers['set-cookie']);
        },
      );
      call.on('error', reject);
      call.end(JSON.stringify({ userName: 'admin', password }));
    });
    expect(cookies).toHaveLength(1);
    expect(cookies?.[0]).toMatch(
      /^__Host-sluice=[\w-]{43}; Max-Age=604800; Path=\/; Expires=.*; HttpOnly; Secure; SameSite=Strict$/,
    );
    await harness.close();
  }, 30_000);
});
