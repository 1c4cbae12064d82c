import type { GraphQLFormattedError } from 'graphql';

/** One operation as the router sends it to a subgraph. */
export interface SubgraphRequest {
  readonly query: string;
  readonly variables?: Record<string, unknown>;
  readonly operationName?: string;
  readonly extensions?: Record<string, unknown>;
  /** The whole request as JSON text, where its maker has it already. */
  readonly body?: string;
}

/** What a subgraph answers, as parsed JSON. */
export interface SubgraphResponse {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly GraphQLFormattedError[];
  readonly extensions?: Record<string, unknown>;
}

/** A subgraph as its callers see it, whether it lives in this process or behind HTTP. */
export interface SubgraphEndpoint {
  /** Rejects when no well-formed answer can be had; GraphQL errors are part of the answer. Header names are lower case. */
  execute(request: SubgraphRequest, headers: Record<string, string>, signal?: AbortSignal): Promise<SubgraphResponse>;
}
