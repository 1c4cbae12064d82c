import type { DocumentNode, GraphQLSchema } from 'graphql';
import type { FetchTrace } from './fetch-traces.js';

/** Why an operation has no signature. */
export type Unsigned = 'GraphQLParseFailure' | 'GraphQLValidationFailure' | 'GraphQLUnknownOperationName';

/** What a usage report says of one operation of a client. */
export interface OperationRecord {
  readonly operation:
    | { readonly document: DocumentNode; readonly name: string | undefined; readonly schema: GraphQLSchema }
    | Unsigned;
  readonly clientName: string;
  readonly clientVersion: string;
  readonly startedAt: Date;
  readonly durationMs: number;
  readonly errors: readonly ReportedError[];
  readonly persistedQueryHit: boolean;
  readonly trace?: OperationTrace;
}

/** What the operation's calls of subgraphs were like, for those that were looked at closely. */
export interface OperationTrace {
  readonly fetches: readonly FetchTrace[];
  readonly method: 'GET' | 'POST' | 'UNKNOWN';
  /** JSON texts by name; only those that the configuration names. */
  readonly variables: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
}

/** An error of the answer; `service` is the subgraph that it came from. */
export interface ReportedError {
  readonly message: string;
  readonly path: readonly (string | number)[];
  readonly service: string | undefined;
}
