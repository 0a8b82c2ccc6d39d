import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigError, loadConfig } from './load.ts';
import { Config } from './schema.ts';

let folder: string;
let file: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-config-'));
  file = join(folder, 'sluice.yaml');
});

afterAll(() => rmSync(folder, { recursive: true }));

const load = (yaml: string, env: NodeJS.ProcessEnv = {}): Config => {
  writeFileSync(file, yaml);
  return loadConfig({ file, env });
};

const refusal = (yaml: string, env: NodeJS.ProcessEnv = {}): ConfigError => {
  try {
    load(yaml, env);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('The configuration was accepted.');
};

describe('A configuration that is right', () => {
  it('needs no file at all', () => {
    const config = loadConfig({ env: { HOME: '/root' } });
    expect(config).toEqual({ ...Config.parse({}), dataDirectory: join(process.cwd(), 'data') });
  });

  it('may have every group left empty', () => {
    expect(load('limits:\nlisteners:\n  client:\n').listeners).toEqual(Config.parse({}).listeners);
  });

  it('takes relative paths from the folder of the file that says them', () => {
    writeFileSync(join(folder, 'own.pem'), '');
    const endpoint = '{ port: 1, protocol: https, certificateFile: own.pem, keyFile: ./own.pem }';
    const config = load(`dataDirectory: below/data\nlisteners: { console: [${endpoint}] }`);
    expect(config.dataDirectory).toBe(join(folder, 'below/data'));
    expect(config.listeners.console[0]).toMatchObject({
      certificateFile: join(folder, 'own.pem'),
      keyFile: join(folder, 'own.pem'),
    });
  });

  it('takes folders that content comes from so too, and leaves the other sources as they are', () => {
    const { sources } = load(
      'content: { sources: [http://relay.example:8530, ./usb, /mnt/share, cdn, upstream] }',
    ).content;
    expect(sources).toEqual([
      'http://relay.example:8530',
      join(folder, 'usb'),
      '/mnt/share',
      'cdn',
      'upstream',
    ]);
  });

  it('takes relative paths of the environment from the working directory', () => {
    expect(load('{}', { SLUICE_DATA_DIRECTORY: 'elsewhere' }).dataDirectory).toBe(
      join(process.cwd(), 'elsewhere'),
    );
  });

  it.each([
    ['SLUICE_LIMITS__REQUEST_BYTES', '50000', (config: Config) => config.limits.requestBytes, 50_000],
    ['SLUICE_LIMITS__REQUESTBYTES', '50000', (config: Config) => config.limits.requestBytes, 50_000],
    [
      'SLUICE_SERVER_NAMES',
      '[a.test, "10.0.0.1"]',
      (config: Config) => config.serverNames,
      ['a.test', '10.0.0.1'],
    ],
    ['SLUICE_LOG__LEVEL', 'debug', (config: Config) => config.log.level, 'debug'],
    ['SLUICE_LISTENERS__CONSOLE', '[]', (config: Config) => config.listeners.console, []],
    ['SLUICE_LISTENERS__CONSOLE__0__PORT', '9', (config: Config) => config.listeners.console[0]?.port, 9],
  ])('lets %s=%s override the file', (variable, text, read, expected) => {
    expect(read(load('log: { level: warn }', { [variable]: text }))).toEqual(expected);
  });

  it('lets one element of a list that a variable gives be changed by another variable', () => {
    const config = load('{}', {
      SLUICE_LISTENERS__CONSOLE__0__PORT: '7',
      SLUICE_LISTENERS__CONSOLE: '[{ port: 5, protocol: http }]',
    });
    expect(config.listeners.console).toMatchObject([{ port: 7, protocol: 'http' }]);
  });

  it('shares a socket between services that agree on everything', () => {
    const same = '[{ port: 80, protocol: http }]';
    expect(() => load(`listeners: { client: ${same}, content: ${same}, downstream: ${same} }`)).not.toThrow();
  });
});

describe('A configuration that is wrong', () => {
  it.each<[string, string, string, RegExp, RegExp]>([
    ['an unknown key', 'limts: {}', 'limts', /an unknown key/, /the keys dataDirectory, serverNames, /],
    [
      'an unknown key further down',
      'log: { levle: info }',
      'log.levle',
      /an unknown key/,
      /level, maximumBytes/,
    ],
    [
      'a value of another type',
      'limits: { requestBytes: many }',
      'limits.requestBytes',
      /"many"/,
      /an integer from 10000 to 100000000/,
    ],
    [
      'a number out of bounds',
      'client: { pageSize: 0 }',
      'client.pageSize',
      /found 0/,
      /an integer from 1 to 200/,
    ],
    [
      'a word that is none of those known',
      'log: { level: loud }',
      'log.level',
      /"loud"/,
      /error, warn, info, debug/,
    ],
    ['a list where none belongs', 'log: [1]', 'log', /\[1\]/, /the keys level/],
    [
      'a missing key',
      'listeners: { console: [{ protocol: https }] }',
      'listeners.console.0.port',
      /found nothing/,
      /integer from 0 to 65535/,
    ],
    [
      'an upstream over plain http',
      `upstream: { url: 'http://x.test', pins: ['sha256/${'A'.repeat(43)}='] }`,
      'upstream.url',
      /http:\/\/x\.test/,
      /an https:\/\/ URL/,
    ],
    [
      'a pin of another form',
      "upstream: { url: 'https://x.test', pins: [abc] }",
      'upstream.pins.0',
      /"abc"/,
      /sha256\//,
    ],
    [
      'no pin at all',
      "upstream: { url: 'https://x.test', pins: [] }",
      'upstream.pins',
      /\[\]/,
      /a list, not empty/,
    ],
    [
      'a certificate without its key',
      'listeners: { console: [{ port: 5, protocol: https, certificateFile: a.pem }] }',
      'listeners.console.0.keyFile',
      /the other of the two/,
      /or neither/,
    ],
    [
      'a file that is not there',
      'listeners: { console: [{ port: 5, protocol: https, certificateFile: a.pem, keyFile: a.pem }] }',
      'listeners.console.0.certificateFile',
      /a\.pem, which cannot be read/,
      /PEM/,
    ],
    [
      'a certificate for plain http',
      'listeners: { console: [{ port: 5, protocol: http, certificateFile: a.pem, keyFile: a.pem }] }',
      'listeners.console.0.certificateFile',
      /plain http/,
      /https/,
    ],
    [
      'one port with two protocols',
      'listeners: { client: [{ port: 80, protocol: http }], content: [{ port: 80, protocol: https }] }',
      'listeners.content.0',
      /listeners\.client\.0 has with another protocol/,
      /the same protocol/,
    ],
    [
      'one port with two lowest versions of TLS',
      'listeners: { client: [{ port: 80, protocol: https }], content: [{ port: 80, protocol: https, minimumTls: TLSv1.3 }] }',
      'listeners.content.0',
      /minimumTls/,
      /the same protocol/,
    ],
    [
      'one port twice in one list',
      'listeners: { client: [{ port: 80, protocol: http }, { port: 80, protocol: http }] }',
      'listeners.client.1',
      /a second time/,
      /once/,
    ],
    [
      "a console on the agents' port",
      'listeners: { client: [{ port: 80, protocol: https }], console: [{ port: 80, protocol: https }] }',
      'listeners.console.0',
      /listeners\.client\.0 has/,
      /of its own/,
    ],
  ])('is refused for %s', (_what, yaml, path, found, accepted) => {
    const { complaints, message } = refusal(yaml);
    expect(complaints[0]).toMatchObject({ source: file, path });
    expect(`found ${complaints[0]?.found}`).toMatch(found);
    expect(complaints[0]?.accepted).toMatch(accepted);
    expect(message).toContain(`${file}: ${path}: found `);
  });

  it('has all its faults named at once', () => {
    expect(refusal('log: { level: loud }\nclient: { pageSize: 0 }\nnope: 1').complaints).toHaveLength(3);
  });

  it('is refused where the file is no YAML', () => {
    expect(refusal('a: [').message).toMatch(/sluice\.yaml: found no YAML/);
  });

  it('is refused where the file cannot be read', () => {
    const missing = join(folder, 'missing.yaml');
    expect(() => loadConfig({ file: missing, env: {} })).toThrow(/missing\.yaml: found an unreadable file/);
  });

  it.each<[string, string, RegExp]>([
    [
      'SLUICE_LIMITS__REQUEST_BYTES',
      'x',
      /environment variable SLUICE_LIMITS__REQUEST_BYTES: limits\.requestBytes: found "x"/,
    ],
    ['SLUICE_LIMTS', '{}', /environment variable SLUICE_LIMTS: found the unknown key LIMTS/],
    ['SLUICE_CONFIG', '/etc/x', /--config FILE/],
    ['SLUICE_LISTENERS__CLIENT__FIRST__PORT', '1', /listeners\.client: found FIRST as the place in the list/],
    ['SLUICE_LOG', '{ level: ', /environment variable SLUICE_LOG: found no YAML/],
    ['SLUICE_LOG__LEVEL__DEEPER', '1', /unknown key DEEPER/],
  ])('is refused for %s=%s, and the variable is named', (variable, text, message) => {
    expect(refusal('{}', { [variable]: text }).message).toMatch(message);
  });

  it('has a long value shown only in part', () => {
    expect(refusal(`log: { level: ${'x'.repeat(10_000)} }`).message.length).toBeLessThan(500);
  });
});

describe('What is said of content', () => {
  it.each([
    ['sources: [upsteam]', 'content.sources.0', /upstream, cdn, the http:/],
    ['sources: []', 'content.sources', /./],
    ['bandwidth: { bytesPerSecond: 5 }', 'content.bandwidth.bytesPerSecond', /from 1000/],
    ['bandwidth: { timeZone: Mars }', 'content.bandwidth.timeZone', /Europe\/Berlin/],
    [
      "bandwidth: { hours: [{ from: '8:00', to: '18:00', bytesPerSecond: 0 }] }",
      'content.bandwidth.hours.0.from',
      /08:30/,
    ],
    ['languages: [english]', 'content.languages.0', /pt-br/],
    ['quota: -1', 'content.quota', /./],
  ])('is refused where it is %s', (yaml, path, accepted) => {
    const [complaint] = refusal(`content: { ${yaml} }`).complaints;
    expect(complaint?.path).toBe(path);
    expect(complaint?.accepted).toMatch(accepted);
  });
});
