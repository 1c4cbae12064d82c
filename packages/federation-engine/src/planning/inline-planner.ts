import { operationFromDocument } from '@apollo/federation-internals';
import { type QueryPlan, QueryPlanner } from '@apollo/query-planner';
import { PlanningFailed } from '../base/errors.js';
import type { Planner, PlanningSource, PlanRequest } from './planner.js';

/** Makes plans on the thread that answers requests, for as long as they take. Apollo's planner is built for the first of them. */
export class InlinePlanner implements Planner {
  private planner: QueryPlanner | undefined;

  constructor(private readonly source: PlanningSource) {}

  async plan({ document, overrides }: PlanRequest): Promise<QueryPlan> {
    const { supergraph, config } = this.source;
    try {
      this.planner ??= new QueryPlanner(supergraph, config);
      const operation = operationFromDocument(supergraph.apiSchema(), document);
      return this.planner.buildQueryPlan(operation, { overrideConditions: new Map(overrides) });
    } catch (error) {
      throw new PlanningFailed('The operation cannot be planned.', error);
    }
  }

  close(): void {}
}
