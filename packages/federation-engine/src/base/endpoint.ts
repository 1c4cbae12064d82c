import type { ExactFields } from '@platform/foundation/json';

/** What is asked of a subgraph: one GraphQL request, as it would travel in an HTTP body. */
export interface SubgraphRequest {
  query: string;
  variables?: Record<string, unknown>;
  operationName?: string;
  extensions?: Record<string, unknown>;
  /** The whole request as JSON text, where its maker has it already. */
  readonly body?: string;
  /** A longer answer is refused, in bytes. */
  readonly maxResponseBytes?: number;
  /** Where in the answer numbers have to be exact. Left out: everywhere. */
  readonly exactFields?: ExactFields;
}

/** What a subgraph answered. Nothing about it is trusted before the engine has looked at it. */
export interface SubgraphResponse {
  data?: Record<string, unknown> | null;
  errors?: readonly SubgraphErrorEntry[];
  /** How long the answer was, where it came over a network. */
  bytes?: number;
  extensions?: Record<string, unknown>;
  /** The header fields that it came with, names and values in turns, where it came over HTTP. */
  readonly rawHeaders?: readonly Buffer[];
}

/** The header fields of one subgraph's answer, names and values in turns. */
export interface ReceivedHeaders {
  readonly subgraph: string;
  readonly rawHeaders: readonly Buffer[];
}

/** One entry of a subgraph's `errors`; paths are the subgraph's own, not yet the client's. */
export interface SubgraphErrorEntry {
  message: string;
  path?: readonly (string | number)[];
  extensions?: Record<string, unknown>;
}

/** A way to reach one subgraph: in process, over HTTP, or a double in a test. Rejects when the subgraph cannot be reached. */
export interface SubgraphEndpoint {
  execute(request: SubgraphRequest, headers: Record<string, string>, signal?: AbortSignal): Promise<SubgraphResponse>;
  /** One answer for each event. The headers may be asked for again, when a lost stream is begun anew. Left out where subgraphs cannot stream. */
  subscribe?(
    request: SubgraphRequest,
    headers: () => Promise<Record<string, string>>,
    signal?: AbortSignal,
  ): Promise<AsyncIterableIterator<SubgraphResponse>>;
}
