import { PlanningFailed, SubgraphFailure, UnsupportedPlan } from '@platform/federation-engine';
import { Overloaded } from '@platform/foundation/admission';
import type { ErrorBus } from '@platform/foundation/errors';
import type { Logger } from '@platform/foundation/logging';
import type { Metrics } from '@platform/foundation/metrics';
import { codeOf, isClientError, statusOf } from './error-response.js';
import { RouterMetrics } from './router-metrics.js';

/**
 * Tells operators of every failure on our side that clients hear little of: once, with its cause, under the operation's name and hash
 * (which the request's context has), and counted by code. What a client did wrong is nobody's failure; of subgraphs the engine tells, of overload the admission.
 */
export class FailureReport {
  constructor(
    private readonly errors: ErrorBus,
    private readonly metrics: Metrics,
    private readonly logger: Logger,
  ) {}

  readonly add = (error: unknown): void => {
    if (error instanceof SubgraphFailure || error instanceof Overloaded) return;
    const coded = isClientError(error);
    if (!coded || error instanceof PlanningFailed || error instanceof UnsupportedPlan) {
      this.metrics.of(RouterMetrics).failures.inc({ code: coded ? codeOf(error) : 'INTERNAL_SERVER_ERROR' });
      this.errors.publish(error);
      return;
    }
    const code = codeOf(error);
    if ((statusOf(code) ?? 0) < 500) return;
    this.metrics.of(RouterMetrics).failures.inc({ code });
    this.logger.warn({ code, err: error.cause }, error.message);
  };
}
