import type { ContextArguments } from './contexts.js';
import type { FlattenPath } from './flatten.js';
import type { Representations } from './representations.js';
import type { RequestContents, RequestTemplate } from './request-template.js';
import type { Rewrite } from './rewrites.js';

/** One request to one subgraph, everything known that does not depend on data. */
export interface CompiledFetch extends RequestContents {
  /** Set where deferred parts wait for it. */
  readonly id: string | undefined;
  readonly subgraph: string;
  /** Where its objects stand in the data; empty at the root. */
  readonly path: FlattenPath;
  readonly rewriteOutput: Rewrite | undefined;
  /** Names used towards the subgraph only, for the paths of its errors. */
  readonly renamedKeys: ReadonlyMap<string | number, string>;
  /** What it selects on the root or on its entities: where its failure shows. */
  readonly responseKeys: readonly string[];
  /** Equal for fetches that select the same and treat the answer alike, whatever they are called. */
  readonly signature: string;
}

/** A fetch of root fields. */
export interface RootFetchNode {
  readonly kind: 'fetch';
  readonly fetch: CompiledFetch;
  readonly template: RequestTemplate;
  /** A mutation whose non-null root field is null stops what follows. */
  readonly mutation: boolean;
}

/** A fetch of `_entities` for the objects at the path, as the planner made it. */
export interface EntityFetchNode {
  readonly kind: 'entity';
  readonly fetch: CompiledFetch;
  readonly representations: Representations;
  readonly contexts: ContextArguments | undefined;
  /** For objects that lack something the whole fetch requires: see splitEntityFetch. */
  readonly parts: readonly EntityFetchNode[];
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
    }
  | DeferNode<Fetch>;

/** What is answered first, and what follows. */
export interface DeferNode<Fetch> {
  readonly kind: 'defer';
  readonly primary: PlanTree<Fetch> | undefined;
  readonly deferred: readonly DeferredFragment<Fetch>[];
}

/** The fetches of one deferred fragment. */
export interface DeferredFragment<Fetch> {
  /** Of the deferral. */
  readonly id: string;
  /** The fetches that it needs the data of, by id. */
  readonly after: readonly string[];
  /** Undefined where the fetches before bring all of it. */
  readonly node: PlanTree<Fetch> | undefined;
}
