import type { Caller } from '@platform/auth';
import type {
  AuthorizationContext,
  Engine,
  Freshness,
  IncrementalEntry,
  Operation,
  PreparedOperation,
  Variables,
} from '@platform/federation-engine';
import type { Admitted } from '@platform/foundation/admission';
import type { DocumentNode, GraphQLFormattedError } from 'graphql';
import type { AccessClaims } from './authentication/token-verifier.js';
import type { IdempotencyKey, PassedHeader } from './headers/index.js';
import type { RateLimitState } from './rate-limits/index.js';

/** A GraphQL request as any transport carries it. */
export interface GraphQLRequest {
  /** Empty where the request names a persisted query instead. */
  readonly query: string;
  /** The id of a persisted query. */
  readonly documentId?: string | null;
  readonly operationName?: string | null;
  readonly variables?: Record<string, unknown> | null;
  readonly extensions?: Record<string, unknown> | null;
}

/** One operation as a transport hands it to the pipeline. */
export interface IncomingOperation {
  readonly request: GraphQLRequest;
  /** The value of the Authorization header or its equivalent; undefined for anonymous callers. */
  readonly authorization: string | undefined;
  readonly clientIp: string | undefined;
  readonly userAgent: string | undefined;
  readonly requestId: string;
  /** False where the transport may only read: GET. */
  readonly mutationsAllowed: boolean;
  /** True where the transport can carry more than one result. */
  readonly streaming: boolean;
  /** True where the client reads an answer in parts: what `@defer` puts off may then come later. */
  readonly incremental?: boolean;
  /** Stands for what carries the operation, where several share one: a socket, an event stream. */
  readonly connection?: object;
  /** Aborts when the client has gone. */
  readonly signal: AbortSignal;
  /** The client's own headers by lower-case name, for those that are passed on; left out where a transport has none. */
  readonly headers?: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** Which of a batch it is. */
  readonly position?: number | undefined;
  /** The count against the address, where the transport has asked for it before it read the request. */
  readonly counted?: Promise<readonly RateLimitState[]>;
}

/** What stages find out about an operation, each fact provided by one stage of the pipeline. */
export interface OperationFacts {
  /** How the rate limits stand that the operation has met so far. */
  readonly standings: RateLimitState[];
  /** Its place among the operations that run; with `enter`, one that is kept for signing in, and the way to another. */
  readonly place: { current: Admitted; readonly enter?: () => Admitted | Promise<Admitted> };
  readonly caller: Caller;
  /** What the caller's token says; null without one. */
  readonly claims: AccessClaims | null;
  readonly scopes: ReadonlySet<string>;
  /** The slug or id of the organization that the request names; undefined where it names none. */
  readonly organization: string | undefined;
  /** The engine that the whole operation runs on, whatever replaces it meanwhile. */
  readonly engine: Engine;
  /** With the document of a persisted query in the place of its id. */
  readonly request: GraphQLRequest;
  /** Where the document comes from: a manifest, an earlier registration under its hash, or the request. */
  readonly querySource: 'listed' | 'automatic' | 'body';
  readonly document: DocumentNode;
  readonly operation: Operation;
  readonly variables: Variables;
  /** Of a mutation whose client has sent a key. */
  readonly idempotency: IdempotencyKey | undefined;
  /** Undefined where nothing is estimated. */
  readonly estimatedCost: number | undefined;
  /** What the caller is permitted, whatever the operation is run with. */
  readonly rights: AuthorizationContext;
  /** What the operation is run with: everything, where refusals are only reported. */
  readonly effectiveRights: AuthorizationContext;
  /** Authorized and planned: what is executed, subscribed to, and audited. */
  readonly prepared: PreparedOperation;
}

export type Fact = keyof OperationFacts;

/**
 * One operation on its way through the pipeline, as a stage sees it that needs these facts: they are there. Any other fact may be, above
 * all on the way out, when later stages have run.
 */
export type OperationContext<Needs extends Fact = never> = IncomingOperation &
  Partial<OperationFacts> &
  Pick<OperationFacts, Needs>;

/** A GraphQL response. Without `data` the operation was refused before it ran. */
export interface Result {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly GraphQLFormattedError[];
  readonly extensions?: Record<string, unknown>;
  /** Whether `data` is an object, where that is known without reading it: never sent. */
  hasData?(): boolean;
  /** What has been put off. */
  readonly incremental?: readonly IncrementalEntry[];
  /** Whether more follows; of an answer in parts only. */
  readonly hasNext?: boolean;
  /** The data as the subgraphs gave them, before they became the client's: never sent. */
  merged?(): Readonly<Record<string, unknown>>;
  /** For how long the answer holds, where answers of subgraphs are kept: never sent. */
  freshness?(): Freshness;
  /** The same as JSON, where it is there already. Whoever changes a result leaves it out. */
  json?(): Buffer;
}

/** Whether there are data. They are not read for it where they are text. */
export const hasData = (result: Result): boolean => result.hasData?.() ?? Boolean(result.data);

/** What an operation came to, in one piece. */
export interface SingleAnswer {
  readonly result: Result;
  /** The HTTP status that says more than the transport's default for such a result. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Headers of subgraphs that HTTP answers carry, not yet merged. */
  readonly passed?: readonly PassedHeader[];
}

/** What an operation comes to, piece by piece, until the stream ends. A last result without `data` says why the router has ended it. */
export interface StreamAnswer {
  readonly stream: AsyncIterableIterator<Result>;
  /** The pieces make one result; else each is a result of its own. */
  readonly incremental?: true;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What an operation came to. Streams go to transports only that said `streaming`. */
export type Answer = SingleAnswer | StreamAnswer;

/** Runs an operation through the stages, outermost first. */
export type Pipeline = (operation: IncomingOperation) => Promise<Answer>;
