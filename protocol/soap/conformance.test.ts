/** Recorded and specified messages of real peers, read by our tables, written again and read again. */
import { itWithSamples, readSample } from '../../scripts/testing/protocol-samples.ts';
import { clientService } from '../wusp/client.ts';
import { reportingService } from '../wusp/reporting.ts';
import { simpleAuthService } from '../wusp/simple-auth.ts';
import { serverSyncService } from '../wsusss/server-sync.ts';
import { readRequest, readResponse, writeFault, writeRequest, writeResponse } from './codec.ts';
import { SoapFault } from './fault.ts';
import type { Operation, Service } from './table.ts';

const SOAP = 'http://schemas.xmlsoap.org/soap/envelope/';

/** The published examples were wrapped at the page's width, also within attributes, and some have no envelope. */
const unwrapped = (path: string): Buffer => {
  const text = readSample(path)
    .toString()
    .replaceAll(/"[^"<>]*"/g, (quoted) => quoted.replaceAll(/\s*\n\s*/g, ''));
  const whole = text.includes('Envelope')
    ? text
    : `<s:Envelope xmlns:s="${SOAP}"><s:Body>${text}</s:Body></s:Envelope>`;
  return Buffer.from(whole);
};

/** Templates of a server that agents are known to accept hold places to be filled in. */
const filledIn = (path: string): Buffer =>
  Buffer.from(
    readSample(path)
      .toString()
      .replaceAll('{cookie}', 'AAECAw==')
      .replaceAll(/\{(expire|lastChange|last_change)\}/g, '2026-10-04T15:03:36Z')
      .replaceAll(/\{(revision|deployment)_id\d\}/g, '17')
      .replaceAll(/\{uuid\d\}/g, '56309036-4c77-4dd9-951a-99ee9c246a94'),
  );

/** What was read, to be written: the tables decide what is in it, not the test. */
// oxlint-disable-next-line typescript/no-unsafe-type-assertion
const asRead = (message: unknown): never => message as never;

const operationOf = (service: Service, name: string): Operation => {
  const found = service.operations.find((operation) => operation.name === name);
  if (found === undefined) throw new Error(`${service.name} has no ${name}`);
  return found;
};

const expectRequestToSurvive = (service: Service, bytes: Buffer): void => {
  const { operation, request } = readRequest(service, bytes);
  if (operation.name !== 'GetAuthConfig') expect(request).not.toEqual({});
  const again = readRequest(service, writeRequest(service, operation, asRead(request)));
  expect(again).toEqual({ operation, soapVersion: '1.1', request });
};

const expectResponseToSurvive = (service: Service, name: string, bytes: Buffer): void => {
  const operation = operationOf(service, name);
  const response = readResponse(service, operation, bytes);
  const again = readResponse(service, operation, writeResponse(service, operation, asRead(response)));
  expect(again).toEqual(response);
};

const faultOf = (service: Service, bytes: Buffer): SoapFault => {
  try {
    readResponse(service, service.operations[0]!, bytes);
  } catch (error) {
    if (error instanceof SoapFault) return error;
    throw error;
  }
  throw new Error('the sample is no fault');
};

describe('the examples of the specifications', () => {
  const requests: readonly (readonly [string, Service])[] = [
    ['MS-WUSP-01-GetConfig-Request.xml', clientService],
    ['MS-WUSP-05-GetCookie-Request.xml', clientService],
    ['MS-WUSP-10-RefreshCache-Request-After-getting-an-InvalidCoo-kie-SOAP-Fa.xml', clientService],
    ['MS-WUSP-11-GetFileLocations-Request.xml', clientService],
    ['MS-WUSP-13-SyncUpdates-Request-Second-Request-from-WinXP-after-R-espons.xml', clientService],
    ['MS-WUSP-14-SyncUpdates-Request-Third-Request-from-WinXP-after-R-esponse.xml', clientService],
    ['MS-WUSP-16-ReportEventBatch-Request-EventID-148.xml', reportingService],
    ['MS-WUSP-17-ReportEventBatch-Request-EventID-147-156.xml', reportingService],
    ['MS-WSUSSS-01-GetAuthConfig-Request.xml', serverSyncService],
    ['MS-WSUSSS-07-GetConfigData-Request.xml', serverSyncService],
    ['MS-WSUSSS-11-GetUpdateData-Request.xml', serverSyncService],
    ['MS-WSUSSS-13-GetDeployments-Request.xml', serverSyncService],
  ];
  for (const [file, service] of requests) {
    itWithSamples(`${file} is read, written and read again alike`, () => {
      expectRequestToSurvive(service, unwrapped(`openspecs-examples/${file}`));
    });
  }

  const responses: readonly (readonly [string, Service, string])[] = [
    ['MS-WUSP-02-GetConfig-Response-Success.xml', clientService, 'GetConfig'],
    ['MS-WUSP-04-GetAuthorizationCookie-Response-Success.xml', simpleAuthService, 'GetAuthorizationCookie'],
    ['MS-WUSP-19-ReportEventBatch-Response-Success.xml', reportingService, 'ReportEventBatch'],
    ['MS-WSUSSS-02-GetAuthConfig-Response-Success.xml', serverSyncService, 'GetAuthConfig'],
    ['MS-WSUSSS-08-GetConfigData-Response.xml', serverSyncService, 'GetConfigData'],
    ['MS-WSUSSS-10-GetRevisionIdList-Response.xml', serverSyncService, 'GetRevisionIdList'],
    ['MS-WSUSSS-14-GetDeployments-Response.xml', serverSyncService, 'GetDeployments'],
  ];
  for (const [file, service, operation] of responses) {
    itWithSamples(`${file} is read, written and read again alike`, () => {
      expectResponseToSurvive(service, operation, unwrapped(`openspecs-examples/${file}`));
    });
  }

  const faults: readonly (readonly [string, Service, string, string])[] = [
    [
      'MS-WUSP-07-GetCookie-Response-SOAP-Fault-ConfigChanged.xml',
      clientService,
      'ConfigChanged',
      'ClientWebService/GetCookie',
    ],
    [
      'MS-WUSP-08-GetCookie-Response-SOAP-Fault-InvalidCookie.xml',
      clientService,
      'InvalidCookie',
      'ClientWebService/GetCookie',
    ],
    [
      'MS-WUSP-20-ReportEventBatch-Response-SOAP-Fault-ConfigChange-d.xml',
      reportingService,
      'ConfigChanged',
      '/ReportEventBatch',
    ],
    [
      'MS-WSUSSS-25-GetDeployments-Failure-Response-InvalidCookie.xml',
      serverSyncService,
      'InvalidCookie',
      '/GetDeployments',
    ],
  ];
  for (const [file, service, errorCode, method] of faults) {
    itWithSamples(`${file} is read as ${errorCode}`, () => {
      const fault = faultOf(service, unwrapped(`openspecs-examples/${file}`));
      expect(fault).toMatchObject({ errorCode, faultCode: 'Client', message: '' });
      expect(fault.method?.replaceAll(/\s/g, '').endsWith(method)).toBe(true);
      expect(fault.id).toMatch(/^[0-9a-f-]{36}$/);
    });
  }
});

describe('the answers of a server that agents are known to accept', () => {
  const responses: readonly (readonly [string, Service, string])[] = [
    ['get-config.xml', clientService, 'GetConfig'],
    ['get-cookie.xml', clientService, 'GetCookie'],
    ['register-computer.xml', clientService, 'RegisterComputer'],
    ['sync-updates.xml', clientService, 'SyncUpdates'],
    ['get-authorization-cookie.xml', simpleAuthService, 'GetAuthorizationCookie'],
    ['report-event-batch.xml', reportingService, 'ReportEventBatch'],
  ];
  for (const [file, service, operation] of responses) {
    itWithSamples(`${file} is read, written and read again alike`, () => {
      expectResponseToSurvive(service, operation, filledIn(`pywsus/${file}`));
    });
  }
});

describe('what Windows 11 and WSUS on Windows Server 2025 sent', () => {
  const requests: readonly (readonly [string, Service])[] = [
    ['GetCookie-request-scan3.xml', clientService],
    ['StartCategoryScan-request-scan5.xml', clientService],
  ];
  for (const [file, service] of requests) {
    itWithSamples(`${file} is written again byte for byte`, () => {
      const bytes = readSample(`wsus-rs/${file}`);
      const { operation, request } = readRequest(service, bytes);
      expect(writeRequest(service, operation, asRead(request)).toString()).toBe(bytes.toString().trimEnd());
    });
  }

  itWithSamples(
    'GetRevisionIdList-request-000011.xml is written again with the one value that it leaves out',
    () => {
      const bytes = readSample('wsus-rs/GetRevisionIdList-request-000011.xml');
      const { operation, request } = readRequest(serverSyncService, bytes);
      const missing = '<GetConfig>false</GetConfig>';
      expect(writeRequest(serverSyncService, operation, asRead(request)).toString()).toBe(
        bytes.toString().trimEnd().replace(missing, `${missing}<Get63LanguageOnly>false</Get63LanguageOnly>`),
      );
    },
  );

  const responses: readonly (readonly [string, Service, string])[] = [
    ['SyncUpdates-response-scan6.xml', clientService, 'SyncUpdates'],
    ['GetUpdateData-response-000015.xml', serverSyncService, 'GetUpdateData'],
  ];
  for (const [file, service, name] of responses) {
    itWithSamples(`${file} is written again byte for byte`, () => {
      const bytes = readSample(`wsus-rs/${file}`);
      const operation = operationOf(service, name);
      const response = readResponse(service, operation, bytes);
      expect(writeResponse(service, operation, asRead(response)).toString()).toBe(bytes.toString().trimEnd());
    });
  }

  itWithSamples('GetUpdateData-fault-response.xml is written again byte for byte', () => {
    const bytes = readSample('wsus-rs/GetUpdateData-fault-response.xml');
    const fault = faultOf(serverSyncService, bytes);
    expect(fault).toMatchObject({ errorCode: 'InternalServerError', faultCode: 'Server' });
    const address = 'http://127.0.0.1:8530/ServerSyncWebService/ServerSyncWebService.asmx';
    expect(writeFault(serverSyncService, fault, '1.1', address).toString()).toBe(bytes.toString().trimEnd());
  });
});
