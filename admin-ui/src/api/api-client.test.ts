import { createServer, type IncomingMessage, type Server } from 'node:http';
import { api } from '../../../protocol/console/api.ts';
import { ApiClient } from './api-client.ts';
import { ApiError } from './api-error.ts';

interface Heard {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

interface Reply {
  readonly status: number;
  readonly body?: unknown;
}

const GROUP = 'a0a08746-4dbe-4a37-9adf-9e7652c0b421';

describe('the client of the API', () => {
  let server: Server;
  let base: string;
  let heard: Heard[];
  let reply: Reply;

  beforeEach(async () => {
    heard = [];
    server = createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (part: string) => (body += part));
      request.on('end', () => {
        heard.push({ method: request.method, url: request.url, headers: request.headers, body });
        response.writeHead(reply.status, { 'content-type': 'application/json' });
        response.end(reply.body === undefined ? undefined : JSON.stringify(reply.body));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('The server has no port.');
    base = `http://127.0.0.1:${address.port}/api`;
  });

  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  const failureOf = async (call: Promise<unknown>): Promise<ApiError> => {
    const error: unknown = await call.then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    if (!(error instanceof ApiError)) throw new Error(`Not an ApiError: ${String(error)}`);
    return error;
  };

  it('repeats the key of a filter that has several values and leaves out what is not set', async () => {
    reply = { status: 200, body: { items: [], total: 0 } };
    const page = await new ApiClient({ base }).call(api.updates, {
      query: { search: 'a & b', approval: ['Install', 'Mixed'], severity: undefined, limit: 5 },
    });
    expect(page).toEqual({ items: [], total: 0 });
    expect(heard[0]!.url).toBe('/api/updates?search=a+%26+b&approval=Install&approval=Mixed&limit=5');
  });

  it('encodes the parameters of a path', async () => {
    reply = { status: 204 };
    await new ApiClient({ base }).call(api.deleteComputer, { params: { computerId: 'a/b?c' } });
    expect(heard[0]).toMatchObject({ method: 'DELETE', url: '/api/computers/a%2Fb%3Fc' });
  });

  it('sends the token of the session with what changes something, and only with that', async () => {
    const client = new ApiClient({ base });
    client.csrfToken = 'token-1';
    reply = { status: 200, body: [] };
    await client.call(api.groups);
    reply = { status: 200, body: { groupId: GROUP, name: 'Pilot', isBuiltin: false, computers: 0 } };
    await client.call(api.createGroup, { body: { name: 'Pilot', parentId: GROUP } });
    expect(heard.map(({ headers }) => headers['x-csrf-token'])).toEqual([undefined, 'token-1']);
    expect(JSON.parse(heard[1]!.body)).toEqual({ name: 'Pilot', parentId: GROUP });
  });

  it('throws the detail of a problem, with the places where the body did not fit', async () => {
    reply = {
      status: 400,
      body: {
        type: 'urn:sluice:problem:body_invalid',
        title: 'Bad body',
        status: 400,
        detail: 'The body is not valid.',
        code: 'BODY_INVALID',
        errors: [{ path: 'name', message: 'Too long' }],
      },
    };
    const error = await failureOf(
      new ApiClient({ base }).call(api.createGroup, { body: { name: '', parentId: GROUP } }),
    );
    expect(error).toMatchObject({
      code: 'BODY_INVALID',
      status: 400,
      message: 'The body is not valid. name: Too long',
    });
  });

  it('does not say twice what the detail says already', async () => {
    const detail = 'body.name: Too long';
    const errors = [{ path: 'body.name', message: 'Too long' }];
    reply = {
      status: 400,
      body: { type: 'x', title: 'x', status: 400, detail, code: 'BODY_INVALID', errors },
    };
    const error = await failureOf(
      new ApiClient({ base }).call(api.createGroup, { body: { name: '', parentId: GROUP } }),
    );
    expect(error.message).toBe(detail);
  });

  it('refuses an answer that is not what the contract says', async () => {
    reply = { status: 200, body: { userName: 'admin' } };
    const error = await failureOf(new ApiClient({ base }).call(api.session));
    expect(error.code).toBe('UNREADABLE_ANSWER');
    expect(error.message).toContain('csrfToken');
  });

  it('tells when nobody is signed in', async () => {
    let toldOf = 0;
    reply = {
      status: 401,
      body: { type: 'x', title: 'x', status: 401, detail: 'Sign in.', code: 'SIGNED_OUT' },
    };
    const error = await failureOf(
      new ApiClient({ base, onSignedOut: () => (toldOf += 1) }).call(api.overview),
    );
    expect(error.isSignedOut).toBe(true);
    expect(toldOf).toBe(1);
  });

  it('tells a lost connection from an answer, and tells when it is back', async () => {
    const reached: boolean[] = [];
    const client = new ApiClient({ base: 'http://127.0.0.1:1/api', onReach: (is) => reached.push(is) });
    expect((await failureOf(client.call(api.groups))).isConnectionLost).toBe(true);
    reply = { status: 200, body: [] };
    await new ApiClient({ base, onReach: (is) => reached.push(is) }).call(api.groups);
    expect(reached).toEqual([false, true]);
  });

  it('does not take a call that was given up for a lost connection', async () => {
    const reached: boolean[] = [];
    const call = new ApiClient({ base, onReach: (is) => reached.push(is) }).call(api.groups, {
      signal: AbortSignal.abort(),
    });
    await expect(call).rejects.toHaveProperty('name', 'AbortError');
    expect(reached).toEqual([]);
  });

  it('has an address for every route of the contract', async () => {
    reply = { status: 204 };
    const client = new ApiClient({ base });
    for (const route of Object.values(api)) {
      const params = Object.fromEntries(
        [...route.path.matchAll(/:(\w+)/g)].map(([, name = '']) => [name, 'x']),
      );
      await client.call(route, { params }).catch(() => undefined);
    }
    expect(heard).toHaveLength(Object.keys(api).length);
    expect(heard.every(({ url }) => url !== undefined && !url.includes(':'))).toBe(true);
  });
});
