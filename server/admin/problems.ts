/** Every failed call of the API answers RFC 9457 problem details; what nobody foresaw says only that it is logged. */
import type { Response } from 'express';
import type { z } from 'zod';
import { isDatabaseBusy } from '../../catalog/store/database/database-busy.ts';
import { RefusalError, type RefusalKind } from '../../catalog/store/database/refusal.ts';
import type { Problem } from '../../protocol/console/problem.ts';

const TITLES: Readonly<Record<number, string>> = {
  400: 'The request does not fit its schema',
  401: 'Not signed in',
  403: 'Not allowed',
  404: 'Not found',
  405: 'Method not allowed',
  409: 'It does not go with the present state',
  412: 'It was changed meanwhile',
  413: 'The request is too large',
  415: 'The body is not JSON',
  422: 'It cannot be done',
  428: 'It must be said what was read',
  429: 'Too many attempts',
  500: 'The relay failed',
  503: 'Not now',
};

export interface ProblemDetails {
  readonly errors?: Problem['errors'];
  /** Seconds, for `Retry-After`. */
  readonly retryAfter?: number;
}

/** A failure with its HTTP status. */
export class ApiProblem extends Error {
  readonly status: number;
  readonly code: string;
  readonly details: ProblemDetails;

  constructor(status: number, code: string, message: string, details: ProblemDetails = {}) {
    super(message);
    this.name = 'ApiProblem';
    this.status = status;
    this.code = code;
    this.details = details;
  }
}

/** @param part what was being read: `body`, `query`, `path` */
export function schemaProblem(part: 'path' | 'query' | 'body', error: z.ZodError): ApiProblem {
  const errors = error.issues.map((issue) => ({
    path: [part, ...issue.path.map(String)].join('.'),
    message: issue.message,
  }));
  const first = errors[0];
  const detail = first === undefined ? `The ${part} is not accepted.` : `${first.path}: ${first.message}`;
  return new ApiProblem(400, 'SCHEMA_MISMATCH', detail, { errors });
}

const STATUS_OF_REFUSAL: Readonly<Record<RefusalKind, number>> = {
  unknown: 404,
  conflict: 409,
  invalid: 422,
};

/** Undefined for what is a bug, or a fault of the machine. */
export function problemOf(error: unknown): ApiProblem | undefined {
  if (error instanceof ApiProblem) return error;
  if (error instanceof RefusalError) {
    return new ApiProblem(STATUS_OF_REFUSAL[error.kind], error.code, error.message);
  }
  if (isDatabaseBusy(error)) {
    return new ApiProblem(
      503,
      'DATABASE_BUSY',
      'Another process kept the database too long, and nothing was changed. Try again in a moment.',
      { retryAfter: 5 },
    );
  }
  return bodyProblem(error) ?? requestProblem(error);
}

/** What express and its parts throw of a request that they cannot read: an address that is none, a body wrongly packed. */
function requestProblem(error: unknown): ApiProblem | undefined {
  if (!(error instanceof Error) || !('status' in error)) return undefined;
  if (typeof error.status !== 'number' || error.status < 400 || error.status > 499) return undefined;
  return new ApiProblem(
    400,
    'REQUEST_UNREADABLE',
    'The address or the packing of the body is malformed. Correct it and send the request again.',
  );
}

/** What express.json throws, told by its `type`. */
function bodyProblem(error: unknown): ApiProblem | undefined {
  if (!(error instanceof Error) || !('type' in error)) return undefined;
  switch (error.type) {
    case 'entity.too.large':
      return new ApiProblem(
        413,
        'BODY_TOO_LARGE',
        'The body is larger than this call accepts. Send less at once.',
      );
    case 'entity.parse.failed':
      return new ApiProblem(400, 'BODY_NOT_JSON', 'The body is not well-formed JSON.');
    case 'encoding.unsupported':
    case 'charset.unsupported':
      return new ApiProblem(415, 'BODY_ENCODING', 'The body must be UTF-8, plain, gzip or deflate.');
    case 'request.aborted':
    case 'request.size.invalid':
      return new ApiProblem(400, 'BODY_INCOMPLETE', 'The body ended early. Send it again.');
    default:
      return undefined;
  }
}

export function sendProblem(response: Response, problem: ApiProblem): void {
  if (problem.details.retryAfter !== undefined)
    response.set('Retry-After', String(problem.details.retryAfter));
  const body: Problem = {
    type: `urn:sluice:problem:${problem.code.toLowerCase()}`,
    title: TITLES[problem.status] ?? 'Failed',
    status: problem.status,
    detail: problem.message,
    code: problem.code,
    ...(problem.details.errors === undefined ? {} : { errors: problem.details.errors }),
  };
  response.status(problem.status).set('Cache-Control', 'no-store').type('application/problem+json');
  response.send(JSON.stringify(body));
}
