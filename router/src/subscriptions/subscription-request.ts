import type { Caller } from '@platform/auth';
import type {
  AuthorizationContext,
  Engine,
  Operation,
  Overrides,
  PreparedOperation,
  Variables,
} from '@platform/federation-engine';
import type { AccessClaims } from '../authentication/token-verifier.js';
import type { GraphQLRequest, IncomingOperation } from '../operation.js';

/** What is subscribed to, and by whom. */
export interface SubscriptionRequest {
  /** What the operation belongs to. */
  readonly engine: Engine;
  readonly operation: Operation;
  readonly variables: Variables;
  readonly overrides: Overrides;
  /** What the client asked for, to ask another engine the same. */
  readonly request: GraphQLRequest;
  readonly claims: AccessClaims | null;
  /** What it names as its organization. */
  readonly organization: string | undefined;
  /** The client's headers that subgraphs get. */
  readonly headers: IncomingOperation['headers'];
}

/** For whom a stream is held, with the rights that its events are completed under. */
export interface SubscriptionPrincipal {
  readonly caller: Caller;
  readonly rights: AuthorizationContext;
}

/** What is subscribed to, as someone with these rights may have it. Rejects with the engine's errors. */
export const prepare = (
  { engine, operation, variables, overrides }: SubscriptionRequest,
  rights: AuthorizationContext,
): Promise<PreparedOperation> => engine.prepare(operation, rights, variables, { overrides });
