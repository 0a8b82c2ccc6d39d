/** An agent's calls one by one, each as plain as it can be: for tests that look at single answers. */
import type { Read, ResponseOf, Write } from '../../protocol/soap/table.ts';
import {
  clientService,
  GetConfig,
  GetCookie,
  RegisterComputer,
  SyncUpdates,
} from '../../protocol/wusp/client.ts';
import type { ComputerInfo, Cookie, SyncInfo, SyncUpdateParameters } from '../../protocol/wusp/client.ts';
import { ReportEventBatch, reportingService } from '../../protocol/wusp/reporting.ts';
import type { ReportingEvent } from '../../protocol/wusp/reporting.ts';
import { GetAuthorizationCookie, simpleAuthService } from '../../protocol/wusp/simple-auth.ts';
import type { ClientServices } from './client-services.ts';

export const COMPUTER_INFO: Write<typeof ComputerInfo> = {
  DnsName: 'pc1.corp.example',
  OSMajorVersion: 10,
  OSMinorVersion: 0,
  OSBuildNumber: 26100,
  OSServicePackMajorNumber: 0,
  OSServicePackMinorNumber: 0,
  OSLocale: 'en-US',
  ComputerManufacturer: 'Contoso',
  ComputerModel: 'Desk 7',
  BiosVersion: 'F.0D',
  BiosReleaseDate: '2025-03-14T00:00:00',
  ProcessorArchitecture: 'AMD64',
  SuiteMask: 256,
  OldProductType: 1,
  NewProductType: 48,
  SystemMetrics: 0,
  ClientVersionMajorNumber: 10,
  ClientVersionMinorNumber: 0,
  ClientVersionBuildNumber: 26100,
  ClientVersionQfeNumber: 7171,
  OSDescription: 'Windows 11 Enterprise',
};

const REPORTED_COMPUTER = {
  ProcessorArchitecture: 'Amd64Compatible',
  OSVersion: { Major: 10, Minor: 0, Build: 26100, Revision: 0, ServicePackMajor: 0, ServicePackMinor: 0 },
  OSLocaleID: 1033,
} as const;

type WireCookie = Read<typeof Cookie>;

export interface EventFields {
  readonly eventId: number;
  readonly at: string;
  readonly instanceId: string;
  readonly updateId?: string;
  readonly sid?: string;
  readonly hresult?: number;
  readonly miscData?: readonly string[];
}

export class TestAgent {
  readonly server: ClientServices;
  readonly clientId: string;
  readonly protocolVersion: string;
  cookie: WireCookie | undefined;
  lastChange = '';

  constructor(server: ClientServices, clientId: string, protocolVersion = '2.90') {
    this.server = server;
    this.clientId = clientId;
    this.protocolVersion = protocolVersion;
  }

  async getConfig(): Promise<ResponseOf<typeof GetConfig>> {
    const response = await this.server.call(clientService, GetConfig, {
      protocolVersion: this.protocolVersion,
    });
    this.lastChange = response.GetConfigResult?.LastChange ?? '';
    return response;
  }

  async authorize(targetGroupName?: string): Promise<ResponseOf<typeof GetAuthorizationCookie>> {
    return await this.server.call(simpleAuthService, GetAuthorizationCookie, {
      clientId: this.clientId,
      targetGroupName,
      dnsName: 'pc1.corp.example',
    });
  }

  async getCookie(oldCookie?: WireCookie, targetGroupName?: string): Promise<void> {
    const { GetAuthorizationCookieResult } = await this.authorize(targetGroupName);
    const { GetCookieResult } = await this.server.call(clientService, GetCookie, {
      authCookies: GetAuthorizationCookieResult === undefined ? [] : [GetAuthorizationCookieResult],
      oldCookie,
      lastChange: this.lastChange,
      currentTime: '2026-11-10T18:00:00Z',
      protocolVersion: this.protocolVersion,
    });
    this.cookie = GetCookieResult;
  }

  async register(computerInfo: Write<typeof ComputerInfo> = COMPUTER_INFO): Promise<void> {
    await this.server.call(clientService, RegisterComputer, { cookie: this.cookie, computerInfo });
  }

  /** GetConfig to RegisterComputer. */
  async enrol(targetGroupName?: string): Promise<this> {
    await this.getConfig();
    await this.getCookie(undefined, targetGroupName);
    await this.register();
    return this;
  }

  /** One SyncUpdates; the new cookie is kept as an agent keeps it. */
  async sync(parameters: Partial<Write<typeof SyncUpdateParameters>> = {}): Promise<Read<typeof SyncInfo>> {
    const { SyncUpdatesResult } = await this.server.call(clientService, SyncUpdates, {
      cookie: this.cookie,
      parameters: { ExpressQuery: false, SkipSoftwareSync: false, ...parameters },
    });
    if (SyncUpdatesResult === undefined) throw new Error('SyncUpdates was answered without a result.');
    this.cookie = SyncUpdatesResult.NewCookie;
    return SyncUpdatesResult;
  }

  event(fields: EventFields): Write<typeof ReportingEvent> {
    return {
      BasicData: {
        TargetID: { Sid: fields.sid ?? this.clientId },
        SequenceNumber: 0,
        TimeAtTarget: fields.at,
        EventInstanceID: fields.instanceId,
        NamespaceID: 1,
        EventID: fields.eventId,
        SourceID: 101,
        UpdateID: { UpdateID: fields.updateId ?? '00000000-0000-0000-0000-000000000000', RevisionNumber: 1 },
        Win32HResult: fields.hresult ?? 0,
        AppName: 'AutomaticUpdates',
      },
      ExtendedData: { ...REPORTED_COMPUTER, MiscData: fields.miscData },
      PrivateData: {},
    };
  }

  async report(clientTime: string, ...events: readonly Write<typeof ReportingEvent>[]): Promise<boolean> {
    const { ReportEventBatchResult } = await this.server.call(reportingService, ReportEventBatch, {
      cookie: this.cookie,
      clientTime,
      eventBatch: events,
    });
    return ReportEventBatchResult;
  }
}
