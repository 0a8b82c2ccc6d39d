/**
 * The API as an OpenAPI 3.1 document, made from the very schemas that validate: what is not in the contract is not in the
 * document, and the other way round.
 */
import { z } from 'zod';
import { api } from './api.ts';
import { roleWith } from './access.ts';
import { PATH_PARAMETERS } from './path-parameters.ts';
import { Problem } from './problem.ts';
import { ROUTE_FACTS } from './route-facts.ts';
import type { RouteFacts, RouteName } from './route-facts.ts';

type Json = Record<string, unknown>;

export interface OpenApiDocument extends Json {
  readonly openapi: '3.1.0';
  /** By path, then by method in lower case. */
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

export interface Operation extends Json {
  readonly operationId: string;
  readonly summary: string;
  readonly description: string;
  readonly tags: readonly string[];
  /** Who may call it: `open`, `newcomer`, or a permission. */
  readonly 'x-permission': RouteFacts['permission'];
  readonly parameters: readonly Json[];
  readonly requestBody?: Json;
  readonly responses: Readonly<Record<string, Json>>;
}

const PROBLEM = { $ref: '#/components/responses/Problem' };

/** @param version of the program */
export function openApiDocument(version: string): OpenApiDocument {
  const paths: Record<string, Record<string, Operation>> = {};
  for (const name of Object.keys(api).filter(isRouteName)) {
    const { method, path } = api[name];
    const at = path.replaceAll(/:(\w+)/g, '{$1}');
    (paths[at] ??= {})[method.toLowerCase()] = operationOf(name);
  }
  return {
    openapi: '3.1.0',
    jsonSchemaDialect: 'https://json-schema.org/draft/2020-12/schema',
    info: {
      title: 'Sluice',
      version,
      description:
        'Sign in with POST /session, which sets a cookie; every call that changes something carries its csrfToken in X-CSRF-Token. Failures are problem details (RFC 9457) with a stable code. GET /events is a stream of server-sent events: progress, finished, changed.',
    },
    servers: [{ url: '/api' }],
    security: [{ session: [] }],
    tags: [...new Set(Object.values(ROUTE_FACTS).map(({ tag }) => tag))].map((name) => ({ name })),
    paths,
    components: {
      securitySchemes: {
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: '__Host-sluice',
          description: 'Set by POST /session; named sluice where the console speaks plain HTTP.',
        },
      },
      schemas: { Problem: schemaOf(Problem, 'output') },
      responses: {
        Problem: {
          description: 'What failed, whether anything changed, and what to do.',
          content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
        },
      },
    },
  };
}

const isRouteName = (name: string): name is RouteName => Object.hasOwn(ROUTE_FACTS, name);

function operationOf(name: RouteName): Operation {
  const { method, path, query, body, response } = api[name];
  const facts: RouteFacts = ROUTE_FACTS[name];
  const isOpen = facts.permission === 'open';
  const isEmpty = response instanceof z.ZodUndefined;
  return {
    operationId: name,
    summary: facts.summary,
    tags: [facts.tag],
    'x-permission': facts.permission,
    description: whoMay(facts.permission),
    ...(isOpen ? { security: [] } : {}),
    parameters: [
      ...pathParameters(path),
      ...queryParameters(query),
      ...(method === 'GET' || isOpen
        ? []
        : [{ name: 'X-CSRF-Token', in: 'header', required: true, schema: { type: 'string' } }]),
    ],
    ...(body instanceof z.ZodUndefined
      ? {}
      : {
          requestBody: {
            required: true,
            content: { 'application/json': { schema: schemaOf(body, 'input') } },
          },
        }),
    responses: {
      ...(isEmpty
        ? { '204': { description: 'Done.' } }
        : {
            '200': {
              description: 'The answer.',
              content: { 'application/json': { schema: schemaOf(response, 'output') } },
            },
          }),
      default: PROBLEM,
    },
  };
}

function whoMay(permission: RouteFacts['permission']): string {
  if (permission === 'open') return 'Whoever asks.';
  if (permission === 'newcomer') return 'Who is signed in, also before a one-time password was changed.';
  return `The role ${roleWith(permission)}, or one that includes it.`;
}

function pathParameters(path: string): Json[] {
  return [...path.matchAll(/:(\w+)/g)].map(([, name = '']) => {
    const schema = PATH_PARAMETERS[name];
    if (schema === undefined) throw new RangeError(`No schema for the parameter ${name} of ${path}.`);
    return { name, in: 'path', required: true, schema: schemaOf(schema, 'input') };
  });
}

function queryParameters(query: z.ZodType): Json[] {
  if (!(query instanceof z.ZodObject)) return [];
  return Object.entries(query.shape).map(([name, schema]) => {
    const own = schema instanceof z.ZodType ? schemaOf(schema, 'input') : {};
    return {
      name,
      in: 'query',
      required: schema instanceof z.ZodType && !schema.safeParse(undefined).success,
      schema: own,
      // A key may be repeated: `state=Failed&state=Unknown`.
      ...(own['type'] === 'array' ? { style: 'form', explode: true } : {}),
    };
  });
}

/** The dialect is said once, for the whole document. */
function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Json {
  const {
    $schema: _,
    '~standard': _standard,
    ...rest
  } = z.toJSONSchema(schema, {
    target: 'draft-2020-12',
    io,
    unrepresentable: 'any',
  }) as Json;
  return rest;
}
