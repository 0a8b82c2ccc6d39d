/** Content through `upstream.proxy`. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { closeAll, leaf, listen, startProxy } from '../../scripts/testing/tls-upstream.ts';
import type { TestProxy } from '../../scripts/testing/tls-upstream.ts';
import { DigestFile } from './digest-file.ts';
import { contentDispatcher, fetchContent } from './fetch-content.ts';

const content = randomBytes(5000);
const digest = (algorithm: string): string => createHash(algorithm).update(content).digest('hex');
const expected = { size: content.length, sha1: digest('sha1'), sha256: digest('sha256') };

afterEach(closeAll);

/** Fetches a file over the proxy; the address as `upstream.proxy` has it. */
async function fetchOver(proxy: string, source: string): Promise<Buffer> {
  const path = join(mkdtempSync(join(tmpdir(), 'sluice-')), 'part');
  const dispatcher = contentDispatcher({ proxy, timeout: 3000 });
  const file = await DigestFile.open(path, expected);
  try {
    await fetchContent(new URL(source), file, { dispatcher, signal: new AbortController().signal });
    await file.verify();
    return readFileSync(path);
  } finally {
    await file.close();
    await dispatcher.destroy();
  }
}

const withCredentials = ({ url }: TestProxy, credentials: string): string =>
  url.href.replace('http://', `http://${credentials}@`);

describe('content', () => {
  it.each([
    ['a plain password', 'relay:secret', 'relay:secret'],
    ['a lone percent sign in the password', 'relay:100%', 'relay:100%'],
    ['an escaped password', 'relay:p@ss 1%', 'relay:p%40ss%201%25'],
    ['a percent sign before an escape', 'relay:100%@', 'relay:100%%40'],
  ])('passes a proxy that asks for a name and password, with %s', async (_case, credentials, written) => {
    const port = await listen(createHttpServer((_request, response) => response.end(content)));
    const proxy = await startProxy({ credentials });
    const source = `http://127.0.0.1:${port}/Content/file.cab`;
    expect((await fetchOver(withCredentials(proxy, written), source)).equals(content)).toBe(true);
    expect(proxy.asked).toEqual([source]);
  });

  it('does not come where the proxy does not take the password', async () => {
    const proxy = await startProxy({ credentials: 'relay:another' });
    const fetched = fetchOver(withCredentials(proxy, 'relay:100%'), 'http://127.0.0.1:1/Content/file.cab');
    await expect(fetched).rejects.toThrow('Proxy Authentication Required (407)');
  });

  it('at an https:// address passes the proxy through a tunnel to its own host', async () => {
    const { certificate, key } = leaf();
    const server = createHttpsServer({ cert: certificate, key }, (_request, response) =>
      response.end(content),
    );
    const port = await listen(server);
    const proxy = await startProxy({ credentials: 'relay:100%' });
    const fetched = await fetchOver(
      withCredentials(proxy, 'relay:100%'),
      `https://localhost:${port}/file.cab`,
    );
    expect(fetched.equals(content)).toBe(true);
    expect(proxy.asked).toEqual([`localhost:${port}`]);
  });
});
