import type { SubgraphResponse } from '../base/endpoint.js';
import type { EntityRequest, EntityRequests } from '../plan/entity-requests.js';
import type { RootFetchNode } from '../plan/fetch-nodes.js';
import type { RequestTemplate } from '../plan/request-template.js';
import type { EntityBatch } from './entity-batch.js';
import type { Freshness } from './freshness.js';
import type { SharedResult } from './request-deduplicator.js';

/** What an execution fetches with. Rejects with SubgraphFailure or OperationAborted. */
export interface Fetches {
  root(node: RootFetchNode): Promise<SharedResult<SubgraphResponse>>;
  /** @param request for the groups of the batches, in their order; one of `requests`. */
  entities(
    requests: EntityRequests,
    request: EntityRequest,
    batches: readonly EntityBatch[],
  ): Promise<SharedResult<SubgraphResponse>>;
  /** For how long the answer to the client holds; undefined where nobody keeps count. */
  readonly freshness?: Freshness;
}

/** An answer, and whether it was asked for by this call: what others had begun may be older than it. */
export interface FetchResult extends SharedResult<SubgraphResponse> {
  readonly own: boolean;
}

/** Representations of one selection of `_entities`, as JSON text. */
export type EntitySelection = Pick<EntityBatch, 'representations' | 'contextArguments'>;

/** Fetches with nothing between them and the subgraphs. */
export interface PlainFetches extends Fetches {
  root(node: RootFetchNode): Promise<FetchResult>;
  entities(
    requests: EntityRequests,
    request: EntityRequest,
    selections: readonly EntitySelection[],
  ): Promise<FetchResult>;
  /** The same for nobody who waits: it outlives the request, and counts towards no budget. */
  again(subgraph: string, template: RequestTemplate, variables: string): Promise<SubgraphResponse>;
  /** Those of the client's variables that the request uses, and the representations of the selections: as JSON text. */
  variables(
    template: RequestTemplate,
    selections?: readonly EntitySelection[],
    representations?: readonly string[],
  ): string;
  /** Rejects with SubgraphUnavailable. */
  headersFor(subgraph: string): Promise<Readonly<Record<string, string>>>;
  /** Counts what did not have to be fetched as what was. @throws ResponsesTooLarge */
  spend(subgraph: string, bytes: number): void;
}
