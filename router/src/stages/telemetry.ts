import type { Logger } from '@platform/foundation/logging';
import type { Metrics } from '@platform/foundation/metrics';
import { ATTR_GRAPHQL_OPERATION_NAME, ATTR_GRAPHQL_OPERATION_TYPE, inSpan } from '@platform/foundation/tracing';
import { type Answer, hasData, type OperationContext } from '../operation.js';
import { RouterMetrics } from '../router-metrics.js';
import type { AroundStage } from '../stage.js';

/** Measures every operation under its name, makes a span of it, and logs one line for it. */
export const telemetry =
  (metrics: Metrics, logger: Logger): AroundStage =>
  async (context, next) => {
    const started = performance.now();
    const answer = await inSpan('GraphQL Operation', {}, async (span) => {
      const inner = await next();
      const type = context.operation?.node.operation;
      if (type) span?.updateName(type);
      span?.setAttributes({ [ATTR_GRAPHQL_OPERATION_NAME]: nameOf(context), [ATTR_GRAPHQL_OPERATION_TYPE]: type });
      span?.setAttributes({
        'graphql.operation.outcome': outcomeOf(inner),
        'tenant.id': context.caller?.tenantId || undefined,
      });
      return inner;
    });
    const seconds = (performance.now() - started) / 1000;

    const operation = context.operation?.node;
    const outcome = outcomeOf(answer);
    metrics.of(RouterMetrics).operationDuration.observe(
      {
        operation: metrics.of(RouterMetrics).operationLabel(operation?.name?.value),
        type: operation?.operation ?? 'unknown',
        outcome,
      },
      seconds,
    );
    logger.debug(
      { operation: nameOf(context), outcome, durationMs: Math.round(seconds * 1000) },
      'operation completed',
    );
    return answer;
  };

const nameOf = ({ operation }: OperationContext): string => operation?.node.name?.value ?? 'anonymous';

/** A stream that has begun is a success; what becomes of it is not known yet. */
function outcomeOf(answer: Answer): 'success' | 'partial' | 'error' {
  if ('stream' in answer) return 'success';
  const { result } = answer;
  if (!result.errors?.length) return 'success';
  return hasData(result) ? 'partial' : 'error';
}
