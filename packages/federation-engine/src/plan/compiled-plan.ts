import type { EntityRequests } from './entity-requests.js';
import type { CompiledFetch, EntityFetchNode, PlanTree, RootFetchNode } from './fetch-nodes.js';

/** Entity fetches to one subgraph that travel together. */
export interface EntitiesNode {
  readonly kind: 'entities';
  readonly requests: EntityRequests;
}

export type PlannedFetch = RootFetchNode | EntityFetchNode;
export type PlannedNode = PlanTree<PlannedFetch>;
export type BatchedFetch = RootFetchNode | EntitiesNode;
export type BatchedNode = PlanTree<BatchedFetch>;

export interface CompiledPlan {
  /** Requests to subgraphs that it can lead to at most, the stream of a subscription included. */
  readonly fetches: number;
  /** Of the texts of these requests: what the plan weighs grows with them. */
  readonly characters: number;
  /** What is fetched; of a subscription, what completes each event. */
  readonly node: BatchedNode;
  /** Of a subscription: the stream that its events come from. */
  readonly primary: CompiledFetch | undefined;
  /** Objects of one result may stand in several places: not when arguments come from around them. */
  readonly sharesResults: boolean;
  /** The subgraphs it may call. */
  readonly subgraphs: readonly string[];
  /** How many requests bring what deferred parts wait for, by the id of the fetch. */
  readonly awaited: ReadonlyMap<string, number>;
  /** It only reads: others who ask the same at the same time may have its answers. */
  readonly shareable: boolean;
}

/** Requests that running the node can lead to. */
export function fetchesOf(node: BatchedNode | undefined): number {
  if (!node) return 0;
  switch (node.kind) {
    case 'fetch':
    case 'entities':
      return 1;
    case 'condition':
      return Math.max(fetchesOf(node.whenTrue), fetchesOf(node.whenFalse));
    case 'defer':
      return node.deferred.reduce((sum, part) => sum + fetchesOf(part.node), fetchesOf(node.primary));
    default:
      return node.nodes.reduce((sum, child) => sum + fetchesOf(child), 0);
  }
}
