import type { Supergraph as FederationSupergraph } from '@apollo/federation-internals';
import type { QueryPlan, QueryPlannerConfig } from '@apollo/query-planner';
import type { DocumentNode } from 'graphql';

/** What a plan depends on besides the supergraph. */
export interface PlanRequest {
  readonly document: DocumentNode;
  /** By the label of each progressive override, whether it is in effect. */
  readonly overrides: ReadonlyMap<string, boolean>;
}

/** What planners make plans of. */
export interface PlanningSource {
  readonly supergraph: FederationSupergraph;
  /** The same as SDL, for other threads. */
  readonly sdl: () => string;
  readonly config: QueryPlannerConfig;
}

/** Makes the query plans of one supergraph: on this thread, or on others. */
export interface Planner {
  /** Rejects with PlanningFailed, PlanningTimeout or PlannerOverloaded. */
  plan(request: PlanRequest): Promise<QueryPlan>;
  /** Gives back what outlives requests. */
  close(): void;
}
