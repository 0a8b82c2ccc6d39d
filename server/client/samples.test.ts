import { clientService } from '../../protocol/wusp/client.ts';
import { reportingService } from '../../protocol/wusp/reporting.ts';
import { ClientServices } from '../../scripts/testing/client-services.ts';
import { itWithSamples, readSample } from '../../scripts/testing/protocol-samples.ts';
import { TestAgent } from '../../scripts/testing/test-agent.ts';

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
      const request = withCookie(
        'MS-WUSP-13-SyncUpdates-Request-Second-Request-from-WinXP-after-R-espons.xml',
        agent,
      );
      const answer = (await server.answer(clientService, request)).toString();
      // Nothing is deployed here: all that the computer has is out of scope.
      expect(answer).toContain('<OutOfScopeRevisionIDs><int>109</int><int>101</int>');
      expect(answer).toContain('<Truncated>false</Truncated><NewCookie>');
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
    expect(server.db.prepare('SELECT last_scan FROM computer').pluck().get()).toBe(
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
