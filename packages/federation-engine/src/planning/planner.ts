import { type Supergraph as FederationSupergraph, operationFromDocument } from '@apollo/federation-internals';
import { type QueryPlan, QueryPlanner, type QueryPlannerConfig } from '@apollo/query-planner';
import { type DocumentNode, print } from 'graphql';

/** What a plan depends on, as text that another thread can read. */
export interface PlanRequest {
  readonly document: string;
  readonly overrides: readonly (readonly [label: string, inEffect: boolean])[];
}

/** What another thread makes plans of. */
export interface PlanningSource {
  readonly supergraph: string;
  readonly config: QueryPlannerConfig;
}

/** A plan that was made elsewhere, or why there is none. */
export type MadePlan = { readonly plan: QueryPlan } | { readonly failure: Error };

/** Plans by `keyOf` what they were made for. */
export type MadePlans = ReadonlyMap<string, MadePlan>;

/** A plan is wanted that has not been made yet. */
class PlanWanted extends Error {
  constructor(readonly request: PlanRequest) {
    super('A plan is wanted');
  }
}

/** Makes plans on this thread, or takes those that were made ahead on another one. Its own planner is built when first needed. */
export class Planner {
  private own: QueryPlanner | undefined;
  /** Of the request that is being planned; undefined: plans are made here. */
  private made: MadePlans | undefined;

  constructor(
    private readonly supergraph: FederationSupergraph,
    private readonly text: () => string,
    private readonly config: QueryPlannerConfig,
  ) {}

  get source(): PlanningSource {
    return { supergraph: this.text(), config: this.config };
  }

  /** Throws whatever the planner throws. */
  buildQueryPlan(document: DocumentNode, overrideConditions: ReadonlyMap<string, boolean>): QueryPlan {
    if (this.made) {
      const request = { document: print(document), overrides: [...overrideConditions] };
      const made = this.made.get(keyOf(request));
      if (!made) throw new PlanWanted(request);
      if ('failure' in made) throw made.failure;
      return made.plan;
    }
    this.own ??= new QueryPlanner(this.supergraph, this.config);
    const operation = operationFromDocument(this.supergraph.apiSchema(), document);
    return this.own.buildQueryPlan(operation, { overrideConditions: new Map(overrideConditions) });
  }

  /** What `use` makes of plans that have been made, or the first plan that it wants besides. Throws what `use` throws. */
  using<T>(made: MadePlans, use: () => T): { readonly value: T } | { readonly wanted: PlanRequest } {
    this.made = made;
    try {
      return { value: use() };
    } catch (error) {
      if (isPlanWanted(error)) return { wanted: error.request };
      throw error;
    } finally {
      this.made = undefined;
    }
  }
}

/** Not a failure: whoever turns the planner's failures into others lets it pass. */
export const isPlanWanted = (error: unknown): error is PlanWanted => error instanceof PlanWanted;

/** Equal for requests that lead to the same plan. */
export const keyOf = ({ document, overrides }: PlanRequest): string => `${JSON.stringify(overrides)}\n${document}`;
