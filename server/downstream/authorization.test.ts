import { ReceivedServers } from '../../catalog/store/rollup/received-servers.ts';
import type { Operation, RequestToWrite } from '../../protocol/soap/table.ts';
import { GetAuthorizationCookie, dssAuthService } from '../../protocol/wsusss/dss-auth.ts';
import {
  DownloadFiles,
  GetAuthConfig,
  GetConfigData,
  GetCookie,
  GetRevisionIdList,
  GetUpdateData,
} from '../../protocol/wsusss/server-sync.ts';
import {
  ACCOUNT,
  MINUTE,
  START,
  ask,
  authorize,
  cookie,
  faultOf,
  sync,
  upstream,
  useUpstream,
} from '../../scripts/testing/upstream-client.ts';

useUpstream();

describe('A downstream server that introduces itself', () => {
  it('is told where to get an authorization cookie', async () => {
    const { GetAuthConfigResult } = await sync(GetAuthConfig, {});
    expect(GetAuthConfigResult?.AuthInfo).toEqual([
      { PlugInID: 'DssTargeting', ServiceUrl: 'DssAuthWebService/DssAuthWebService.asmx' },
    ]);
  });

  it('gets one, and is remembered', async () => {
    const authorization = await authorize();
    expect(authorization?.PlugInId).toBe('DssTargeting');
    expect(
      upstream().db.prepare('SELECT account_guid, account_name, ip_address FROM downstream_server').all(),
    ).toEqual([
      { account_guid: ACCOUNT.accountGuid, account_name: 'dss.example.org', ip_address: '127.0.0.1' },
    ]);
  });

  it('is one of a thousand at most that never reported; who came again or reported is not pushed out', async () => {
    const { db } = upstream();
    const nameOf = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
    const insert = db.prepare('INSERT INTO downstream_server VALUES (?, ?, ?, ?, ?)');
    const at = (minute: number): string => new Date(START.getTime() + (minute - 5000) * MINUTE).toISOString();
    // The first two came first of all; one came again, the other reported.
    insert.run(nameOf(1), 'again', '', at(0), at(1));
    insert.run(nameOf(2), 'reported', '', at(0), at(0));
    new ReceivedServers(db).keep(nameOf(2), 'reported', [], START);
    for (let number = 3; number < 1200; number += 1)
      insert.run(nameOf(number), 'invented', '', at(number), at(number));
    await authorize();
    const kept = db.prepare('SELECT account_guid FROM downstream_server ORDER BY account_guid').pluck().all();
    expect(kept).toHaveLength(1001);
    expect(kept).toEqual(expect.arrayContaining([nameOf(1), nameOf(2), nameOf(1199), ACCOUNT.accountGuid]));
    expect(kept).not.toContain(nameOf(3));
  });

  it.each([
    [{ ...ACCOUNT, accountName: '' }, 'InvalidParameters: machineName'],
    [{ accountGuid: ACCOUNT.accountGuid }, 'InvalidParameters: machineName'],
    [{ ...ACCOUNT, accountName: 'a b' }, 'InvalidParameters: machineName'],
    [{ ...ACCOUNT, accountName: `${'a.'.repeat(200)}b` }, 'InvalidParameters: machineName'],
    [{ ...ACCOUNT, accountGuid: 'x' }, 'InvalidParameters: accountGuid'],
    [{ accountName: 'a' }, 'InvalidParameters: accountGuid'],
  ])('as %j is refused: %s', async (account, fault) => {
    await expect(faultOf(ask(dssAuthService, GetAuthorizationCookie, account))).resolves.toBe(fault);
  });

  it('gets a cookie for four hours', async () => {
    const { Expiration } = await cookie();
    expect(Date.parse(Expiration) - START.getTime()).toBe(240 * MINUTE);
  });

  it('gets no cookie that outlives its authorization', async () => {
    const authorization = await authorize();
    upstream().now = new Date(START.getTime() + 700 * MINUTE);
    const { GetCookieResult } = await sync(GetCookie, {
      authCookies: authorization === undefined ? [] : [authorization],
      protocolVersion: '1.20',
    });
    expect(Date.parse(GetCookieResult?.Expiration ?? '') - START.getTime()).toBe(720 * MINUTE);
  });

  it('gets no cookie for anything but one authorization cookie of ours and protocol version 1', async () => {
    const authorization = (await authorize()) ?? { PlugInId: '' };
    const forged = { PlugInId: 'DssTargeting', CookieData: Buffer.alloc(64, 7) };
    const get = async (authCookies: (typeof authorization)[], protocolVersion?: string) =>
      await faultOf(sync(GetCookie, { authCookies, protocolVersion }));
    await expect(get([], '1.20')).resolves.toBe('InvalidParameters: authCookies');
    await expect(get([authorization, authorization], '1.20')).resolves.toBe('InvalidParameters: authCookies');
    await expect(get([forged], '1.20')).resolves.toMatch(/^InvalidAuthorizationCookie/);
    await expect(get([{ PlugInId: 'DssTargeting' }], '1.20')).resolves.toMatch(/^InvalidAuthorizationCookie/);
    await expect(get([authorization], 'one')).resolves.toBe('InvalidParameters: protocolVersion');
    await expect(get([authorization])).resolves.toBe('InvalidParameters: protocolVersion');
    await expect(get([authorization], '2.0')).resolves.toMatch(/^IncompatibleProtocolVersion/);
    upstream().now = new Date(START.getTime() + 721 * MINUTE);
    await expect(get([authorization], '1.20')).resolves.toMatch(/^InvalidAuthorizationCookie/);
  });
});

describe('The cookie of a downstream server', () => {
  it.each<[string, Operation, RequestToWrite<Operation>]>([
    ['GetConfigData', GetConfigData, {}],
    ['GetRevisionIdList', GetRevisionIdList, { filter: { GetConfig: true, Get63LanguageOnly: false } }],
    ['GetUpdateData', GetUpdateData, { updateIds: [] }],
    ['DownloadFiles', DownloadFiles, { fileDigestList: [] }],
  ])('is asked for before anything else by %s', async (_name, operation, request) => {
    const good = await cookie();
    const altered = Buffer.from(good.EncryptedData ?? []);
    altered[altered.length - 20] = (altered[altered.length - 20] ?? 0) ^ 1;
    const authorization = await authorize();
    for (const EncryptedData of [
      undefined,
      Buffer.alloc(0),
      Buffer.from('x'),
      altered,
      authorization?.CookieData,
    ]) {
      const bad = { Expiration: good.Expiration, EncryptedData };
      await expect(faultOf(sync(operation, { ...request, cookie: bad }))).resolves.toBe('InvalidCookie: ');
    }
    await expect(faultOf(sync(operation, request))).resolves.toBe('InvalidCookie: ');
    await expect(faultOf(sync(operation, { ...request, cookie: good }))).resolves.toBe('no fault');
    upstream().now = new Date(START.getTime() + 241 * MINUTE);
    await expect(faultOf(sync(operation, { ...request, cookie: good }))).resolves.toBe('InvalidCookie: ');
  });
});

describe('GetConfigData', () => {
  it('says how to synchronize, and lists the languages once', async () => {
    const session = await cookie();
    const first = (await sync(GetConfigData, { cookie: session })).GetConfigDataResult;
    expect(first).toMatchObject({
      CatalogOnlySync: false,
      LazySync: true,
      MaxNumberOfUpdatesPerRequest: 100,
      ProtocolVersion: '1.20',
    });
    expect(first?.NewConfigAnchor).toMatch(/^\d+,\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}$/);
    expect(first?.LanguageUpdateList?.[0]).toEqual({
      LanguageID: 0,
      ShortLanguage: 'all',
      LongLanguage: 'all',
      Enabled: true,
    });
    expect(first?.LanguageUpdateList).toContainEqual({
      LanguageID: 1031,
      ShortLanguage: 'de',
      LongLanguage: 'German',
      Enabled: true,
    });
    const again = (await sync(GetConfigData, { cookie: session, configAnchor: first?.NewConfigAnchor }))
      .GetConfigDataResult;
    expect(again?.LanguageUpdateList).toBeUndefined();
  });

  it('says that there is no content where none is stored', async () => {
    upstream().config.content.store = 'none';
    const { GetConfigDataResult } = await sync(GetConfigData, { cookie: await cookie() });
    expect(GetConfigDataResult?.CatalogOnlySync).toBe(true);
  });
});
