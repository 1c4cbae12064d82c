import type { SentRequest, TransportName } from '@platform/testkit';

/** The routers that are attacked. All have the limits of production; see `attacked-routers.ts` for how they differ. */
export type Target = 'open' | 'safelisted' | 'limited' | 'behind a proxy';

/** A GraphQL request with headers of the client's. */
export interface Asked extends SentRequest {
  /** Who has signed in; nobody when left out. */
  readonly as?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One HTTP request as it is, without what a well-behaved client would add or refuse. */
export interface HttpSent {
  readonly method?: string;
  /** `/graphql` when left out. */
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** What is sent: a request over each of the transports, one HTTP request, bytes of a connection, or messages of a WebSocket. */
export type Sent =
  | { readonly ask: Asked; readonly over: readonly TransportName[] }
  | { readonly http: HttpSent }
  | { readonly bytes: string }
  | { readonly frames: readonly string[]; readonly origin?: string; readonly protocol?: null };

/** What the client gets. What is left out may be anything. */
export interface Outcome {
  /** The HTTP status, where the transport says refusals with one: POST, GET and raw HTTP. */
  readonly status?: number;
  /** The code that a WebSocket is closed with, or the HTTP status that its handshake is refused with. */
  readonly close?: number;
  /** `extensions.code` of every error. */
  readonly codes?: readonly string[];
  readonly data?: unknown;
  /** What appears nowhere in the answer, and what does. */
  readonly lacks?: RegExp;
  readonly shows?: RegExp;
}

/** One line of the table. An attack that gets no data reaches no subgraph. */
export type Attack = Sent & {
  readonly name: string;
  readonly on?: Target;
  /** What has been asked before, by whomever. */
  readonly after?: readonly Asked[];
  readonly gets: Outcome;
};

/** Attacks of one kind, and what people send that looks like them and is answered. */
export interface Family {
  readonly name: string;
  readonly attacks: readonly Attack[];
  readonly neighbours: readonly Attack[];
}

/** Every transport that an operation may come over. */
export const ANY: readonly TransportName[] = ['POST', 'a batch', 'server-sent events', 'multipart', 'WebSocket'];
/** The same and GET, for what is short and changes nothing. */
export const ANY_AND_GET: readonly TransportName[] = [...ANY, 'GET'];
