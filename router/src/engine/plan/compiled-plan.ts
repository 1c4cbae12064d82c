import type { CompiledFetch, EntityFetchNode } from './compiled-fetch.js';
import type { EntityRequests } from './entity-requests.js';
import type { RequestTemplate } from './request-template.js';

/** A fetch of root fields. */
export interface RootFetchNode {
  readonly kind: 'fetch';
  readonly fetch: CompiledFetch;
  readonly template: RequestTemplate;
  /** A mutation whose non-null root field is null stops what follows. */
  readonly mutation: boolean;
}

/** Entity fetches to one subgraph that travel together. */
export interface EntitiesNode {
  readonly kind: 'entities';
  readonly requests: EntityRequests;
}

/** A plan whose leaves are `Fetch`. */
export type PlanTree<Fetch> =
  | Fetch
  | { readonly kind: 'sequence' | 'parallel'; readonly nodes: readonly PlanTree<Fetch>[] }
  | {
      readonly kind: 'condition';
      readonly variable: string;
      readonly whenTrue?: PlanTree<Fetch>;
      readonly whenFalse?: PlanTree<Fetch>;
    };

export type PlannedNode = PlanTree<RootFetchNode | EntityFetchNode>;
export type BatchedNode = PlanTree<RootFetchNode | EntitiesNode>;

export interface CompiledPlan {
  readonly node: BatchedNode;
  /** Objects of one result may stand in several places: not when arguments come from around them. */
  readonly sharesResults: boolean;
  /** The subgraphs it may call. */
  readonly subgraphs: readonly string[];
  /** It only reads: others who ask the same at the same time may have its answers. */
  readonly shareable: boolean;
}
