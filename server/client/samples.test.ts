import { importRevisions } from '../../catalog/store/revisions/revisions.ts';
import { writeRequest } from '../../protocol/soap/codec.ts';
import type { Operation, RequestToWrite, Service } from '../../protocol/soap/table.ts';
import {
  clientService,
  GetConfig,
  GetCookie,
  RegisterComputer,
  SyncUpdates,
} from '../../protocol/wusp/client.ts';
import { reportingService, ReportEventBatch } from '../../protocol/wusp/reporting.ts';
import { GetAuthorizationCookie, simpleAuthService } from '../../protocol/wusp/simple-auth.ts';
import { ClientServices, deploy, storeRevision } from '../../scripts/testing/client-services.ts';
import { itWithSamples, readSample } from '../../scripts/testing/protocol-samples.ts';
import { COMPUTER_INFO, TestAgent } from '../../scripts/testing/test-agent.ts';

const REPORTING_COMPUTER = '5c7f4f80-3896-4d10-8a38-469286a0febc';

/** The printed ones have line breaks within names. */
const readMessage = (name: string): string =>
  readSample(`openspecs-examples/${name}`)
    .toString()
    .replaceAll(/"[^"<>]*"/g, (value) => value.replaceAll(/[\r\n]+/g, ''));

/** What a recorded request becomes when it carries this server's cookie. */
const withCookie = (name: string, { cookie }: TestAgent): Buffer => {
  const sealed = cookie?.EncryptedData?.toString('base64') ?? '';
  return Buffer.from(readMessage(name).replace(/(<EncryptedData>)[^<]*/, `$1${sealed}`));
};

describe('requests that real agents sent', () => {
  itWithSamples(
    'are scans that are answered, old form of arrays and empty device lists included',
    async () => {
      const server = new ClientServices();
      const agent = await new TestAgent(server, REPORTING_COMPUTER).enrol();
      for (const [name, first] of [
        ['13-SyncUpdates-Request-Second-Request-from-WinXP-after-R-espons', '<int>109</int><int>101</int>'],
        ['14-SyncUpdates-Request-Third-Request-from-WinXP-after-R-esponse', '<int>109</int><int>191</int>'],
      ] as const) {
        const request = withCookie(`MS-WUSP-${name}.xml`, agent);
        const answer = (await server.answer(clientService, request)).toString();
        // Nothing is deployed here: all that the computer has is out of scope.
        expect(answer).toContain(`<OutOfScopeRevisionIDs>${first}`);
        expect(answer).toContain('<Truncated>false</Truncated><NewCookie>');
      }
    },
  );

  itWithSamples(
    'ask for the configuration, and are sent back to it where they know an older one',
    async () => {
      const server = new ClientServices();
      const config = await server.answer(
        clientService,
        Buffer.from(readMessage('MS-WUSP-01-GetConfig-Request.xml')),
      );
      expect(config.toString()).toContain('<IsRegistrationRequired>true</IsRegistrationRequired>');
      const { GetAuthorizationCookieResult } = await new TestAgent(server, REPORTING_COMPUTER).authorize();
      const proof = GetAuthorizationCookieResult?.CookieData?.toString('base64') ?? '';
      for (const request of [
        readMessage('MS-WUSP-05-GetCookie-Request.xml'),
        readSample('wsus-rs/GetCookie-request-scan3.xml').toString(),
      ]) {
        const foreign = await server.answer(clientService, Buffer.from(request));
        expect(foreign.toString()).toContain('<ErrorCode>InvalidAuthorizationCookie</ErrorCode>');
        const own = request.replace(/(<CookieData>)[^<]*/, `$1${proof}`);
        expect((await server.answer(clientService, Buffer.from(own))).toString()).toContain(
          '<ErrorCode>ConfigChanged</ErrorCode>',
        );
        // As after GetConfig, whose answer they keep to the digit.
        const { GetConfigResult } = await server.call(clientService, GetConfig, { protocolVersion: '1.8' });
        const knowing = own.replace(/(<lastChange>)[^<]*/, `$1${GetConfigResult?.LastChange ?? ''}`);
        expect((await server.answer(clientService, Buffer.from(knowing))).toString()).toContain(
          '<GetCookieResult><Expiration>',
        );
      }
    },
  );

  itWithSamples('are reports that are kept whole', async () => {
    const server = new ClientServices();
    const agent = await new TestAgent(server, REPORTING_COMPUTER).enrol();
    for (const name of [
      '16-ReportEventBatch-Request-EventID-148',
      '17-ReportEventBatch-Request-EventID-147-156',
    ]) {
      const request = withCookie(`MS-WUSP-${name}.xml`, agent);
      expect((await server.answer(reportingService, request)).toString()).toContain(
        '<ReportEventBatchResult>true</ReportEventBatchResult>',
      );
    }
    expect(
      server.db
        .prepare('SELECT event_id, time_at_target FROM reporting_event ORDER BY time_at_target, event_id')
        .raw()
        .all(),
    ).toEqual([
      [148, '2006-05-17T16:13:29.734Z'],
      [148, '2006-05-17T16:15:11.171Z'],
      [147, '2006-05-23T03:09:45.828Z'],
      [156, '2006-05-23T03:09:45.828Z'],
    ]);
    expect(server.db.prepare('SELECT last_scan FROM computer_standing').pluck().get()).toBe(
      '2006-05-23T03:09:45.828Z',
    );
  });

  itWithSamples('are refused with the fault that WSUS gave where their cookie is not ours', async () => {
    const server = new ClientServices();
    for (const name of [
      'MS-WUSP-10-RefreshCache-Request-After-getting-an-InvalidCoo-kie-SOAP-Fa.xml',
      'MS-WUSP-11-GetFileLocations-Request.xml',
    ]) {
      const request = Buffer.from(readMessage(name));
      expect((await server.answer(clientService, request)).toString()).toContain(
        '<ErrorCode>InvalidCookie</ErrorCode>',
      );
    }
  });

  itWithSamples('ask for categories as agents of Windows 11 do', async () => {
    const answer = await new ClientServices().answer(
      clientService,
      readSample('wsus-rs/StartCategoryScan-request-scan5.xml'),
    );
    expect(answer.toString()).toContain(
      '<requestedCategoryIdsInError><guid>dd78b8a1-0b20-45c1-add6-4da72e9364cf</guid></requestedCategoryIdsInError>',
    );
  });
});

describe('what this server answers', () => {
  /** Names of elements, in their order, whatever prefix they have. */
  const elementsOf = (message: string): string[] =>
    [...message.matchAll(/<(?:\w+:)?(\w+)[^>]*>/g)].map(([, name]) => name ?? '');

  itWithSamples(
    'holds the elements, in their order, of answers that agents are known to accept',
    async () => {
      const server = new ClientServices();
      const agent = new TestAgent(server, REPORTING_COMPUTER);
      const expectElements = async <O extends Operation>(
        sample: string,
        service: Service,
        operation: O,
        request: RequestToWrite<O>,
      ): Promise<void> => {
        const answer = await server.answer(service, writeRequest(service, operation, request));
        // "Unused. It MUST NOT be present" ([MS-WUSP] 2.2.2.2.1), though WSUS was seen to send it.
        const accepted = elementsOf(readSample(`pywsus/${sample}.xml`).toString());
        expect(elementsOf(answer.toString())).toEqual(accepted.filter((name) => name !== 'Parameter'));
      };
      await expectElements('get-config', clientService, GetConfig, { protocolVersion: '2.90' });
      await expectElements('get-authorization-cookie', simpleAuthService, GetAuthorizationCookie, {
        clientId: REPORTING_COMPUTER,
        dnsName: 'pc1.corp.example',
      });
      await agent.getConfig();
      const { GetAuthorizationCookieResult } = await agent.authorize();
      await expectElements('get-cookie', clientService, GetCookie, {
        authCookies: [GetAuthorizationCookieResult!],
        lastChange: agent.lastChange,
        currentTime: agent.lastChange,
        protocolVersion: '2.90',
      });
      await agent.getCookie();
      const { cookie } = agent;
      await expectElements('register-computer', clientService, RegisterComputer, {
        cookie,
        computerInfo: COMPUTER_INFO,
      });
      const event = agent.event({ eventId: 147, at: agent.lastChange, instanceId: REPORTING_COMPUTER });
      await expectElements('report-event-batch', reportingService, ReportEventBatch, {
        cookie,
        clientTime: agent.lastChange,
        eventBatch: [event],
      });
    },
  );

  itWithSamples(
    'to a scan is what WSUS answered, byte for byte but for numbers, times and cookie',
    async () => {
      const server = new ClientServices();
      const arrival = {
        document: readSample('wsus-rs/56309036-r101.update.xml').toString(),
        fileUrls: new Map(),
      };
      importRevisions(server.db, [arrival], new Date('2026-10-04T12:00:00Z'));
      // An update that needs the category of the sample, and cannot be sent before it is installed.
      const update = { revisionId: 900, updateId: '00000000-0000-4000-8000-000000000900' };
      storeRevision(server.db, { ...update, requires: ['56309036-4c77-4dd9-951a-99ee9c246a94'] });
      // What an import would note of it.
      server.db.prepare('UPDATE revision SET is_leaf = 0 WHERE revision_id <> 900').run();
      deploy(server.db, update);
      const { cookie } = await new TestAgent(server, REPORTING_COMPUTER).enrol();
      const request = writeRequest(clientService, SyncUpdates, {
        cookie,
        parameters: { ExpressQuery: false, SkipSoftwareSync: false },
      });
      const plain = (answer: Buffer): string =>
        answer
          .toString()
          .trimEnd()
          .replaceAll(/<ID>\d+<\/ID>/g, '<ID/>')
          .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'time')
          .replaceAll(/\d{4}-\d\d-\d\d(?=<)/g, 'date')
          .replace(/(<EncryptedData>)[^<]+/, '$1');
      const answer = plain(await server.answer(clientService, request));
      expect(answer).toContain('<LastChangeTime>date</LastChangeTime>');
      expect(answer).toBe(plain(readSample('wsus-rs/SyncUpdates-response-scan6.xml')));
    },
  );
});
