import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { Downstream } from '../../config/downstream.ts';
import { GetAuthorizationCookie, dssAuthService } from '../../protocol/wsusss/dss-auth.ts';
import {
  DownloadFiles,
  GetConfigData,
  GetCookie,
  GetRevisionIdList,
  serverSyncService,
} from '../../protocol/wsusss/server-sync.ts';
import { rollupService } from '../../protocol/wsusss/rollup.ts';
import { digestOf, refusalFor } from './access.ts';
import type { Visitor } from './access.ts';
import { Admission } from './admission.ts';
import { refusalLog } from './visit-log.ts';
import { createDownstreamServices } from './services.ts';
import {
  MINUTE,
  START,
  ACCOUNT,
  ask,
  authorize,
  cookie,
  faultOf,
  sync,
  upstream,
  useUpstream,
} from '../../scripts/testing/upstream-client.ts';
import { createLogger } from '../../config/logging.ts';
import { CookieSealer } from '../cookies.ts';
import { loggedLines } from '../../scripts/testing/logged-lines.ts';

useUpstream();

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'sluice-access-'))));
afterAll(() => rmSync(folder, { recursive: true }));

const SECRET = 'a secret of more than 32 characters'.replaceAll(' ', '-');
const secretFile = (secret = SECRET, mode = 0o600): string => {
  const file = join(folder, `secret-${Math.random()}`);
  writeFileSync(file, `${secret}\n`);
  chmodSync(file, mode);
  return file;
};
const listing = (downstream: Parameters<typeof Downstream.parse>[0]): void => {
  upstream().config.downstream = Downstream.parse(downstream);
};
const HERE = { name: ACCOUNT.accountName, accountGuid: ACCOUNT.accountGuid };
const NOT_LISTED = /^InvalidParameters: accountName: DSS_NOT_LISTED: /;
const introduce = async (account: object = ACCOUNT): Promise<string> =>
  await faultOf(ask(dssAuthService, GetAuthorizationCookie, account));

describe('Without a list', () => {
  it('any server may synchronize', async () => {
    await expect(introduce()).resolves.toBe('no fault');
  });
});

describe('A list of downstream servers', () => {
  it('keeps out who is not on it, and does not remember him', async () => {
    listing({ servers: [{ ...HERE, name: 'other.example.org' }] });
    await expect(
      introduce({ ...ACCOUNT, accountGuid: ACCOUNT.accountGuid.replace('1', '2') }),
    ).resolves.toMatch(NOT_LISTED);
    await expect(introduce()).resolves.toMatch(NOT_LISTED);
    expect(upstream().db.prepare('SELECT count(*) FROM downstream_server').pluck().get()).toBe(0);
  });

  it('keeps out everybody where it is empty and access is "listed"', async () => {
    listing({ access: 'listed' });
    await expect(introduce()).resolves.toMatch(NOT_LISTED);
  });

  it('lets in who fits his entry, whatever the case of name and identifier', async () => {
    listing({
      servers: [
        {
          name: 'DSS.Example.org.',
          accountGuid: ACCOUNT.accountGuid.toUpperCase(),
          addresses: ['127.0.0.0/8'],
        },
      ],
    });
    await expect(introduce()).resolves.toBe('no fault');
    await expect(faultOf(cookie())).resolves.toBe('no fault');
  });

  it.each([
    [{ accountGuid: ACCOUNT.accountGuid.replace('1', '2') }],
    [{ addresses: ['10.0.0.0/8', '::1'] }],
    [{ accountGuid: ACCOUNT.accountGuid, addresses: ['127.0.0.2'] }],
  ])('keeps out who has the name of an entry, and not the rest of it: %j', async (proof) => {
    listing({ servers: [{ name: ACCOUNT.accountName, ...proof }] });
    await expect(introduce()).resolves.toMatch(NOT_LISTED);
    listing({ access: 'any', servers: [{ name: ACCOUNT.accountName, ...proof }] });
    await expect(introduce()).resolves.toMatch(NOT_LISTED);
  });

  it('keeps nobody else out where access is "any"', async () => {
    listing({ access: 'any', servers: [{ name: 'other.example.org', addresses: ['10.0.0.1'] }] });
    await expect(introduce()).resolves.toBe('no fault');
  });

  it('takes a server that was removed at once, at every operation, though its cookie is good', async () => {
    listing({ servers: [HERE] });
    const authorization = await authorize();
    const session = await cookie();
    const filter = { GetConfig: true, Get63LanguageOnly: false };
    const all = async () => [
      await faultOf(sync(GetConfigData, { cookie: session })),
      await faultOf(sync(GetRevisionIdList, { cookie: session, filter })),
      await faultOf(sync(DownloadFiles, { cookie: session, fileDigestList: [] })),
    ];
    await expect(all()).resolves.toEqual(['no fault', 'no fault', 'no fault']);
    listing({ access: 'listed' });
    await expect(all()).resolves.toEqual(['InvalidCookie: ', 'InvalidCookie: ', 'InvalidCookie: ']);
    await expect(
      faultOf(
        sync(GetCookie, {
          authCookies: authorization === undefined ? [] : [authorization],
          protocolVersion: '1.20',
        }),
      ),
    ).resolves.toMatch(/^InvalidAuthorizationCookie/);
    await expect(introduce()).resolves.toMatch(NOT_LISTED);
    listing({ servers: [HERE] });
    await expect(all()).resolves.toEqual(['no fault', 'no fault', 'no fault']);
  });

  it('holds for every operation that wants a cookie, those of rollup among them', async () => {
    listing({ access: 'listed' });
    const { db, config, now } = upstream();
    const log = createLogger({ level: 'error', terminal: false });
    const cookies = new CookieSealer(db, () => now);
    const services = createDownstreamServices({
      db,
      config,
      cookies,
      now: () => now,
      log,
      contentWanted: () => undefined,
    });
    const expires = new Date(now.getTime() + MINUTE);
    const account = { accountName: ACCOUNT.accountName, accountGuid: ACCOUNT.accountGuid };
    const EncryptedData = cookies.seal(
      'downstream-session',
      { ...account, protocolVersion: '1.20' },
      expires,
    );
    const call = { remoteAddress: '127.0.0.1', host: 'relay', isHttps: true, soapVersion: '1.1' } as const;
    const open: string[] = [];
    for (const { service, operations } of services) {
      for (const own of operations) {
        const request = { cookie: { EncryptedData, Expiration: '' } };
        const fault = await faultOf(Promise.try(() => own.answer(request, call)));
        if (fault !== 'InvalidCookie: ') open.push(`${service.name} ${own.operation.name}`);
      }
    }
    expect(open.sort()).toEqual(
      [
        `${dssAuthService.name} GetAuthorizationCookie`,
        `${dssAuthService.name} Ping`,
        `${rollupService.name} Ping`,
        `${serverSyncService.name} GetAuthConfig`,
        `${serverSyncService.name} GetCookie`,
        `${serverSyncService.name} Ping`,
      ].sort(),
    );
  });
});

const visitor = (changes: Partial<Visitor> = {}): Visitor => ({
  ...ACCOUNT,
  remoteAddress: '192.0.2.7',
  isHttps: true,
  secretDigest: undefined,
  ...changes,
});

describe('A server that is listed with a secret', () => {
  const refused = (changes: Partial<Visitor>, file = secretFile()): string | undefined =>
    refusalFor(
      visitor(changes),
      Downstream.parse({ servers: [{ name: ACCOUNT.accountName, secretFile: file }] }),
    )?.refusal;

  it('must present it, and over TLS', () => {
    expect(refused({ secretDigest: digestOf(SECRET) })).toBeUndefined();
    expect(refused({})).toBe('DSS_SECRET_MISSING');
    expect(refused({ secretDigest: digestOf(`${SECRET}x`) })).toBe('DSS_SECRET_WRONG');
    expect(refused({ secretDigest: '' })).toBe('DSS_SECRET_WRONG');
    expect(refused({ secretDigest: digestOf(SECRET), isHttps: false })).toBe('DSS_SECRET_NEEDS_TLS');
  });

  it('is told over plain HTTP to come over HTTPS', async () => {
    listing({ servers: [{ name: ACCOUNT.accountName, secretFile: secretFile() }] });
    await expect(introduce()).resolves.toMatch(/DSS_SECRET_NEEDS_TLS: .* come over HTTPS\.$/);
  });

  it('comes in no more by an old cookie once the secret is another', () => {
    const file = secretFile();
    expect(refused({ secretDigest: digestOf(SECRET) }, file)).toBeUndefined();
    writeFileSync(file, `${SECRET}-2`);
    expect(refused({ secretDigest: digestOf(SECRET) }, file)).toBe('DSS_SECRET_WRONG');
  });

  it('is refused where the file is gone or open to others', () => {
    expect(() => refused({ secretDigest: digestOf(SECRET) }, secretFile(SECRET, 0o644))).toThrow(
      /may be read by others/,
    );
    expect(() => refused({ secretDigest: digestOf(SECRET) }, join(folder, 'none'))).toThrow(/cannot be read/);
  });
});

describe('Addresses of an entry', () => {
  it.each([
    ['192.0.2.7', ['192.0.2.7'], true],
    ['192.0.2.7', ['192.0.2.0/29'], true],
    ['192.0.2.8', ['192.0.2.0/29'], false],
    ['2001:db8::1', ['2001:db8::/32'], true],
    ['2001:db9::1', ['2001:db8::/32'], false],
    ['192.0.2.7', ['::/0'], false],
    ['no address', ['0.0.0.0/0', '::/0'], false],
  ])('%s in %j: %s', (remoteAddress, addresses, isIn) => {
    const config = Downstream.parse({ servers: [{ name: ACCOUNT.accountName, addresses }] });
    expect(refusalFor(visitor({ remoteAddress }), config) === undefined).toBe(isIn);
  });

  it.each(['192.0.2.0/33', '2001:db8::/129', '192.0.2', '192.0.2.0/', '1.2.3.4/8/8', 'branch'])(
    '%j is none',
    (address) => {
      expect(Downstream.safeParse({ servers: [{ name: 'a', addresses: [address] }] }).success).toBe(false);
    },
  );
});

describe('The log', () => {
  it('says who was refused and from where, once a minute for an address, and never a secret', () => {
    const { log, lines } = loggedLines('debug');
    const { db, config, now } = upstream();
    config.downstream = Downstream.parse({
      servers: [{ name: ACCOUNT.accountName, secretFile: secretFile() }],
    });
    const admission = new Admission({
      db,
      config,
      log,
      cookies: new CookieSealer(db),
      now: () => upstream().now,
    });
    const come = (): void => {
      expect(() => admission.checkIntroduction(visitor({ secretDigest: digestOf('wrong') }))).toThrow(
        'DSS_SECRET_WRONG',
      );
    };
    for (let count = 0; count < 5; count++) come();
    upstream().now = new Date(now.getTime() + 2 * MINUTE);
    come();
    const written = lines.map((line): unknown => JSON.parse(line));
    expect(written).toHaveLength(2);
    expect(written[0]).toMatchObject({
      level: 'warn',
      accountName: ACCOUNT.accountName,
      accountGuid: ACCOUNT.accountGuid,
      remoteAddress: '192.0.2.7',
      refusal: 'DSS_SECRET_WRONG',
    });
    expect(written[1]).toMatchObject({ othersSinceTheLastLine: 4 });
    expect(JSON.stringify(written)).not.toContain(digestOf('wrong'));
  });

  it('is not filled by many addresses either', () => {
    const { log, lines } = loggedLines('debug');
    const refusals = refusalLog(log, () => START);
    for (let count = 0; count < 500; count++)
      refusals.note({
        ...ACCOUNT,
        remoteAddress: `2001:db8::${count}`,
        operation: 'x',
        refusal: 'y',
        why: 'z',
      });
    expect(lines).toHaveLength(20);
  });
});
