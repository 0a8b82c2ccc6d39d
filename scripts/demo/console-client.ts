/** Calls the console's REST API as the console itself does: session cookie, CSRF token, schemas on both sides. */
import type { z } from 'zod';
import { api } from '../../protocol/console/api.ts';
import { Problem } from '../../protocol/console/problem.ts';
import { HttpConnections } from '../agent/http.ts';

/** One entry of `api`. */
interface Route<B extends z.ZodType, R extends z.ZodType> {
  readonly method: string;
  readonly path: string;
  readonly body: B;
  readonly response: R;
}

/** The API refused; `code` is its own. */
export class ConsoleProblem extends Error {
  readonly code: string;
  readonly status: number;

  constructor(call: string, problem: Problem) {
    super(`${call}: ${problem.detail}`);
    this.name = 'ConsoleProblem';
    this.code = problem.code;
    this.status = problem.status;
  }
}

export interface CallParts<B> {
  /** Values for the `:names` of the path. */
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: B;
}

export class ConsoleClient {
  readonly #connections: HttpConnections;
  readonly #base: string;
  #cookie: string | undefined;
  #csrfToken: string | undefined;

  /**
   * @param base `https://127.0.0.1:8540`
   * @param ca PEM of the authority that the console's certificate comes from
   */
  constructor(base: string, ca: string) {
    this.#base = base;
    this.#connections = new HttpConnections({ ca });
  }

  /** Signs in; where the password is for one use, changes it to `newPassword` at once. */
  async signIn(userName: string, password: string, newPassword: string): Promise<void> {
    const session = await this.call(api.signIn, { body: { userName, password } });
    this.#csrfToken = session.csrfToken;
    if (!session.mustChangePassword) return;
    const changed = await this.call(api.changePassword, { body: { currentPassword: password, newPassword } });
    this.#csrfToken = changed.csrfToken;
  }

  /** @throws ConsoleProblem where the API refuses, ZodError where it answers something else than it declares */
  async call<B extends z.ZodType, R extends z.ZodType>(
    route: Route<B, R>,
    parts: CallParts<z.input<B>> = {},
  ): Promise<z.output<R>> {
    const url = new URL(`${this.#base}/api${pathOf(route.path, parts.path ?? {})}`);
    for (const [name, value] of Object.entries(parts.query ?? {})) {
      for (const one of typeof value === 'string' ? [value] : value) url.searchParams.append(name, one);
    }
    const body = parts.body === undefined ? undefined : Buffer.from(JSON.stringify(parts.body));
    const answer = await this.#connections.send(
      route.method,
      url,
      {
        Accept: 'application/json',
        ...(this.#cookie === undefined ? {} : { Cookie: this.#cookie }),
        ...(this.#csrfToken === undefined ? {} : { 'X-CSRF-Token': this.#csrfToken }),
        ...(body === undefined ? {} : { 'Content-Type': 'application/json', 'Content-Length': body.length }),
      },
      body,
    );
    const cookie = answer.headers['set-cookie']?.[0]?.split(';')[0];
    if (cookie !== undefined) this.#cookie = cookie;
    const text = answer.body.toString('utf8');
    const value: unknown = text === '' ? undefined : JSON.parse(text);
    if (answer.status >= 400)
      throw new ConsoleProblem(`${route.method} ${url.pathname}`, Problem.parse(value));
    return route.response.parse(value);
  }

  close(): void {
    this.#connections.close();
  }
}

const pathOf = (pattern: string, values: Readonly<Record<string, string>>): string =>
  pattern.replace(/:(\w+)/g, (found, name: string) => encodeURIComponent(values[name] ?? found));
