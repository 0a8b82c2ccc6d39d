/** What others' SOAP stacks make of our WSDL talks to the server: gSOAP compiles it, zeep reads every answer strictly. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { openDatabase } from '../../catalog/store/database/database.ts';
import { importRevisions } from '../../catalog/store/revisions/revisions.ts';
import { createLogger } from '../../config/logging.ts';
import { Config } from '../../config/schema.ts';
import { clientService } from '../../protocol/wusp/client.ts';
import { reportingService } from '../../protocol/wusp/reporting.ts';
import { simpleAuthService } from '../../protocol/wusp/simple-auth.ts';
import { dssAuthService } from '../../protocol/wsusss/dss-auth.ts';
import { serverSyncService } from '../../protocol/wsusss/server-sync.ts';
import { startServer, type RunningServer } from '../../server/server.ts';
import { demoCatalogue } from '../fixtures/demo-catalogue.ts';
import { deploy } from '../testing/client-services.ts';
import { gsoap, PYTHON, zeep } from '../testing/soap-stacks.ts';

import.meta.jest.setTimeout(180_000);

const SERVICES = [clientService, simpleAuthService, reportingService, dssAuthService, serverSyncService];
const HTTP = { address: '127.0.0.1', port: 0, protocol: 'http' } as const;
const run = promisify(execFile);
const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

const folder = mkdtempSync(join(tmpdir(), 'sluice-stacks-'));
let server: RunningServer;
let url: string;

/** The demonstration's catalogue, one update of it approved for every computer. */
function fillStore(file: string): void {
  const db = openDatabase(file);
  importRevisions(
    db,
    demoCatalogue(1).documents.map(({ document }) => ({ document, fileUrls: new Map() })),
    new Date(),
  );
  const approved = db
    .prepare<[], { revisionId: number; updateId: string }>(
      `SELECT revision_id AS revisionId, update_id AS updateId FROM revision
       WHERE explicitly_deployable = 1 AND is_latest = 1 AND update_type = 'Software'`,
    )
    .get();
  if (approved === undefined) throw new Error('The catalogue holds nothing to approve.');
  deploy(db, approved);
  db.close();
}

beforeAll(async () => {
  const config = Config.parse({
    dataDirectory: join(folder, 'data'),
    listeners: { client: [HTTP], content: [HTTP], downstream: [HTTP], console: [] },
  });
  const options = { log: createLogger({ level: 'error', terminal: false }), synchronizes: false };
  await (await startServer(config, options)).close();
  fillStore(join(config.dataDirectory, 'sluice.db'));
  server = await startServer(config, options);
  url = `http://127.0.0.1:${server.listening[0]?.port ?? 0}`;
});

afterAll(async () => {
  await server?.close();
  rmSync(folder, { recursive: true });
});

const wsdlOf = async (path: string, query: string): Promise<string> => {
  const response = await fetch(`${url}${path}?${query}`);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('text/xml; charset=utf-8');
  return response.text();
};

describe('every service', () => {
  it.each(SERVICES.map(({ name, path }) => [name, path]))(
    '%s describes itself to whoever asks, in one document',
    async (name, path) => {
      const wsdl = await wsdlOf(path, 'wsdl');
      expect(wsdl).toContain(`<wsdl:service name="${name}">`);
      expect(wsdl).toContain(`location="${url}${path}"`);
      expect(wsdl).not.toContain('schemaLocation');
      for (const query of ['WSDL', 'singleWsdl', 'singlewsdl']) expect(await wsdlOf(path, query)).toBe(wsdl);
      expect((await fetch(`${url}${path}`)).status).toBe(405);
      expect((await fetch(`${url}${path}?doublewsdl`)).status).toBe(405);
    },
  );
});

/** A category or detectoid that everything needs, so that an agent begins with it. */
const FIRST_LEVEL = expect.arrayContaining([{ id: expect.any(Number), isLeaf: false, core: true }]);

const suiteOf = ({ runs }: { readonly runs: boolean }): typeof describe => (runs ? describe : describe.skip);

suiteOf(gsoap)(`gSOAP${gsoap.skipReason}`, () => {
  it('generates code of every WSDL, and an agent of it scans', async () => {
    for (const { name, path } of SERVICES)
      writeFileSync(join(folder, `${name}.wsdl`), await wsdlOf(path, 'wsdl'));
    const inFolder = { cwd: folder };
    for (const { name } of [reportingService, dssAuthService, serverSyncService]) {
      await run('/usr/bin/wsdl2h', ['-s', '-o', `${name}.h`, `${name}.wsdl`], inFolder);
      await run('/usr/bin/soapcpp2', ['-C', '-L', '-x', '-w', `-p${name}`, `${name}.h`], inFolder);
    }
    const prefixes = { client: clientService.namespace, simple: simpleAuthService.namespace };
    writeFileSync(
      join(folder, 'prefixes.dat'),
      Object.entries(prefixes)
        .map(([prefix, namespace]) => `${prefix} = "${namespace}"\n`)
        .join(''),
    );
    const described = [clientService, simpleAuthService].map(({ name }) => `${name}.wsdl`);
    await run('/usr/bin/wsdl2h', ['-s', '-t', 'prefixes.dat', '-o', 'agent.h', ...described], inFolder);
    await run('/usr/bin/soapcpp2', ['-C', '-1', '-L', '-x', '-w', 'agent.h'], inFolder);
    const sources = ['soapC.cpp', 'soapClient.cpp', here('gsoap-agent.cpp')];
    await run('/usr/bin/g++', ['-O0', '-w', '-I.', '-o', 'agent', ...sources, '-lgsoap++'], inFolder);
    const { stdout } = await run(join(folder, 'agent'), [url]);
    expect(JSON.parse(stdout)).toEqual({
      plugIn: 'SimpleTargeting',
      newUpdates: FIRST_LEVEL,
      hasNewCookie: true,
      refusedAsInvalidCookie: true,
    });
  });
});

suiteOf(zeep)(`zeep${zeep.skipReason}`, () => {
  it('calls every operation of an agent over SOAP 1.1 and 1.2, and the first ones of a downstream server; all answers fit', async () => {
    const { stdout } = await run(PYTHON, [here('zeep_agent.py'), url]);
    const answered = (soap: string) => ({
      soap,
      agent: {
        sameConfiguration: true,
        newUpdates: FIRST_LEVEL,
        hasTexts: true,
        sameByIdentity: true,
        printersOutOfScope: [1_000_000],
        movedFiles: 0,
        unknownCategories: ['00000000-0000-0000-0000-000000000000'],
        refreshed: [true],
        timestamps: null,
        refusals: ['InvalidCookie', 'InvalidParameters', 'InvalidParameters'],
        reported: [true, true, true],
        requiredInventory: 0,
        ping: true,
      },
      downstream: {
        plugIn: true,
        languages: true,
        documents: 2,
        ping: [true, true],
        refusal: 'InvalidCookie',
      },
    });
    expect(JSON.parse(stdout)).toEqual([answered('Soap'), answered('Soap12')]);
  });
});
