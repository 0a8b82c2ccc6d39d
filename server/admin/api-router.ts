/**
 * Turns the API's contract and its handlers into express routes. The way of a call, in this order: who is it, may it
 * change something, does it fit its schemas, answer.
 */
import express from 'express';
import type { NextFunction, Request, RequestHandler, Response, Router } from 'express';
import { z } from 'zod';
import type { ConsoleSession } from '../../catalog/store/access/console-sessions.ts';
import { api } from '../../protocol/console/api.ts';
import { PATH_PARAMETERS } from '../../protocol/console/path-parameters.ts';
import type { ConsoleContext } from './context.ts';
import { requireVersion } from './edit-version.ts';
import type { Exchange, Handlers, RouteName } from './handlers.ts';
import { ApiProblem, problemOf, schemaProblem, sendProblem } from './problems.ts';
import { refuseOnReplica } from './replica-guard.ts';
import { recordBy } from './recorded-change.ts';
import type { RecordedChange } from './recorded-change.ts';
import { checkChange, checkOrigin, requirePermission, requireSession } from './session-guard.ts';
import { exchangeOf } from './session-cookie.ts';

/** Bytes of a body of who is signed in: 20,000 chosen categories are 800 KB. */
const BODY_LIMIT = 2_000_000;
/** Bytes of a body of whoever asks. */
const OPEN_BODY_LIMIT = 10_000;

/** Any handler: the contract binds each to its route's types where it is declared, so that here they need not be known. */
interface AnyHandler {
  readonly access: 'open' | 'session' | 'newcomer';
  answer?(input: AnyInput): unknown;
  prepare?(input: AnyInput): (() => AnyOutcome) | Promise<() => AnyOutcome>;
  version?(input: Pick<AnyInput, 'params'>): string;
}

interface AnyInput {
  readonly params: Readonly<Record<string, string>>;
  readonly query: unknown;
  readonly body: unknown;
  readonly exchange: Exchange;
  readonly session?: ConsoleSession;
}

interface AnyOutcome {
  readonly answer: unknown;
  readonly change: RecordedChange | undefined;
  readonly afterwards?: () => void;
}

/** @param onChanged told after each call that may have changed something */
export function createApiRouter(context: ConsoleContext, handlers: Handlers, onChanged: () => void): Router {
  const router = express.Router({ caseSensitive: true });
  const paths = new Map<string, string[]>();
  for (const name of Object.keys(api).filter(isRouteName)) {
    const { method, path } = api[name];
    paths.set(path, [...(paths.get(path) ?? []), method]);
    mount(router, method, path, routeSteps(context, name, handlers[name], onChanged));
  }
  for (const [path, methods] of paths) router.all(path, refuseMethod(methods));
  return router;
}

/** For the end of the chain: what is not there, and what failed. */
export function refuseUnknownRoute(request: Request): never {
  throw new ApiProblem(
    404,
    'ROUTE_UNKNOWN',
    `There is no ${request.method} ${request.originalUrl} in this API.`,
  );
}

export function answerFailures(context: ConsoleContext) {
  return (error: unknown, request: Request, response: Response, next: NextFunction): void => {
    if (response.headersSent) {
      next(error);
      return;
    }
    const problem = problemOf(error);
    if (problem === undefined) {
      context.log.error('A call of the console failed', {
        method: request.method,
        path: request.path,
        error,
      });
    }
    sendProblem(
      response,
      problem ??
        new ApiProblem(500, 'INTERNAL_ERROR', 'Something failed that nobody foresaw; the log says what.'),
    );
  };
}

const isRouteName = (name: string): name is RouteName => Object.hasOwn(api, name);

function mount(router: Router, method: string, path: string, steps: readonly RequestHandler[]): void {
  const route = router.route(path);
  switch (method) {
    case 'GET':
      route.get(...steps);
      break;
    case 'POST':
      route.post(...steps);
      break;
    case 'PUT':
      route.put(...steps);
      break;
    case 'PATCH':
      route.patch(...steps);
      break;
    case 'DELETE':
      route.delete(...steps);
      break;
    default:
      throw new RangeError(`The API declares the method ${method}, which the router does not know.`);
  }
}

function routeSteps(
  context: ConsoleContext,
  name: RouteName,
  handler: AnyHandler,
  onChanged: () => void,
): RequestHandler[] {
  const route = api[name];
  const isChange = route.method !== 'GET';
  const takesBody = !(route.body instanceof z.ZodUndefined);
  const sessions = new WeakMap<Request, ConsoleSession>();

  const authorize: RequestHandler = (request, _response, next) => {
    if (isChange) checkOrigin(request);
    if (handler.access !== 'open') {
      const session = requireSession(context, request, handler.access);
      requirePermission(session, name);
      if (isChange) checkChange(request, session);
      refuseOnReplica(context.config, name);
      sessions.set(request, session);
    }
    if (takesBody && request.is('application/json') === false) {
      throw new ApiProblem(415, 'BODY_NOT_JSON', 'Send the body as application/json.');
    }
    next();
  };

  const answer: RequestHandler = async (request, response) => {
    const session = sessions.get(request);
    const params = parseParameters(request.params);
    const query = parsePart(
      'query',
      route.query,
      takesQuery(route.query) ? queryOf(request, route.query) : undefined,
    );
    const body = parsePart('body', route.body, takesBody ? (request.body as unknown) : undefined);
    if (isChange && handler.version !== undefined)
      requireVersion(request.headers, handler.version({ params }));
    const input = {
      params,
      query,
      body,
      exchange: exchangeOf(request, response),
      ...(session === undefined ? {} : { session }),
    };
    const result = await answerOf(context, handler, input);
    if (isChange) onChanged();
    if (handler.version !== undefined) response.set('ETag', handler.version({ params }));
    response.set('Cache-Control', 'no-store');
    if (result === undefined) response.status(204).end();
    else response.json(result);
  };

  const limit = handler.access === 'open' ? OPEN_BODY_LIMIT : BODY_LIMIT;
  return takesBody ? [authorize, express.json({ limit, strict: true }), answer] : [authorize, answer];
}

async function answerOf(context: ConsoleContext, handler: AnyHandler, input: AnyInput): Promise<unknown> {
  const { session, exchange } = input;
  if (handler.prepare === undefined || session === undefined) return await handler.answer?.(input);
  const apply = await handler.prepare(input);
  const { answer, afterwards } = context.db
    .transaction(() => {
      const outcome = apply();
      if (outcome.change !== undefined) recordBy(context, session, exchange, outcome.change);
      return outcome;
    })
    .immediate();
  afterwards?.();
  return answer;
}

const refuseMethod =
  (methods: readonly string[]): RequestHandler =>
  (request, response) => {
    response.set('Allow', methods.join(', '));
    throw new ApiProblem(405, 'METHOD_NOT_ALLOWED', `${request.method} is not one of ${methods.join(', ')}.`);
  };

function parsePart<S extends z.ZodType>(
  part: 'path' | 'query' | 'body',
  schema: S,
  value: unknown,
): z.output<S> {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw schemaProblem(part, parsed.error);
  return parsed.data;
}

function parseParameters(params: Readonly<Record<string, string | string[]>>): Record<string, string> {
  const shape = Object.fromEntries(
    Object.keys(params).map((name) => {
      const schema = PATH_PARAMETERS[name];
      if (schema === undefined) throw new RangeError(`No schema for the parameter ${name} of a path.`);
      return [name, schema];
    }),
  );
  return parsePart('path', z.object(shape), params);
}

const takesQuery = (schema: z.ZodType): schema is z.ZodObject => schema instanceof z.ZodObject;

/** A key that may be repeated arrives as a list however often it is there; any other twice is refused by its schema. */
export function queryOf(request: Request, schema: z.ZodObject): Record<string, string | string[]> {
  // Not by URL: what stands before the question mark may be none.
  const search = new URLSearchParams(/\?(.*)$/.exec(request.originalUrl)?.[1]);
  const query: Record<string, string | string[]> = {};
  for (const key of new Set(search.keys())) {
    const values = search.getAll(key);
    const first = values[0];
    if (!Object.hasOwn(schema.shape, key) || first === undefined) continue;
    query[key] = isRepeatable(schema.shape[key]) || values.length > 1 ? values : first;
  }
  return query;
}

function isRepeatable(schema: unknown): boolean {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) return isRepeatable(schema.unwrap());
  return schema instanceof z.ZodArray;
}
