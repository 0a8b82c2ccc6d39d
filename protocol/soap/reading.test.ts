import fc from 'fast-check';
import { codeOf } from '../../scripts/testing/refusal.ts';
import { XmlError } from '../xml/error.ts';
import { clientService, GetConfig, GetCookie } from '../wusp/client.ts';
import { DEFAULT_LIMITS, MessageError, readRequest, writeRequest } from './codec.ts';

const SOAP_11 = 'http://schemas.xmlsoap.org/soap/envelope/';
const SOAP_12 = 'http://www.w3.org/2003/05/soap-envelope';
const CLIENT = clientService.namespace;

const envelope = (body: string, soap = SOAP_11, header = ''): Buffer =>
  Buffer.from(
    `<e:Envelope xmlns:e="${soap}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">${header}<e:Body>${body}</e:Body></e:Envelope>`,
  );

const syncUpdates = (parameters: string): Buffer =>
  envelope(`<SyncUpdates xmlns="${CLIENT}"><parameters>${parameters}</parameters></SyncUpdates>`);

const parametersOf = (parameters: string): unknown => {
  const { request } = readRequest(clientService, syncUpdates(parameters));
  return typeof request === 'object' && request !== null && 'parameters' in request
    ? request.parameters
    : undefined;
};

const digests = (text: string): unknown =>
  readRequest(
    clientService,
    envelope(
      `<GetFileLocations xmlns="${CLIENT}"><fileDigests><base64Binary>${text}</base64Binary></fileDigests></GetFileLocations>`,
    ),
  ).request;

const list = (count: number): Buffer =>
  syncUpdates(`<OtherCachedUpdateIDs>${'<int>7</int>'.repeat(count)}</OtherCachedUpdateIDs>`);

describe('reading a request', () => {
  it('tells the operation by the element in the body', () => {
    const {
      operation: found,
      soapVersion,
      request,
    } = readRequest(
      clientService,
      envelope(`<GetConfig xmlns="${CLIENT}"><protocolVersion>2.90</protocolVersion></GetConfig>`),
    );
    expect(found).toBe(GetConfig);
    expect(soapVersion).toBe('1.1');
    expect(request).toEqual({ protocolVersion: '2.90' });
  });

  it('knows SOAP 1.2 and any prefix', () => {
    const bytes = envelope(
      `<q:GetConfig xmlns:q="${CLIENT}"><q:protocolVersion>1.8</q:protocolVersion></q:GetConfig>`,
      SOAP_12,
    );
    expect(readRequest(clientService, bytes)).toMatchObject({
      soapVersion: '1.2',
      request: { protocolVersion: '1.8' },
    });
  });

  it('ignores headers, unknown elements in any position, foreign namespaces, and order', () => {
    const bytes = envelope(
      `<GetCookie xmlns="${CLIENT}"><x><y>1</y></x><currentTime>2026-10-04T15:03:36Z</currentTime><f:lastChange xmlns:f="urn:f">no</f:lastChange><authCookies><f:AuthorizationCookie xmlns:f="urn:f"/></authCookies><lastChange>2026-10-04T13:17:07.59Z</lastChange><z/></GetCookie>`,
      SOAP_11,
      '<e:Header><a e:mustUnderstand="1"><b/></a></e:Header>',
    );
    expect(readRequest(clientService, bytes).request).toEqual({
      authCookies: [],
      currentTime: '2026-10-04T15:03:36Z',
      lastChange: '2026-10-04T13:17:07.59Z',
    });
  });

  it('tolerates soapenc:arrayType and reads xsi:nil as absent, also within a list', () => {
    expect(
      parametersOf(
        '<ExpressQuery>0</ExpressQuery><InstalledNonLeafUpdateIDs xmlns:c="http://schemas.xmlsoap.org/soap/encoding/" c:arrayType="xsd:int[3]"><int>1</int><int xsi:nil="true"/><int>3</int></InstalledNonLeafUpdateIDs><OtherCachedUpdateIDs xsi:nil="1"/><SkipSoftwareSync>1</SkipSoftwareSync>',
      ),
    ).toEqual({ ExpressQuery: false, InstalledNonLeafUpdateIDs: [1, 3], SkipSoftwareSync: true });
  });

  it('reads a missing number, boolean, date or guid as the zero of its type, as Windows does', () => {
    expect(parametersOf('<SkipSoftwareSync>true</SkipSoftwareSync>')).toEqual({
      ExpressQuery: false,
      SkipSoftwareSync: true,
    });
    const request = envelope(
      `<StartCategoryScan xmlns="${CLIENT}"><requestedCategories><CategoryRelationship/></requestedCategories></StartCategoryScan>`,
    );
    expect(readRequest(clientService, request).request).toEqual({
      requestedCategories: [{ IndexOfAndGroup: 0, CategoryId: '00000000-0000-0000-0000-000000000000' }],
    });
  });

  it('refuses a message in which something else is missing', () => {
    const driver =
      '<extensionDriver><extensionDriver><ExtensionId>x</ExtensionId></extensionDriver></extensionDriver>';
    expect(codeOf(() => parametersOf(`<SystemSpec><Device>${driver}</Device></SystemSpec>`))).toBe(
      'MESSAGE_MISSING',
    );
  });

  it('reads numbers of every spelling alike, in a run or not', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(
            fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
            fc.constantFrom('plain', 'space', 'comment', 'reference', 'apart', 'attribute'),
          ),
        ),
        (numbers) => {
          const items = numbers.map(([value, spelling]) => {
            const text = String(value);
            if (spelling === 'space') return `<int> ${text}\n</int>`;
            if (spelling === 'comment') return `<int>${text}<!-- c --></int >`;
            if (spelling === 'reference')
              return `<int>&#x${text.charCodeAt(0).toString(16)};${text.slice(1)}</int>`;
            if (spelling === 'apart') return `\n <int>${text}</int> `;
            return spelling === 'attribute' ? `<int a="1">${text}</int>` : `<int>${text}</int>`;
          });
          expect(parametersOf(`<CachedDriverIDs>${items.join('')}</CachedDriverIDs>`)).toMatchObject({
            CachedDriverIDs: numbers.map(([value]) => value),
          });
        },
      ),
    );
  });

  it.each([
    ['<ExpressQuery>yes</ExpressQuery>', 'MESSAGE_VALUE'],
    ['<ExpressQuery><true/></ExpressQuery>', 'MESSAGE_VALUE'],
    ['<ExpressQuery>true</ExpressQuery><ExpressQuery>true</ExpressQuery>', 'MESSAGE_REPEATED'],
    ['<CachedDriverIDs><int>2147483648</int></CachedDriverIDs>', 'MESSAGE_VALUE'],
    ['<CachedDriverIDs><int>1.5</int></CachedDriverIDs>', 'MESSAGE_VALUE'],
    ['<CachedDriverIDs><int></int></CachedDriverIDs>', 'MESSAGE_VALUE'],
    ['<CachedDriverIDs><int>1e3</int></CachedDriverIDs>', 'MESSAGE_VALUE'],
    [
      '<FilterCategoryIds><CategoryIdentifier><Id>{1}</Id></CategoryIdentifier></FilterCategoryIds>',
      'MESSAGE_VALUE',
    ],
    [
      '<SystemSpec><Device><installedDriver><DriverVerDate>2026-02-30T00:00:00</DriverVerDate></installedDriver></Device></SystemSpec>',
      'MESSAGE_VALUE',
    ],
    [
      '<SystemSpec><Device><installedDriver><DriverVerVersion>9223372036854775808</DriverVerVersion></installedDriver></Device></SystemSpec>',
      'MESSAGE_VALUE',
    ],
    ['<SystemSpec><Device><DeviceFlags>256</DeviceFlags></Device></SystemSpec>', 'MESSAGE_VALUE'],
  ])('refuses %s with %s', (parameters, code) => {
    expect(codeOf(() => parametersOf(parameters))).toBe(code);
  });

  it('refuses base64 that is cut short or holds other characters, and takes line breaks in it', () => {
    expect(digests('AAEC\r\n Aw==')).toEqual({ fileDigests: [Buffer.from([0, 1, 2, 3])] });
    for (const text of ['AAE', 'AA*=', 'A===', 'AA==AA=='])
      expect(codeOf(() => digests(text))).toBe('MESSAGE_VALUE');
  });

  it('refuses an unknown value of an enumeration, and names what is accepted', () => {
    const bytes = envelope(
      `<GetExtendedUpdateInfo xmlns="${CLIENT}"><infoTypes><XmlUpdateFragmentType>Kernel</XmlUpdateFragmentType></infoTypes></GetExtendedUpdateInfo>`,
    );
    expect(() => readRequest(clientService, bytes)).toThrow(
      /GetExtendedUpdateInfo\.infoTypes\.XmlUpdateFragmentType is "Kernel".*LocalizedProperties/,
    );
  });

  it('refuses more items in a list than the limit allows', () => {
    const limits = { ...DEFAULT_LIMITS, maxListItems: 5 };
    expect(() => readRequest(clientService, list(5), limits)).not.toThrow();
    expect(codeOf(() => readRequest(clientService, list(6), limits))).toBe('MESSAGE_TOO_MANY');
    expect(codeOf(() => readRequest(clientService, list(50_001)))).toBe('MESSAGE_TOO_MANY');
  });

  it.each([
    ['another root', Buffer.from('<a/>'), 'MESSAGE_ENVELOPE'],
    ['an envelope of no SOAP', envelope(`<GetConfig xmlns="${CLIENT}"/>`, 'urn:soap'), 'MESSAGE_ENVELOPE'],
    ['no body', Buffer.from(`<e:Envelope xmlns:e="${SOAP_11}"/>`), 'MESSAGE_ENVELOPE'],
    ['an empty body', envelope(''), 'MESSAGE_ENVELOPE'],
    [
      'two messages',
      envelope(`<GetConfig xmlns="${CLIENT}"/><GetConfig xmlns="${CLIENT}"/>`),
      'MESSAGE_ENVELOPE',
    ],
    ['an unknown operation', envelope(`<Format xmlns="${CLIENT}"/>`), 'MESSAGE_UNKNOWN'],
    ['an operation of another namespace', envelope('<GetConfig xmlns="urn:other"/>'), 'MESSAGE_UNKNOWN'],
    ['a document that breaks off', envelope(`<GetConfig xmlns="${CLIENT}"/>`).subarray(0, -1), 'XML_SYNTAX'],
    [
      'something after the envelope',
      Buffer.concat([envelope(`<GetConfig xmlns="${CLIENT}"/>`), Buffer.from('<a/>')]),
      'XML_SYNTAX',
    ],
    [
      'elements nested beyond all measure',
      envelope(`<GetConfig xmlns="${CLIENT}">${'<a>'.repeat(100_000)}`),
      'XML_TOO_DEEP',
    ],
    [
      'a document type with entities',
      Buffer.concat([
        Buffer.from('<!DOCTYPE a [<!ENTITY b "c">]>'),
        envelope(`<GetConfig xmlns="${CLIENT}"/>`),
      ]),
      'XML_DOCTYPE',
    ],
    ['more bytes than allowed', Buffer.alloc(DEFAULT_LIMITS.maxBytes + 1, 0x20), 'XML_TOO_LARGE'],
  ])('refuses %s', (_, bytes, code) => {
    expect(codeOf(() => readRequest(clientService, bytes))).toBe(code);
  });

  it('answers a damaged request with a MessageError or an XmlError, never with anything else', () => {
    const whole = writeRequest(clientService, GetCookie, {
      authCookies: [{ PlugInId: 'SimpleTargeting', CookieData: Buffer.from('cookie') }],
      lastChange: '2026-10-04T13:17:07.59Z',
      currentTime: '2026-10-04T13:17:07.59Z',
    });
    fc.assert(
      fc.property(fc.nat(whole.length), fc.nat(8), fc.uint8Array({ maxLength: 8 }), (at, cut, put) => {
        const bytes = Buffer.concat([whole.subarray(0, at), put, whole.subarray(at + cut)]);
        try {
          readRequest(clientService, bytes);
        } catch (error) {
          if (!(error instanceof XmlError) && !(error instanceof MessageError)) throw error;
        }
      }),
      { numRuns: 2000 },
    );
  });
});
