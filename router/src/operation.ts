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

/** One operation on its way through the pipeline. Transports make it; each stage adds what later ones need. */
export interface OperationContext {
  request: GraphQLRequest;
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
  /** Of a mutation whose client has sent a key. */
  idempotency?: IdempotencyKey;
  /** The engine that the whole operation runs on, whatever replaces it meanwhile. */
  engine?: Engine;
  caller?: Caller;
  /** What the caller's token says; null without one. */
  claims?: AccessClaims | null;
  scopes?: ReadonlySet<string>;
  /** Where the document comes from: a manifest, an earlier registration under its hash, or the request. */
  querySource?: 'listed' | 'automatic' | 'body';
  document?: DocumentNode;
  operation?: Operation;
  variables?: Variables;
  /** What the operation may cost, and once it is answered what it has cost: for whoever counts in units of cost. */
  cost?: { readonly estimated: number; actual?: number };
  /** What the caller is permitted, whatever the operation is run with. */
  rights?: AuthorizationContext;
  /** What the operation is run with: everything, where refusals are only reported. */
  effectiveRights?: AuthorizationContext;
  /** Authorized and planned: what is executed, subscribed to, and audited. */
  prepared?: PreparedOperation;
  /** Its place among the operations that run; with `enter`, one that is kept for signing in, and the way to another. */
  place?: { current: Admitted; readonly enter?: () => Admitted | Promise<Admitted> };
  /** The count against the address, where the transport has asked for it before it read the request. */
  readonly counted?: Promise<readonly RateLimitState[]>;
  /** How the rate limits stand that the operation has met so far. */
  standings?: RateLimitState[];
}

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

/** One thing that happens to every operation. It answers, or lets the rest of the pipeline answer. */
export type Stage = (context: OperationContext, next: () => Promise<Answer>) => Promise<Answer>;

/** Runs an operation through the stages, outermost first. */
export type Pipeline = (context: OperationContext) => Promise<Answer>;

/** Makes one pipeline of a list of stages. The last stage must answer by itself. */
export const pipelineOf =
  (stages: readonly Stage[]): Pipeline =>
  (context) => {
    const run = (index: number): Promise<Answer> => {
      const stage = stages[index];
      if (!stage) throw new Error('The last stage of a pipeline must answer');
      return stage(context, () => run(index + 1));
    };
    return run(0);
  };

/** A part of the context that an earlier stage must have added. @throws when the stages are in the wrong order. */
export function required<Context extends Partial<OperationContext>, K extends keyof Context>(
  context: Context,
  key: K,
): NonNullable<Context[K]> {
  const value = context[key];
  if (value == null) throw new Error(`A stage needs "${String(key)}", which no stage before it has added`);
  return value;
}
