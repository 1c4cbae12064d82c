import type { ExactFields } from '@platform/foundation/json';
import type { GraphQLFormattedError } from 'graphql';

/** One operation as the router sends it to a subgraph. */
export interface SubgraphRequest {
  readonly query: string;
  readonly variables?: Record<string, unknown>;
  readonly operationName?: string;
  readonly extensions?: Record<string, unknown>;
  /** The whole request as JSON text, where its maker has it already. */
  readonly body?: string;
  /** Of a subscription: how long the first connection may take, in ms. It then fails with a TimeoutError. */
  readonly timeoutMs?: number;
  /** A longer answer is refused, in bytes. */
  readonly maxResponseBytes?: number;
  /** Where in the answer numbers have to be exact. Left out: everywhere. */
  readonly exactFields?: ExactFields;
}

/** What a subgraph answers, as parsed JSON. */
export interface SubgraphResponse {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly GraphQLFormattedError[];
  readonly extensions?: Record<string, unknown>;
  /** How long the answer was, where it came over a network. */
  readonly bytes?: number;
  /** The header fields that it came with, names and values in turns, where it came over HTTP. */
  readonly rawHeaders?: readonly Buffer[];
}

/** The headers of a call. Asked for again when a stream is begun anew: it outlives the caller token that it began with. */
export type HeaderSource = () => Promise<Record<string, string>>;

/** A subgraph as its callers see it, whether it lives in this process or behind HTTP. */
export interface SubgraphEndpoint {
  /** Rejects when no well-formed answer can be had; GraphQL errors are part of the answer. Header names are lower case. */
  execute(request: SubgraphRequest, headers: Record<string, string>, signal?: AbortSignal): Promise<SubgraphResponse>;
  /**
   * The answers to a subscription, one for each event, until the subgraph ends it, the reader returns or the signal fires.
   * The stream fails when the subgraph cannot be reached any more. Left out by endpoints that cannot stream.
   */
  subscribe?(
    request: SubgraphRequest,
    headers: HeaderSource,
    signal?: AbortSignal,
  ): Promise<AsyncIterableIterator<SubgraphResponse>>;
}
