import { SaxesParser } from 'saxes';
import { itWithSamples, readSample } from '../../scripts/testing/protocol-samples.ts';
import { clientService } from '../wusp/client.ts';
import { reportingService } from '../wusp/reporting.ts';
import { simpleAuthService } from '../wusp/simple-auth.ts';
import { dssAuthService } from '../wsusss/dss-auth.ts';
import { rollupService } from '../wsusss/rollup.ts';
import { serverSyncService } from '../wsusss/server-sync.ts';
import type { Service } from './table.ts';
import { writeWsdl } from './wsdl.ts';

const ADDRESS = 'http://relay.example:8530/ClientWebService/client.asmx?a=1&b="2"';

interface Node {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly prefixes: Readonly<Record<string, string>>;
  readonly children: Node[];
}

const parse = (text: string): Node => {
  const root: Node = { name: '', attributes: {}, prefixes: {}, children: [] };
  const open: Node[] = [root];
  const parser = new SaxesParser({ xmlns: true });
  parser.on('opentag', (tag) => {
    const outer = open.at(-1)!;
    const attributes = Object.fromEntries(
      Object.values(tag.attributes).map(({ name, value }) => [name, value.trim()]),
    );
    const node = { name: tag.local, attributes, prefixes: { ...outer.prefixes, ...tag.ns }, children: [] };
    outer.children.push(node);
    open.push(node);
  });
  parser.on('closetag', () => open.pop());
  parser.write(text).close();
  return root;
};

const descendants = (node: Node, name: string): Node[] =>
  node.children.flatMap((child) => [...(child.name === name ? [child] : []), ...descendants(child, name)]);

/** Local name behind its namespace, so that prefixes do not matter. */
const expanded = (node: Node, name: string): string => {
  const [prefix, local] = name.split(':');
  return `${node.prefixes[prefix!] ?? '?'}#${local!}`;
};

const member = (node: Node): string => {
  const { attributes: a } = node;
  const occurs = node.name === 'attribute' ? (a.use ?? 'optional') : `${a.minOccurs!}..${a.maxOccurs!}`;
  return [node.name, a.name, occurs, a.nillable ?? 'false', expanded(node, a.type!)].join(' ');
};

const members = (type: Node): string[] =>
  ['element', 'attribute', 'enumeration'].flatMap((name) =>
    descendants(type, name).map((node) => (name === 'enumeration' ? node.attributes.value! : member(node))),
  );

/** Every message element and every type by name, with its members in order. */
const declarations = (wsdl: Node): Map<string, string[]> => {
  const found = new Map<string, string[]>();
  for (const schema of descendants(wsdl, 'schema')) {
    for (const node of schema.children.filter(({ name }) => name !== 'import')) {
      found.set(`${schema.attributes.targetNamespace!} ${node.name} ${node.attributes.name!}`, members(node));
    }
  }
  return found;
};

const bindings = (wsdl: Node): Map<string, string> =>
  new Map(
    descendants(wsdl, 'binding')
      .filter(({ attributes }) => attributes.name !== undefined)
      .flatMap((binding) =>
        binding.children
          .filter(({ name }) => name === 'operation')
          .map((operation) => [
            `${binding.attributes.name!}.${operation.attributes.name!}`,
            operation.children.find(({ attributes }) => attributes.soapAction !== undefined)!.attributes
              .soapAction!,
          ]),
      ),
  );

/** Slips of the published files: an undeclared prefix, and a type that does not exist. */
const mended = (text: string): string =>
  text
    .replaceAll('"xs:', '"s:')
    .replaceAll('"s1:String"', '"s:string"')
    .replaceAll(
      /(<s:element )(name="[^"]*") (type="[^"]*")\s+(minOccurs="\d") (maxOccurs="\d")/g,
      '$1$4 $5 $2 $3',
    );

/** The reporting service is described twice, for agents and for servers. */
const published: readonly (readonly [readonly string[], Service])[] = [
  [['SimpleAuth.wsdl'], simpleAuthService],
  [['ClientWebService.wsdl'], clientService],
  [['ReportingWebService-client.wsdl', 'ReportingWebService-rollup.wsdl'], reportingService],
  [['ReportingWebService-rollup.wsdl'], rollupService],
  [['DssAuthWebService.wsdl'], dssAuthService],
  [['ServerSyncWebService.wsdl'], serverSyncService],
];

/** Of which every published operation is answered. */
const COMPLETE: ReadonlySet<string> = new Set(
  [simpleAuthService, clientService, dssAuthService, serverSyncService].map(({ name }) => name),
);

const CLIENT = `${clientService.namespace} `;
const XSD = 'http://www.w3.org/2001/XMLSchema#';
const ownType = (name: string): string => `${clientService.namespace}#${name}`;

/**
 * What no published file declares, element by element as in Microsoft's generated proxy of its own client service
 * (update-server-server-sync, ClientSync/Reference.cs): order and types as there; what cannot be null in C# is required.
 */
const FROM_PROXY = new Map<string, readonly string[]>([
  [
    `${CLIENT}element GetConfig2`,
    [`element clientConfiguration 0..1 false ${ownType('ClientConfiguration')}`],
  ],
  [`${CLIENT}element GetConfig2Response`, [`element GetConfig2Result 0..1 false ${ownType('Config')}`]],
  [
    `${CLIENT}complexType ClientConfiguration`,
    [
      `element ProcessorArchitecture 1..1 false ${ownType('Architecture')}`,
      `element AlwaysOnAlwaysConnected 1..1 false ${XSD}boolean`,
      `element ClientVersion 0..1 false ${ownType('OSVersion')}`,
      `element OSVersion 0..1 false ${ownType('OSVersion')}`,
      `element ProtocolVersion 0..1 false ${XSD}string`,
    ],
  ],
  [
    `${CLIENT}simpleType Architecture`,
    ['Unknown', 'X86Compatible', 'IA64Compatible', 'Amd64Compatible', 'ArmCompatible', 'LpiaCompatible'],
  ],
  [
    `${CLIENT}complexType OSVersion`,
    [
      `element MajorVersion 1..1 false ${XSD}int`,
      `element MinorVersion 1..1 false ${XSD}int`,
      `element BuildNumber 1..1 false ${XSD}int`,
      `element ServicePackMajorNumber 1..1 false ${XSD}short`,
      `element ServicePackMinorNumber 1..1 false ${XSD}short`,
    ],
  ],
  [`${CLIENT}element GetTimestamps`, [`element timestamps 0..1 false ${ownType('ArrayOfDateTime')}`]],
  [`${CLIENT}complexType ArrayOfDateTime`, [`element dateTime 0..unbounded true ${XSD}dateTime`]],
  [
    `${CLIENT}element GetTimestampsResponse`,
    [`element GetTimestampsResult 0..1 false ${ownType('ArrayOfBase64Binary')}`],
  ],
]);

const SYNC = `${serverSyncService.namespace} `;
const syncType = (name: string): string => `${serverSyncService.namespace}#${name}`;
const item = (name: string, type: string): string => `element ${name} 0..unbounded true ${type}`;

/**
 * The driver operations, as their sections have them ([MS-WSUSSS] 3.1.4.7, 3.1.4.8) and the generated proxy too
 * (update-server-server-sync, ServerSync/Reference.cs); the published file does not declare them.
 */
const FROM_SECTIONS = new Map<string, readonly string[]>([
  [
    `${SYNC}element GetDriverIdList`,
    [
      `element cookie 0..1 false ${syncType('Cookie')}`,
      `element filter 0..1 false ${syncType('ServerSyncDriverFilter')}`,
    ],
  ],
  [
    `${SYNC}complexType ServerSyncDriverFilter`,
    [
      `element DssProtocolVersion 0..1 false ${syncType('Version')}`,
      `element Anchor 0..1 false ${XSD}string`,
      `element Categories 0..1 false ${syncType('ArrayOfIdAndDelta')}`,
      `element ComputerIds 0..1 false ${syncType('ArrayOfIdAndDelta')}`,
      `element PnpHardwareIds 0..1 false ${syncType('ArrayOfHardwareIdAndDelta')}`,
    ],
  ],
  [
    `${SYNC}complexType ArrayOfHardwareIdAndDelta`,
    [item('HardwareIdAndDelta', syncType('HardwareIdAndDelta'))],
  ],
  [
    `${SYNC}complexType HardwareIdAndDelta`,
    [`element Id 0..1 false ${XSD}string`, `element Delta 1..1 false ${XSD}boolean`],
  ],
  [
    `${SYNC}element GetDriverIdListResponse`,
    [`element GetDriverIdListResult 0..1 false ${syncType('DriverSetAndRevisionIdList')}`],
  ],
  [
    `${SYNC}complexType DriverSetAndRevisionIdList`,
    [
      `element Anchor 0..1 false ${XSD}string`,
      `element NewRevisions 0..1 false ${syncType('ArrayOfUpdateIdentity')}`,
      `element NewDriverSets 0..1 false ${syncType('ArrayOfGuid')}`,
      `element RemovedDriverSets 0..1 false ${syncType('ArrayOfGuid')}`,
    ],
  ],
  [
    `${SYNC}element GetDriverSetData`,
    [
      `element cookie 0..1 false ${syncType('Cookie')}`,
      `element driverSets 0..1 false ${syncType('ArrayOfGuid')}`,
    ],
  ],
  [
    `${SYNC}element GetDriverSetDataResponse`,
    [`element GetDriverSetDataResult 0..1 false ${syncType('ServerDriverSetData')}`],
  ],
  [
    `${SYNC}complexType ServerDriverSetData`,
    [`element DriverSets 0..1 false ${syncType('ArrayOfServerSyncDriverSetData')}`],
  ],
  [
    `${SYNC}complexType ArrayOfServerSyncDriverSetData`,
    [item('ServerSyncDriverSetData', syncType('ServerSyncDriverSetData'))],
  ],
  [
    `${SYNC}complexType ServerSyncDriverSetData`,
    [
      'element DriverSetId 1..1 false http://microsoft.com/wsdl/types/#guid',
      `element DriverSetXml 0..1 false ${XSD}string`,
    ],
  ],
]);

const SECTION_ACTIONS = ['GetDriverIdList', 'GetDriverSetData'].flatMap((name) =>
  ['Soap', 'Soap12'].map(
    (suffix) =>
      [`${serverSyncService.name}${suffix}.${name}`, `${serverSyncService.namespace}/${name}`] as const,
  ),
);

const PROXY_ACTIONS = ['GetConfig2', 'GetTimestamps'].flatMap((name) =>
  ['Soap', 'Soap12'].map(
    (suffix) => [`Client${suffix}.${name}`, `${clientService.namespace}/${name}`] as const,
  ),
);

describe('the WSDL of a service', () => {
  for (const [, service] of published) {
    it(`of ${service.name} is well-formed and names its address`, () => {
      const wsdl = parse(writeWsdl(service, ADDRESS));
      expect(descendants(wsdl, 'address').map(({ attributes }) => attributes.location)).toEqual([
        ADDRESS,
        ADDRESS,
      ]);
    });

    it(`of ${service.name} declares every type that it refers to, once, and binds every operation twice`, () => {
      const wsdl = parse(writeWsdl(service, ADDRESS));
      const declared = descendants(wsdl, 'schema').flatMap(({ attributes, children }) =>
        children.flatMap(({ name, attributes: { name: type } }) =>
          name === 'complexType' || name === 'simpleType' ? [`${attributes.targetNamespace!}#${type!}`] : [],
        ),
      );
      expect(new Set(declared).size).toBe(declared.length);
      const referred = [...descendants(wsdl, 'element'), ...descendants(wsdl, 'attribute')]
        .filter(({ attributes }) => attributes.type !== undefined)
        .map((node) => expanded(node, node.attributes.type!))
        .filter((type) => !type.startsWith('http://www.w3.org/2001/XMLSchema#'));
      expect(referred.filter((type) => !declared.includes(type))).toEqual([]);
      expect([...bindings(wsdl).keys()].sort()).toEqual(
        service.operations
          .flatMap(({ name }) => [`${service.name}Soap.${name}`, `${service.name}Soap12.${name}`])
          .sort(),
      );
    });
  }

  for (const [files, service] of published) {
    itWithSamples(`of ${service.name} declares what ${files.join(' and ')} declare`, () => {
      const theirs = files.map((file) => parse(mended(readSample(`wsdl/${file}`).toString())));
      const ours = parse(writeWsdl(service, ADDRESS));
      const expected = new Map([
        ...theirs.flatMap((wsdl) => [...declarations(wsdl)]),
        ...FROM_PROXY,
        ...FROM_SECTIONS,
      ]);
      for (const [name, found] of declarations(ours)) {
        // The published file asks for at least one extensionDriver; we read an empty list as well.
        const asPublished = found.map((line) =>
          line.replace('extensionDriver 0..unbounded', 'extensionDriver 1..unbounded'),
        );
        expect([name, asPublished]).toEqual([name, expected.get(name)]);
      }
      const theirBindings = new Map([
        ...theirs.flatMap((wsdl) => [...bindings(wsdl)]),
        ...PROXY_ACTIONS,
        ...SECTION_ACTIONS,
      ]);
      for (const [name, action] of bindings(ours)) {
        // The published file forgets to bind GetExtendedUpdateInfo2 to SOAP 1.2.
        if (name === 'ClientSoap12.GetExtendedUpdateInfo2') continue;
        expect([name, action]).toEqual([name, theirBindings.get(name)]);
      }
    });
  }

  for (const [files, service] of published.filter(([, { name }]) => COMPLETE.has(name))) {
    itWithSamples(`of ${service.name} leaves out no operation of ${files.join(' and ')}`, () => {
      const theirs = files.flatMap((file) => [
        ...bindings(parse(mended(readSample(`wsdl/${file}`).toString()))).keys(),
      ]);
      const ours = bindings(parse(writeWsdl(service, ADDRESS)));
      expect(theirs.filter((name) => !ours.has(name))).toEqual([]);
    });
  }
});
