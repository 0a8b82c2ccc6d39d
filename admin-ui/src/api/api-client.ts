/**
 * Calls the console's REST API by its contract (protocol/console/api.ts): the route says method and path, its schemas
 * give the types and check what comes back.
 */
import { z } from 'zod';
import { Problem } from '../../../protocol/console/problem.ts';
import { fillPath, writeQuery, type QueryValue } from './address.ts';
import { ApiError } from './api-error.ts';

export interface ApiRoute {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly query: z.ZodType;
  readonly body: z.ZodType;
  readonly response: z.ZodType;
}

export interface CallInput<R extends ApiRoute> {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: z.input<R['query']>;
  readonly body?: z.input<R['body']>;
  readonly signal?: AbortSignal;
  /** Of a change: the version of what it replaces, as it came with the answer that was read. */
  readonly ifMatch?: string;
}

export interface VersionedAnswer<R extends ApiRoute> {
  readonly body: z.output<R['response']>;
  /** Its entity tag; empty where it has none. */
  readonly version: string;
}

export interface ApiClientOptions {
  /** Where the API is, without a slash at the end; default `/api`. */
  readonly base?: string;
  /** Told after each call whether the relay answered at all. */
  readonly onReach?: (reached: boolean) => void;
  /** Told when the relay says that nobody is signed in. */
  readonly onSignedOut?: () => void;
}

export class ApiClient {
  /** Of the session; goes with everything that changes something. */
  csrfToken: string | undefined;
  readonly #base: string;
  readonly #onReach: (reached: boolean) => void;
  readonly #onSignedOut: () => void;

  constructor(options: ApiClientOptions = {}) {
    this.#base = options.base ?? '/api';
    this.#onReach = options.onReach ?? (() => undefined);
    this.#onSignedOut = options.onSignedOut ?? (() => undefined);
  }

  /** Throws ApiError for every failure, and what `signal` aborts with. */
  async call<R extends ApiRoute>(route: R, input: CallInput<R> = {}): Promise<z.output<R['response']>> {
    return (await this.callVersioned(route, input)).body;
  }

  /** Likewise, for what is edited: with the version of what the answer shows. */
  async callVersioned<R extends ApiRoute>(route: R, input: CallInput<R> = {}): Promise<VersionedAnswer<R>> {
    const query = (input.query ?? {}) as Record<string, QueryValue>;
    const url = this.#base + fillPath(route.path, input.params ?? {}) + writeQuery(query);
    const response = await this.#send(route.method, url, input);
    const text = await this.#read(response, input.signal);
    if (!response.ok) throw this.#failure(response.status, text);
    return {
      body: parseAnswer<R['response']>(route.response, `${route.method} ${url}`, response.status, text),
      version: response.headers.get('etag') ?? '',
    };
  }

  async #send(
    method: string,
    url: string,
    { body, ifMatch, signal }: CallInput<ApiRoute>,
  ): Promise<Response> {
    const headers = new Headers({ accept: 'application/json' });
    if (body !== undefined) headers.set('content-type', 'application/json');
    if (method !== 'GET' && this.csrfToken !== undefined) headers.set('x-csrf-token', this.csrfToken);
    if (ifMatch !== undefined) headers.set('if-match', ifMatch);
    const init: RequestInit = { method, headers, credentials: 'same-origin', cache: 'no-store' };
    if (body !== undefined) init.body = JSON.stringify(body);
    if (signal !== undefined) init.signal = signal;
    try {
      const response = await fetch(url, init);
      this.#onReach(true);
      return response;
    } catch (error) {
      throw this.#lost(error, signal);
    }
  }

  async #read(response: Response, signal: AbortSignal | undefined): Promise<string> {
    try {
      return await response.text();
    } catch (error) {
      throw this.#lost(error, signal);
    }
  }

  #lost(error: unknown, signal: AbortSignal | undefined): unknown {
    if (signal?.aborted === true) return error;
    this.#onReach(false);
    return new ApiError(
      'CONNECTION_LOST',
      'The relay did not answer. Whether the change was made is not known; it shows when the connection is back.',
      0,
    );
  }

  #failure(status: number, text: string): ApiError {
    if (status === 401) this.#onSignedOut();
    const problem = Problem.safeParse(readJson(text));
    if (!problem.success)
      return new ApiError(
        'UNREADABLE_ANSWER',
        `The relay answered with status ${status} and no reason.`,
        status,
      );
    const { detail, errors = [] } = problem.data;
    const places = errors
      .filter(({ message }) => !detail.includes(message))
      .map(({ path, message }) => `${path}: ${message}`);
    return new ApiError(problem.data.code, [detail, ...places].join(' '), status, problem.data);
  }
}

function parseAnswer<S extends z.ZodType>(
  schema: S,
  call: string,
  status: number,
  text: string,
): z.output<S> {
  const parsed = z.safeParse(schema, text === '' ? undefined : readJson(text));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const where = issue === undefined ? '' : ` (${issue.path.join('.')}: ${issue.message})`;
  throw new ApiError(
    'UNREADABLE_ANSWER',
    `The answer of ${call} is not what the console expects${where}. Reload the page; the relay may have been updated.`,
    status,
  );
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
