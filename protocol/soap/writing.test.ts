import fc from 'fast-check';
import { codeOf } from '../../scripts/testing/refusal.ts';
import {
  ArrayOfGuid,
  clientService,
  GetConfig,
  GetCookie,
  GetExtendedUpdateInfo,
  RegisterComputer,
  StartCategoryScan,
  SyncUpdates,
} from '../wusp/client.ts';
import { GetAuthorizationCookie, simpleAuthService } from '../wusp/simple-auth.ts';
import { GetConfigData, GetRevisionIdList, serverSyncService } from '../wsusss/server-sync.ts';
import { readRequest, writeRequest, writeResponse } from './codec.ts';
import { EscapedText } from './escaped-text.ts';
import {
  arrayOf,
  complex,
  operation,
  optional,
  required,
  requiredAttribute,
  string,
  int,
  type Service,
} from './table.ts';
import * as table from './table.ts';

const SOAP_11 = 'http://schemas.xmlsoap.org/soap/envelope/';
const SOAP_12 = 'http://www.w3.org/2003/05/soap-envelope';
const CLIENT = clientService.namespace;

/** For a value that the compiler would not let pass. */
// oxlint-disable-next-line typescript/no-unsafe-type-assertion
const mistyped = (value: unknown): never => value as never;

const write = (Xml: string | EscapedText): string =>
  writeResponse(clientService, GetExtendedUpdateInfo, {
    GetExtendedUpdateInfoResult: { Updates: [{ ID: 1, Xml }] },
  }).toString();

const cookie = (lastChange: string | undefined): Buffer =>
  writeRequest(clientService, GetCookie, {
    lastChange: mistyped(lastChange),
    currentTime: '2026-10-04T15:03:36Z',
  });

const scan = (ids: number[]): Buffer =>
  writeRequest(clientService, SyncUpdates, {
    parameters: { ExpressQuery: false, SkipSoftwareSync: false, CachedDriverIDs: ids },
  });

describe('writing a message', () => {
  it('keeps the order of the table, whatever the order of the value', () => {
    const bytes = writeRequest(clientService, GetCookie, {
      currentTime: '2026-10-04T15:03:36Z',
      protocolVersion: '1.8',
      lastChange: '2026-10-04T13:17:07Z',
    });
    expect(bytes.toString()).toBe(
      `<s:Envelope xmlns:s="${SOAP_11}"><s:Body><GetCookie xmlns="${CLIENT}"><lastChange>2026-10-04T13:17:07Z</lastChange><currentTime>2026-10-04T15:03:36Z</currentTime><protocolVersion>1.8</protocolVersion></GetCookie></s:Body></s:Envelope>`,
    );
  });

  it('escapes text, and copies what is escaped already', () => {
    expect(write('<a b="1">&\r\n]]></a>')).toContain(
      '<Xml>&lt;a b="1"&gt;&amp;&#xD;\n]]&gt;&lt;/a&gt;</Xml>',
    );
    expect(write(new EscapedText(Buffer.from('&lt;ä/&gt;')))).toContain('<Xml>&lt;ä/&gt;</Xml>');
  });

  it('writes what has no content as one empty tag', () => {
    expect(writeResponse(clientService, RegisterComputer, {}).toString()).toContain(
      `<RegisterComputerResponse xmlns="${CLIENT}" />`,
    );
    expect(
      writeResponse(clientService, StartCategoryScan, { preferredCategoryIds: [] }).toString(),
    ).toContain('<preferredCategoryIds />');
  });

  it.each([
    ['a control character', { protocolVersion: 'a\u0001' }],
    ['half a surrogate pair', { protocolVersion: '\ud800' }],
    ['a value of another type', { protocolVersion: mistyped(7) }],
  ])('refuses %s', (_, request) => {
    expect(codeOf(() => writeRequest(clientService, GetConfig, request))).toBe('MESSAGE_VALUE');
  });

  it('refuses a value that its type cannot carry, and a message that lacks something required', () => {
    expect(codeOf(() => cookie('yesterday'))).toBe('MESSAGE_VALUE');
    expect(codeOf(() => cookie(undefined))).toBe('MESSAGE_MISSING');
    expect(codeOf(() => scan([1.5]))).toBe('MESSAGE_VALUE');
    expect(codeOf(() => scan([2 ** 31]))).toBe('MESSAGE_VALUE');
  });

  it('is undone by reading, for every type that the tables know', () => {
    const everything = complex('Everything', {
      colour: requiredAttribute(table.enumeration('Colour', ['red', 'green'])),
      note: table.optionalAttribute(string),
      text: optional(string),
      flag: required(table.boolean),
      small: required(table.short),
      big: required(table.long),
      byte: required(table.unsignedByte),
      count: required(table.unsignedInt),
      time: optional(table.dateTime),
      bytes: optional(table.base64Binary),
      ids: optional(ArrayOfGuid),
      numbers: optional(arrayOf('ArrayOfInt', 'int', int)),
    });
    const Echo = operation('urn:echo', 'Echo', { items: optional(arrayOf('Items', 'item', everything)) }, {});
    const echo: Service = {
      name: 'Echo',
      namespace: 'urn:echo',
      path: '/',
      envelopeStyle: 'soap',
      operations: [Echo],
    };
    const text = fc
      .string({ unit: 'grapheme' })
      .map((value) => value.replaceAll(/[\p{Cc}\ufffe\uffff]/gu, '\t\n"\r'));
    const item = fc.record(
      {
        colour: fc.constantFrom('red' as const, 'green' as const),
        note: text,
        text,
        flag: fc.boolean(),
        small: fc.integer({ min: -(2 ** 15), max: 2 ** 15 - 1 }),
        big: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
        byte: fc.nat(255),
        count: fc.nat(2 ** 32 - 1),
        time: fc
          .date({
            min: new Date('0001-01-01T00:00:00Z'),
            max: new Date('9999-12-31T00:00:00Z'),
            noInvalidDate: true,
          })
          .map((date) => date.toISOString()),
        bytes: fc.uint8Array().map((bytes) => Buffer.from(bytes)),
        ids: fc.array(fc.uuid()),
        numbers: fc.array(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })),
      },
      { requiredKeys: ['colour', 'flag', 'small', 'big', 'byte', 'count'] },
    );
    fc.assert(
      fc.property(
        fc.array(item, { maxLength: 4 }),
        fc.constantFrom('1.1' as const, '1.2' as const),
        (items, version) => {
          const read = readRequest(echo, writeRequest(echo, Echo, { items }, version));
          expect(read).toEqual({ operation: Echo, soapVersion: version, request: { items } });
        },
      ),
    );
  });
});

describe('the style of an envelope', () => {
  it('has no declaration and the prefix s for the client service, and the declaration and soap for the others', () => {
    const ours = writeResponse(clientService, GetConfig, {}).toString();
    expect(ours).toMatch(
      /^<s:Envelope xmlns:s="[^"]+"><s:Body xmlns:xsi="[^"]+" xmlns:xsd="[^"]+"><GetConfigResponse /,
    );
    const theirs = writeResponse(simpleAuthService, GetAuthorizationCookie, {}).toString();
    expect(theirs).toMatch(
      /^<\?xml version="1.0" encoding="utf-8"\?><soap:Envelope xmlns:soap="[^"]+" xmlns:xsi="[^"]+" xmlns:xsd="[^"]+"><soap:Body><GetAuthorizationCookieResponse /,
    );
  });

  it('answers in the version of SOAP that was asked', () => {
    expect(writeResponse(serverSyncService, GetConfigData, {}, '1.2').toString()).toContain(
      `xmlns:soap="${SOAP_12}"`,
    );
    expect(writeRequest(serverSyncService, GetRevisionIdList, {}, '1.2').toString()).toContain(
      `xmlns:soap="${SOAP_12}"`,
    );
  });
});
