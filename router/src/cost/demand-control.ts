import type { Operation, Variables } from '@platform/federation-engine';
import type { CodedError } from '@platform/foundation/errors';
import type { Logger } from '@platform/foundation/logging';
import type { Metrics } from '@platform/foundation/metrics';
import { OperationTypeNode } from 'graphql';
import { OperationLimitMetrics } from '../limits/index.js';
import type { Answer, Result, SingleAnswer } from '../operation.js';
import type { CostConfig } from './budgets.js';
import { CostMetrics } from './cost-metrics.js';
import { ActualTooExpensive, EstimateTooExpensive } from './errors.js';
import { type Estimate, OperationCosts } from './operation-costs.js';

interface Parts {
  readonly metrics: Metrics;
  readonly logger: Logger;
}

/** An error class; an error, with its stack, costs more than to count it. */
interface RefusalOf<Details extends unknown[]> {
  readonly code: string;
  new (...details: Details): CodedError;
}

/** Which operations are too expensive, and how clients, metrics and log hear of costs. */
export class DemandControl {
  private readonly costs: OperationCosts;

  constructor(
    readonly config: CostConfig,
    private readonly parts: Parts,
  ) {
    this.costs = new OperationCosts(config.listSize);
  }

  /** @param budget null: not bounded. @throws EstimateTooExpensive before anything runs, SlicingArgumentRequired */
  estimate(operation: Operation, variables: Variables, budget: number | null): Estimate | undefined {
    const estimate = this.measured(operation, variables);
    if (!estimate) return undefined;
    this.parts.metrics.of(CostMetrics).estimated.observe(estimate.total);
    if (budget !== null && estimate.total > budget) this.refuse(EstimateTooExpensive, estimate.total, budget);
    for (const [subgraph, maximum] of Object.entries(this.config.bySubgraph)) {
      const cost = estimate.bySubgraph.get(subgraph) ?? 0;
      if (cost > maximum) this.refuse(EstimateTooExpensive, cost, maximum, subgraph);
    }
    return estimate;
  }

  /** What the answer's data have cost; undefined for streams, whose data are yet to come. */
  actual(operation: Operation, variables: Variables, answer: Answer): number | undefined {
    const data = 'stream' in answer ? undefined : answer.result.merged?.();
    if (!data) return undefined;
    const actual = this.costs.actual(operation, data, variables);
    this.parts.metrics.of(CostMetrics).actual.observe(actual);
    return actual;
  }

  /** The answer as the client gets it. What a mutation has done is told, whatever it cost. @throws ActualTooExpensive */
  answer(answer: SingleAnswer, operation: Operation, estimate: Estimate, actual: number): SingleAnswer {
    const { actualMaximum, report } = this.config;
    if (actualMaximum !== null && actual > actualMaximum && operation.type !== OperationTypeNode.MUTATION) {
      this.refuse(ActualTooExpensive, actual, actualMaximum);
    }
    if (!report) return answer;
    const { json: _, merged: __, ...result }: Result = answer.result;
    const cost = { estimated: estimate.total, actual };
    return { ...answer, result: { ...result, extensions: { ...result.extensions, cost } } };
  }

  private measured(operation: Operation, variables: Variables): Estimate | undefined {
    try {
      return this.costs.estimate(operation, variables);
    } catch (error) {
      if (this.config.mode === 'enforce') throw error;
      this.parts.logger.warn({ err: error }, 'operation cost estimate failed');
      return undefined;
    }
  }

  /** Where costs are only measured, a busy router has many of these: they are counted, and logged for those who look closely. */
  private refuse<Details extends unknown[]>(Refusal: RefusalOf<Details>, ...details: Details): void {
    const { code } = Refusal;
    const enforced = this.config.mode === 'enforce';
    this.parts.metrics.of(OperationLimitMetrics).exceeded.inc({ code, enforced: String(enforced) });
    if (enforced) throw new Refusal(...details);
    this.parts.logger.debug({ code, details }, 'operation cost exceeded');
  }
}
