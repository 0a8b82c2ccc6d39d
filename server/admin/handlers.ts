/** How a route of the API is given its behaviour; the contract (protocol/console/api.ts) gives the types. */
import type { z } from 'zod';
import type { ConsoleSession } from '../../catalog/store/access/console-sessions.ts';
import type { api } from '../../protocol/console/api.ts';
import type { ROUTE_FACTS, RouteName } from '../../protocol/console/route-facts.ts';
import type { RecordedChange } from './recorded-change.ts';

export type { RouteName } from '../../protocol/console/route-facts.ts';
type RouteOf<N extends RouteName> = (typeof api)[N];

type ParamName<Path extends string> = Path extends `${infer Head}/${infer Rest}`
  ? ParamName<Head> | ParamName<Rest>
  : Path extends `:${infer Name}`
    ? Name
    : never;

/** The HTTP exchange around a call, as far as signing in and out needs it. */
export interface Exchange {
  readonly remoteAddress: string;
  /** @param token undefined takes the cookie away */
  setSessionCookie(token: string | undefined): void;
}

interface Input<N extends RouteName> {
  readonly params: { readonly [P in ParamName<RouteOf<N>['path']>]: string };
  readonly query: z.output<RouteOf<N>['query']>;
  readonly body: z.output<RouteOf<N>['body']>;
  readonly exchange: Exchange;
}

/** For whoever asks; nobody is signed in yet. */
export interface OpenHandler<N extends RouteName> {
  readonly access: 'open';
  readonly answer: (input: Input<N>) => Answer<N>;
}

/** For who is signed in; `newcomer`: also before the one-time password is changed. */
export interface SessionHandler<N extends RouteName> {
  readonly access: 'session' | 'newcomer';
  readonly answer: (input: Input<N> & { readonly session: ConsoleSession }) => Answer<N>;
  /**
   * Of what is edited: its entity tag, as it is now. It goes out with the answer, and a change must name it (If-Match);
   * where it answers without awaiting anything, nobody else's change comes in between.
   */
  readonly version?: (input: Pick<Input<N>, 'params'>) => string;
}

type Answer<N extends RouteName> = z.input<RouteOf<N>['response']> | Promise<z.input<RouteOf<N>['response']>>;

/** What a change came to. */
export interface Outcome<N extends RouteName> {
  readonly answer: z.input<RouteOf<N>['response']>;
  /** Undefined: nothing was changed after all. */
  readonly change: RecordedChange | undefined;
  /** What follows from it outside of the database, once it is committed. */
  readonly afterwards?: () => void;
}

/**
 * Changes something: in one transaction with the entry in the audit log, so that neither is without the other. Within a
 * transaction nothing can be waited for, so `prepare` does that and gives what is left to do.
 */
export interface ChangingHandler<N extends RouteName> {
  readonly access: 'session';
  readonly prepare: (
    input: Input<N> & { readonly session: ConsoleSession },
  ) => (() => Outcome<N>) | Promise<() => Outcome<N>>;
  readonly version?: NonNullable<SessionHandler<N>['version']>;
}

type HandlerOf<N extends RouteName> = (typeof ROUTE_FACTS)[N]['effect'] extends 'audited'
  ? ChangingHandler<N>
  : OpenHandler<N> | SessionHandler<N>;

export type Handlers = { readonly [N in RouteName]: HandlerOf<N> };

/** The behaviour of some of the routes. */
export type SomeHandlers<N extends RouteName> = Pick<Handlers, N>;

/** The usual: for who is signed in. */
export const signedIn = <N extends RouteName>(
  _name: N,
  answer: SessionHandler<N>['answer'],
): SessionHandler<N> => ({ access: 'session', answer });

/** For what changes something, and need not wait for anything before. */
export const changing = <N extends RouteName>(
  _name: N,
  apply: (input: Input<N> & { readonly session: ConsoleSession }) => Outcome<N>,
): ChangingHandler<N> => ({ access: 'session', prepare: (input) => () => apply(input) });

/** The same where it has to. */
export const changingAfter = <N extends RouteName>(
  _name: N,
  prepare: ChangingHandler<N>['prepare'],
): ChangingHandler<N> => ({ access: 'session', prepare });

/** What a route reads or replaces, with its version. */
export const versioned = <N extends RouteName, H extends SessionHandler<N> | ChangingHandler<N>>(
  version: NonNullable<SessionHandler<N>['version']>,
  handler: H,
): H => ({ ...handler, version });
