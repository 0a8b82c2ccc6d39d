/** How a route of the API is given its behaviour; the contract (protocol/console/api.ts) gives the types. */
import type { z } from 'zod';
import type { ConsoleSession } from '../../catalog/store/access/console-sessions.ts';
import type { api } from '../../protocol/console/api.ts';

export type RouteName = keyof typeof api;
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

export type Handlers = { readonly [N in RouteName]: OpenHandler<N> | SessionHandler<N> };

/** The behaviour of some of the routes. */
export type SomeHandlers<N extends RouteName> = Pick<Handlers, N>;

/** The usual: for who is signed in. */
export const signedIn = <N extends RouteName>(
  _name: N,
  answer: SessionHandler<N>['answer'],
): SessionHandler<N> => ({ access: 'session', answer });

/** What a route reads or replaces, with its version. */
export const versioned = <N extends RouteName>(
  version: NonNullable<SessionHandler<N>['version']>,
  handler: SessionHandler<N>,
): SessionHandler<N> => ({ ...handler, version });
