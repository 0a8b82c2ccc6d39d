import fc from 'fast-check';
import { GetRevisionIdList, serverSyncService } from '../wsusss/server-sync.ts';
import { ArrayOfUpdateIdentity } from '../wusp/update-identity.ts';
import { RESPONSE_LIMITS, readResponse } from './codec.ts';
import { SoapFault } from './fault.ts';
import type { ReadLimits } from './limits.ts';
import { StreamedList } from './streamed-list.ts';

const { namespace } = serverSyncService;
const SOAP = 'http://schemas.xmlsoap.org/soap/envelope/';
const GUID = '6407468e-edc7-4ecd-8c32-521f64cee65e';

interface Said {
  readonly anchor: string | undefined;
  readonly items: readonly unknown[];
}

interface Reading {
  readonly window?: number;
  readonly limits?: ReadLimits;
}

/** As the list is read while it arrives in these pieces. */
function streamed(pieces: readonly Buffer[], { window = 0, limits = RESPONSE_LIMITS }: Reading = {}): Said {
  const items: unknown[] = [];
  const list = new StreamedList({
    service: serverSyncService,
    operation: GetRevisionIdList,
    path: ['GetRevisionIdListResult', 'NewRevisions'],
    list: ArrayOfUpdateIdentity,
    onItem: (item) => items.push(item),
    window,
    limits,
  });
  for (const piece of pieces) list.add(piece);
  const { GetRevisionIdListResult: result } = list.finish();
  return { anchor: result?.Anchor, items: [...items, ...(result?.NewRevisions ?? [])] };
}

function whole(document: Buffer, limits: ReadLimits = RESPONSE_LIMITS): Said {
  const { GetRevisionIdListResult: result } = readResponse(
    serverSyncService,
    GetRevisionIdList,
    document,
    limits,
  );
  return { anchor: result?.Anchor, items: result?.NewRevisions ?? [] };
}

const orRefusal = (read: () => Said): Said | 'refused' => {
  try {
    return read();
  } catch (error) {
    if (error instanceof Error) return 'refused';
    throw error;
  }
};

const item = (updateId: string, revisionNumber: number): string =>
  `<UpdateIdentity><UpdateID>${updateId}</UpdateID><RevisionNumber>${revisionNumber}</RevisionNumber></UpdateIdentity>`;

const response = (content: string): string =>
  `<?xml version="1.0" encoding="utf-8"?><s:Envelope xmlns:s="${SOAP}" xmlns:i="http://www.w3.org/2001/XMLSchema-instance"><s:Body><GetRevisionIdListResponse xmlns="${namespace}">${content}</GetRevisionIdListResponse></s:Body></s:Envelope>\n`;

const listing = (items: string): string =>
  response(`<GetRevisionIdListResult><NewRevisions>${items}</NewRevisions></GetRevisionIdListResult>`);

const listed = fc.oneof(
  { weight: 8, arbitrary: fc.tuple(fc.uuid(), fc.integer({ min: 0, max: 300 })).map((one) => item(...one)) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      ' \n',
      '<!-- </UpdateIdentity> -->',
      '<![CDATA[</NewRevisions>]]>',
      '<UpdateIdentity i:nil="true"/>',
      '<Other xmlns="urn:other">ä€😀<UpdateIdentity/></Other>',
      '<?note </UpdateIdentity>?>',
      'between',
      `<n:UpdateIdentity xmlns:n="${namespace}"><n:UpdateID>${GUID}</n:UpdateID></n:UpdateIdentity>`,
    ),
  },
);

/** Also what is not as it should be: two lists, another message, or nothing of a list. */
const document = fc
  .record({
    items: fc.array(listed, { maxLength: 12 }),
    around: fc.constantFrom(
      (items: string) => `<Anchor>ä,1</Anchor><NewRevisions>${items}</NewRevisions>`,
      (items: string) => `<NewRevisions>${items}</NewRevisions><Anchor>2</Anchor>`,
      (items: string) => `<Unknown><NewRevisions/></Unknown><NewRevisions>${items}</NewRevisions>`,
      (items: string) => `<NewRevisions i:nil="true"/><NewRevisions>${items}</NewRevisions>`,
      (items: string) => `<NewRevisions>${items}</NewRevisions><NewRevisions>${items}</NewRevisions>`,
      () => '<Anchor>3</Anchor>',
    ),
  })
  .map(({ items, around }) =>
    response(`<GetRevisionIdListResult>${around(items.join(''))}</GetRevisionIdListResult>`),
  );

const cutAt = (bytes: Buffer, places: readonly number[]): Buffer[] => {
  const sorted = [...places].map((place) => place % (bytes.length + 1)).sort((a, b) => a - b);
  return [...sorted, bytes.length].map((place, index) => bytes.subarray(sorted[index - 1] ?? 0, place));
};
const places = fc.array(fc.nat(20_000), { maxLength: 12 });
const windows = fc.constantFrom(0, 1, 100, 700, 100_000);

describe('a list that is read while it arrives', () => {
  it('is what it is when it is read whole, wherever it is cut into pieces', () => {
    fc.assert(
      fc.property(document, places, windows, fc.boolean(), (text, cuts, window, hasMark) => {
        const bytes = Buffer.from(hasMark ? `\uFEFF${text}` : text);
        const read = orRefusal(() => streamed(cutAt(bytes, cuts), { window }));
        expect(read).toEqual(orRefusal(() => whole(bytes)));
      }),
      { numRuns: 400 },
    );
  });

  it('is refused where it would be when it is read whole, whatever is damaged', () => {
    const damage = fc.record({
      at: fc.nat(20_000),
      removed: fc.nat(30),
      put: fc.constantFrom('', '<', '>', '</UpdateIdentity>', '</NewRevisions>', '&', '\0', 'é', '"', '-->'),
    });
    fc.assert(
      fc.property(document, damage, places, windows, (text, { at, removed, put }, cuts, window) => {
        const intact = Buffer.from(text);
        const from = at % intact.length;
        const bytes = Buffer.concat([
          intact.subarray(0, from),
          Buffer.from(put),
          intact.subarray(from + removed),
        ]);
        const read = orRefusal(() => streamed(cutAt(bytes, cuts), { window }));
        expect(read).toEqual(orRefusal(() => whole(bytes)));
      }),
      { numRuns: 1_000 },
    );
  });

  it('is read in UTF-16 too', () => {
    const text = listing(item(GUID, 7).repeat(20)).replace('utf-8', 'utf-16');
    const bytes = Buffer.from(`\uFEFF${text}`, 'utf16le');
    expect(streamed(cutAt(bytes, [1, 500, 1_001]))).toEqual(whole(bytes));
  });

  it('is handed over as it comes, and not kept', () => {
    const items: unknown[] = [];
    const list = new StreamedList({
      service: serverSyncService,
      operation: GetRevisionIdList,
      path: ['GetRevisionIdListResult', 'NewRevisions'],
      list: ArrayOfUpdateIdentity,
      onItem: (each) => items.push(each),
      window: 10_000,
    });
    const [head = '', tail = ''] = listing('|').split('|');
    list.add(Buffer.from(head));
    for (let count = 1; count <= 5_000; count += 1) {
      list.add(Buffer.from(item(GUID, count)));
      // A window's worth of items, of a hundred bytes each, is all that may be missing.
      expect(items.length).toBeGreaterThan(count - 120);
    }
    list.add(Buffer.from(tail));
    expect(list.finish().GetRevisionIdListResult?.NewRevisions?.length).toBeLessThan(120);
  });

  it('may not have more items than are allowed, however they come', () => {
    const limits = { ...RESPONSE_LIMITS, maxListItems: 50 };
    const of = (count: number): Buffer => Buffer.from(listing(item(GUID, 1).repeat(count)));
    for (const window of [0, 3_000, 100_000]) {
      const read = (count: number) => streamed(cutAt(of(count), [2_000, 4_000]), { window, limits });
      expect(read(50).items).toHaveLength(50);
      expect(() => read(51)).toThrow(/more than/);
    }
  });

  it('is the fault that the server answered in its place', () => {
    const fault = `<s:Envelope xmlns:s="${SOAP}"><s:Body><s:Fault><faultcode>s:Server</faultcode><faultstring>no</faultstring><detail><ErrorCode>ServerBusy</ErrorCode></detail></s:Fault></s:Body></s:Envelope>`;
    expect(() => streamed(cutAt(Buffer.from(fault), [10, 100, 200]))).toThrow(SoapFault);
  });
});
