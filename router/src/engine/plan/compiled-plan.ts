import type { ContextArguments } from './contexts.js';
import type { FlattenPath } from './flatten.js';
import type { Representations } from './representations.js';
import type { Rewrite } from './rewrites.js';

/** One request to one subgraph, everything known that does not depend on data. */
export interface CompiledFetch {
  readonly subgraph: string;
  readonly query: string;
  readonly operationName: string | undefined;
  readonly variables: readonly string[];
  /** Where its objects stand in the data; empty at the root. */
  readonly path: FlattenPath;
  readonly rewriteOutput: Rewrite | undefined;
  /** Names used towards the subgraph only, for the paths of its errors. */
  readonly renamedKeys: ReadonlyMap<string | number, string>;
  /** What it selects on the root or on its entities: where its failure shows. */
  readonly responseKeys: readonly string[];
}

/** A fetch of root fields. */
export interface RootFetchNode {
  readonly kind: 'fetch';
  readonly fetch: CompiledFetch;
  /** A mutation whose non-null root field is null stops what follows. */
  readonly mutation: boolean;
}

/** A fetch of `_entities` for the objects at the path. */
export interface EntityFetchNode {
  readonly kind: 'entities';
  readonly fetch: CompiledFetch;
  readonly representations: Representations;
  readonly contexts: ContextArguments | undefined;
}

export type PlannedNode =
  | RootFetchNode
  | EntityFetchNode
  | { readonly kind: 'sequence' | 'parallel'; readonly nodes: readonly PlannedNode[] }
  | {
      readonly kind: 'condition';
      readonly variable: string;
      readonly whenTrue?: PlannedNode;
      readonly whenFalse?: PlannedNode;
    };

export interface CompiledPlan {
  /** What is fetched; of a subscription, what completes each event. */
  readonly node: PlannedNode;
  /** Of a subscription: the stream that its events come from. */
  readonly primary: CompiledFetch | undefined;
  /** Objects of one result may stand in several places: not when arguments come from around them. */
  readonly sharesResults: boolean;
}
