import fc from 'fast-check';
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { closeLogger, createLogger, readable } from './logging.ts';

let folder: string;

beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'sluice-log-')), 'logs');
});
afterEach(() => rmSync(join(folder, '..'), { recursive: true }));

const logFiles = (): string[] => readdirSync(folder).filter((name) => name.includes('.log'));
const written = (): string =>
  logFiles()
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('');

const log = async (write: (logger: ReturnType<typeof createLogger>) => void, maximumBytes = 1_000_000) => {
  const logger = createLogger({ level: 'info', folder, maximumBytes, keepFiles: 3, terminal: false });
  write(logger);
  await closeLogger(logger);
};

describe('The log', () => {
  it('is JSON lines with time, level, message and facts', async () => {
    await log((logger) => {
      logger.info('One thing', { count: 3 });
      logger.debug('Not at this level');
      logger.error('Another', { error: Object.assign(new Error('broken'), { code: 'E_X' }) });
    });
    const lines = written()
      .trim()
      .split('\n')
      .map((line) => z.record(z.string(), z.unknown()).parse(JSON.parse(line)));
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatchObject({ level: 'info', message: 'One thing', count: 3, process: 'server' });
    expect(Date.parse(String(lines[0]?.['timestamp']))).not.toBeNaN();
    expect(lines[1]).toMatchObject({ error: { message: 'broken', code: 'E_X' } });
  });

  it('is for this account alone', async () => {
    await log((logger) => logger.info('x'));
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(logFiles().map((name) => statSync(join(folder, name)).mode & 0o777)).toEqual([0o600]);
  });

  it('begins a new file when one is full, and keeps only so many', async () => {
    const logger = createLogger({
      level: 'info',
      folder,
      maximumBytes: 10_000,
      keepFiles: 3,
      terminal: false,
    });
    for (let round = 0; round < 8; round += 1) {
      for (let line = 0; line < 20; line += 1) logger.info('x'.repeat(500));
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await closeLogger(logger);
    expect(logFiles().length).toBeGreaterThan(1);
    expect(logFiles().length).toBeLessThanOrEqual(3);
  });
});

describe('A line on the terminal', () => {
  it('is one line, whatever names and reasons hold', () => {
    const line = readable({
      level: 'warn',
      message: 'A sign-in failed\u2028',
      timestamp: '2026-11-24T09:00:00.000Z',
      process: 'server',
      userName: 'x\n09:00:00 info  forged \u001b[31m\u009b2J\u202e',
      inner: { name: '\u009b2J' },
    });
    expect(line).toBe(
      '09:00:00 warn  A sign-in failed\\u2028  userName=x\\u000a09:00:00 info  forged \\u001b[31m\\u009b2J\\u202e' +
        ' inner={"name":"\\u009b2J"}',
    );
  });
});

describe('A secret', () => {
  const secret = fc.stringMatching(/^[A-Za-z0-9]{24}$/);

  it.each([
    'password',
    'newPassword',
    'oneTimePassword',
    'passphrase',
    'cookie',
    'EncryptedData',
    'CookieData',
    'authCookies',
    'token',
    'csrfToken',
    'session_key',
    'privateKey',
    'key',
    'authorization',
    'set-cookie',
    'apiKey',
    'secret',
  ])('under the name %s is never written, at any depth', async (name) => {
    const value = 'S3cretS3cretS3cretS3cret';
    await log((logger) => {
      logger.info('a', { [name]: value });
      logger.info('b', { request: { headers: [{ [name]: { inner: value } }] } });
      logger.error('c', { error: Object.assign(new Error('x'), { [name]: value }) });
    });
    expect(written().trim().split('\n')).toHaveLength(3);
    expect(written()).not.toContain(value);
  });

  it('inside a text is never written', async () => {
    const shapes: ((value: string) => string)[] = [
      (value) => `Cookie: session=${value}`,
      (value) => `set-cookie: sid=${value}; HttpOnly`,
      (value) => `Authorization: Bearer ${value}`,
      (value) => `{"password": "${value}", "user": "x"}`,
      (value) => `newPassword=${value}&x=1`,
      (value) => `-----BEGIN RSA PRIVATE KEY-----\n${value}\n-----END RSA PRIVATE KEY-----`,
      (value) => `<s:EncryptedData>${value}</s:EncryptedData>`,
      (value) => `<CookieData>${value}</CookieData>`,
      (value) => `connecting to http://user:${value}@proxy.test:3128`,
    ];
    const secrets = fc.sample(secret, { seed: 7, numRuns: 20 });
    await log((logger) => {
      for (const value of secrets) {
        for (const shape of shapes) {
          logger.info(`before ${shape(value)}`);
          logger.warn('in a fact', { detail: shape(value) });
          logger.error('in an error', { error: new Error(shape(value), { cause: new Error(shape(value)) }) });
        }
      }
    });
    const text = written();
    expect(text.trim().split('\n')).toHaveLength(secrets.length * shapes.length * 3);
    expect(secrets.filter((value) => text.includes(value))).toEqual([]);
  });

  it('does not take harmless words with it', async () => {
    await log((logger) => logger.info('The cookie expired', { cookieLifetime: 60, keyPath: 'a.b' }));
    expect(written()).toContain('The cookie expired');
    expect(written()).toContain('"cookieLifetime":60');
    expect(written()).toContain('"keyPath":"a.b"');
  });
});
