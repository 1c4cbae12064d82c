import { type Supergraph as FederationSupergraph, operationFromDocument } from '@apollo/federation-internals';
import { type QueryPlan, QueryPlanner, type QueryPlannerConfig } from '@apollo/query-planner';
import { type DocumentNode, print } from 'graphql';
import { LRUCache } from 'lru-cache';

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

/** Made plans that wait to be taken. */
const MOST_MADE = 64;

/** A plan is wanted that has not been made yet. */
class PlanWanted extends Error {
  constructor(readonly request: PlanRequest) {
    super('A plan is wanted');
  }
}

/** Makes plans on this thread, or takes those that were made ahead on another one. Its own planner is built when first needed. */
export class Planner {
  private own: QueryPlanner | undefined;
  private readonly made = new LRUCache<string, MadePlan>({ max: MOST_MADE });
  private ahead = false;

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
    if (this.ahead || this.made.size > 0) {
      const request = { document: print(document), overrides: [...overrideConditions] };
      const made = this.made.get(keyOf(request));
      if (made && 'failure' in made) throw made.failure;
      if (made) return made.plan;
      if (this.ahead) throw new PlanWanted(request);
    }
    this.own ??= new QueryPlanner(this.supergraph, this.config);
    const operation = operationFromDocument(this.supergraph.apiSchema(), document);
    return this.own.buildQueryPlan(operation, { overrideConditions: new Map(overrideConditions) });
  }

  /** The first plan that `use` wants and that has not been made; undefined when it wants none. Throws what `use` throws. */
  wantedBy(use: () => unknown): PlanRequest | undefined {
    this.ahead = true;
    try {
      use();
      return undefined;
    } catch (error) {
      if (isPlanWanted(error)) return error.request;
      throw error;
    } finally {
      this.ahead = false;
    }
  }

  provide(request: PlanRequest, made: MadePlan): void {
    this.made.set(keyOf(request), made);
  }
}

/** Not a failure: whoever turns the planner's failures into others lets it pass. */
export const isPlanWanted = (error: unknown): error is PlanWanted => error instanceof PlanWanted;

/** Equal for requests that lead to the same plan. */
export const keyOf = ({ document, overrides }: PlanRequest): string => `${JSON.stringify(overrides)}\n${document}`;
