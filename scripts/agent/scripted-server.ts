/**
 * A server for the agent's own tests that does what it is told, wrong things included: the codec's other side, a fixed
 * catalogue of two revisions and one file, faults and bytes as scripted.
 */
import { createServer } from 'node:http';
import { gzipSync } from 'node:zlib';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { readRequest, writeFault, writeResponse } from '../../protocol/soap/codec.ts';
import { SoapFault } from '../../protocol/soap/fault.ts';
import type { ErrorCode } from '../../protocol/soap/fault.ts';
import type { Operation, ResponseToWrite, Service } from '../../protocol/soap/table.ts';
import {
  clientService,
  GetConfig,
  GetCookie,
  GetExtendedUpdateInfo,
  GetFileLocations,
  RefreshCache,
  RegisterComputer,
  SyncUpdates,
} from '../../protocol/wusp/client.ts';
import { ReportEventBatch, reportingService } from '../../protocol/wusp/reporting.ts';
import { GetAuthorizationCookie, simpleAuthService } from '../../protocol/wusp/simple-auth.ts';
import { xpressBlocks } from '../../protocol/xpress/stream-encoder.ts';
import type { GeneratedFile } from '../fixtures/content-file.ts';
import { portOf } from '../testing/port-of.ts';

const DETECTOID = '11111111-0000-4000-8000-000000000001';
const UPDATE = '11111111-0000-4000-8000-000000000002';
const LATER = '2099-01-01T00:00:00Z';
const NOT_CHANGED = '2026-01-01T00:00:00Z';
const deployment = (id: number, action: 'Evaluate' | 'Install') => ({
  ID: id,
  Action: action,
  IsAssigned: true,
  LastChangeTime: '2026-11-01',
});

const REVISIONS = [
  {
    ID: 1,
    Deployment: deployment(1, 'Evaluate'),
    IsLeaf: false,
    Xml: `<UpdateIdentity UpdateID="${DETECTOID}" RevisionNumber="100" /><Properties UpdateType="Detectoid" /><ApplicabilityRules><IsInstalled><b.Processor Architecture="9" /></IsInstalled></ApplicabilityRules>`,
  },
  {
    ID: 2,
    Deployment: deployment(2, 'Install'),
    IsLeaf: true,
    Xml: `<UpdateIdentity UpdateID="${UPDATE}" RevisionNumber="200" /><Properties UpdateType="Software" ExplicitlyDeployable="true" /><Relationships><Prerequisites><UpdateIdentity UpdateID="${DETECTOID}" /></Prerequisites></Relationships><ApplicabilityRules><IsInstalled><b.RegSz Subkey="SOFTWARE\\Sample" Value="Done" Comparison="EqualTo" Data="yes" /></IsInstalled></ApplicabilityRules>`,
  },
];

const base64 = (hex: string): string => Buffer.from(hex, 'hex').toString('base64');

type Handler<O extends Operation> = (request: unknown) => ResponseToWrite<O>;

export class ScriptedServer {
  /** Operations in the order they were called, range requests as `GET`. */
  readonly calls: string[] = [];
  /** Requests as read, by operation. */
  readonly requests = new Map<string, unknown[]>();
  /** Faults still to be thrown, by operation. */
  readonly faults = new Map<string, ErrorCode[]>();
  /** What content really is served. */
  content: Buffer;
  /** Paths that are not there (any more). */
  readonly gone = new Set<string>();
  ignoresRanges = false;
  /** How answers are compressed; `damaged` is xpress that is none. */
  coding: 'identity' | 'xpress' | 'gzip' | 'damaged' = 'identity';
  /** What the last request accepted. */
  accepted: string | undefined;
  /** What the metadata says instead of the file's own SHA-256, hex. */
  announcedSha256: string | undefined;
  readonly #file: GeneratedFile;
  readonly #server: Server;

  private constructor(file: GeneratedFile) {
    this.#file = file;
    this.content = file.content;
    this.#server = createServer((request, response) => this.#receive(request, response));
  }

  static async start(file: GeneratedFile): Promise<ScriptedServer> {
    const server = new ScriptedServer(file);
    await new Promise<void>((resolve) => server.#server.listen(0, '127.0.0.1', resolve));
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${portOf(this.#server)}`;
  }

  close(): Promise<void> {
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  #receive(request: IncomingMessage, response: ServerResponse): void {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      if (request.method === 'GET') this.#sendContent(request, response);
      else this.#sendAnswer(request, Buffer.concat(chunks), response);
    });
  }

  #sendContent(request: IncomingMessage, response: ServerResponse): void {
    this.calls.push('GET');
    const range = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '');
    if (this.gone.has(request.url ?? '')) response.writeHead(404).end();
    else if (range === null || this.ignoresRanges) response.writeHead(200).end(this.content);
    else {
      const [start, end] = [Number(range[1]), Number(range[2])];
      response
        .writeHead(206, { 'Content-Range': `bytes ${start}-${end}/${this.#file.file.size}`, ETag: '"1"' })
        .end(this.content.subarray(start, end + 1));
    }
  }

  #sendAnswer({ url, headers }: IncomingMessage, body: Buffer, response: ServerResponse): void {
    const service = [clientService, simpleAuthService, reportingService].find(({ path }) => path === url);
    if (service === undefined) {
      response.writeHead(404).end();
      return;
    }
    this.accepted = headers['accept-encoding'];
    const { operation, request } = readRequest(service, body);
    this.calls.push(operation.name);
    this.requests.set(operation.name, [...(this.requests.get(operation.name) ?? []), request]);
    const fault = this.faults.get(operation.name)?.shift();
    const answer =
      fault === undefined
        ? this.#answer(service, operation, request)
        : writeFault(service, new SoapFault(fault));
    response.setHeader('Content-Type', 'text/xml; charset=utf-8');
    if (this.coding !== 'identity')
      response.setHeader('Content-Encoding', this.coding === 'gzip' ? 'gzip' : 'xpress');
    response.writeHead(fault === undefined ? 200 : 500).end(this.#encode(answer));
  }

  #encode(answer: Buffer): Buffer {
    if (this.coding === 'identity') return answer;
    if (this.coding === 'gzip') return gzipSync(answer);
    const packed = Buffer.concat([...xpressBlocks([answer])]);
    return this.coding === 'damaged' ? packed.subarray(0, -1) : packed;
  }

  #answer(service: Service, operation: Operation, request: unknown): Buffer {
    const on = <O extends Operation>(wanted: O, handler: Handler<O>): Buffer | undefined =>
      operation.name === wanted.name ? writeResponse(service, wanted, handler(request)) : undefined;
    const answer =
      on(GetConfig, () => ({
        GetConfigResult: {
          LastChange: NOT_CHANGED,
          IsRegistrationRequired: true,
          AuthInfo: [{ PlugInID: 'SimpleTargeting', ServiceUrl: 'SimpleAuthWebService/SimpleAuth.asmx' }],
          Properties: [{ Name: 'MaxExtendedUpdatesPerRequest', Value: '50' }],
        },
      })) ??
      on(GetAuthorizationCookie, () => ({
        GetAuthorizationCookieResult: {
          PlugInId: 'SimpleTargeting',
          CookieData: Buffer.from('authorization'),
        },
      })) ??
      on(GetCookie, () => ({
        GetCookieResult: { Expiration: LATER, EncryptedData: Buffer.from('cookie') },
      })) ??
      on(RegisterComputer, () => ({})) ??
      on(SyncUpdates, (asked) => this.#sync(asked)) ??
      on(RefreshCache, () => ({
        RefreshCacheResult: REVISIONS.map(({ ID, Deployment, IsLeaf, Xml }) => ({
          RevisionID: ID,
          GlobalID: { UpdateID: Xml.includes(UPDATE) ? UPDATE : DETECTOID, RevisionNumber: ID * 100 },
          IsLeaf,
          Deployment,
        })),
      })) ??
      on(GetExtendedUpdateInfo, () => ({ GetExtendedUpdateInfoResult: this.#extended() })) ??
      on(GetFileLocations, () => ({
        GetFileLocationsResult: { FileLocations: [this.#location('/moved')] },
      })) ??
      on(ReportEventBatch, () => ({ ReportEventBatchResult: true }));
    if (answer === undefined) throw new Error(`The scripted server has no answer to ${operation.name}.`);
    return answer;
  }

  /** The detectoid first; the update once the detectoid is reported installed. */
  #sync(asked: unknown): ResponseToWrite<typeof SyncUpdates> {
    const text = JSON.stringify(asked);
    const isInstalled = text.includes('"InstalledNonLeafUpdateIDs":[1]');
    const known = text.includes('"OtherCachedUpdateIDs":[2]');
    const isFirst = !isInstalled && !text.includes('"OtherCachedUpdateIDs"');
    const news = isFirst ? REVISIONS.slice(0, 1) : isInstalled && !known ? REVISIONS.slice(1) : [];
    return {
      SyncUpdatesResult: {
        NewUpdates: news,
        Truncated: false,
        NewCookie: { Expiration: LATER, EncryptedData: Buffer.from('next cookie') },
        DriverSyncNotNeeded: 'true',
      },
    };
  }

  #extended(): NonNullable<ResponseToWrite<typeof GetExtendedUpdateInfo>['GetExtendedUpdateInfoResult']> {
    const { fileName, size, sha1 } = this.#file.file;
    const sha256 = this.announcedSha256 ?? this.#file.file.sha256;
    return {
      Updates: [
        {
          ID: 2,
          Xml: '<LocalizedProperties><Language>en</Language><Title>Sample update</Title></LocalizedProperties>',
        },
        {
          ID: 2,
          Xml: `<ExtendedProperties MaxDownloadSize="${size}"><InstallationBehavior RebootBehavior="NeverReboots" /></ExtendedProperties><Files><File Digest="${base64(sha1)}" DigestAlgorithm="SHA1" FileName="${fileName}" Size="${size}"><AdditionalDigest Algorithm="SHA256">${base64(sha256)}</AdditionalDigest></File></Files>`,
        },
      ],
      FileLocations: [this.#location('/Content/file')],
    };
  }

  #location(path: string): { readonly FileDigest: Buffer; readonly Url: string } {
    return { FileDigest: Buffer.from(this.#file.file.sha1, 'hex'), Url: `${this.url}${path}` };
  }
}
