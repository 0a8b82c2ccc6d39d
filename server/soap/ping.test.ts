import { reportingService } from '../../protocol/wusp/reporting.ts';
import { dssAuthService } from '../../protocol/wsusss/dss-auth.ts';
import { Ping } from '../../protocol/wsusss/monitoring.ts';
import { serverSyncService } from '../../protocol/wsusss/server-sync.ts';
import { readRequest, writeRequest } from '../../protocol/soap/codec.ts';
import { ClientServices } from '../../scripts/testing/client-services.ts';
import { ask, START, upstream, useUpstream } from '../../scripts/testing/upstream-client.ts';

const NO_TIME = '0001-01-01T00:00:00';

/** All that is told: no machine, file, version or database. */
const answer = (ServicesName: string, ServicesTime: string, SuccessFlag = true) => ({
  PingResult: {
    SuccessFlag,
    ServicesTime,
    ServicesName,
    IsHttps: false,
    ConfigFileLastModifiedTime: NO_TIME,
    ConfigFileNextExpirationTime: NO_TIME,
    ConfigFileExpirationModuloInMinutes: 0,
  },
});

describe('Ping', () => {
  useUpstream();

  it.each([
    [dssAuthService.name, dssAuthService],
    [serverSyncService.name, serverSyncService],
  ])('tells whoever asks that %s is there', async (name, service) => {
    expect(await ask(service, Ping, { pingLevel: 1 })).toEqual(answer(name, START.toISOString()));
  });

  it('tells when the database does not answer', async () => {
    upstream().db.close();
    const told = await ask(serverSyncService, Ping, { pingLevel: 1 });
    expect(told).toEqual(answer(serverSyncService.name, START.toISOString(), false));
  });

  it('tells that the reporting service is there', async () => {
    const told = await new ClientServices().call(reportingService, Ping, { pingLevel: 0 });
    expect(told).toEqual(answer('WebService', '2026-11-10T18:00:00.000Z'));
  });

  it('is a message of the interface that the services share, not of their own', () => {
    const request = writeRequest(reportingService, Ping, { pingLevel: 3 }).toString();
    expect(request).toContain(
      '<Ping xmlns="http://www.microsoft.com/SoftwareDistribution/Server/IMonitorable"><pingLevel>3</pingLevel></Ping>',
    );
    const own = request.replace('/Server/IMonitorable', '');
    expect(() => readRequest(reportingService, Buffer.from(own))).toThrow(/not an operation of WebService/);
  });
});
