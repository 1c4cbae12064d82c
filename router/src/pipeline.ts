import type { OverrideRollout, ResponseCache } from '@platform/federation-engine';
import type { Admission } from '@platform/foundation/admission';
import type { Logger } from '@platform/foundation/logging';
import type { Metrics } from '@platform/foundation/metrics';
import type { UsageReporting } from './apollo/index.js';
import type { AuditOptions } from './audit-reports/index.js';
import type { AuthorizationErrorFormatter } from './authorization-error-formatter.js';
import type { DemandControl } from './cost/index.js';
import type { FailureReport } from './failure-report.js';
import type { ResponseHeaderPropagation } from './headers/index.js';
import type { DocumentLimits } from './limits/index.js';
import type { Pipeline } from './operation.js';
import type { PersistedQueries } from './persisted-queries/index.js';
import { PipelineBuilder } from './pipeline-builder.js';
import type { Policies } from './policies/index.js';
import type { RateLimits } from './rate-limits/index.js';
import { admit } from './stages/admit.js';
import { auditReads } from './stages/audit-reads.js';
import { type Authentication, authenticate } from './stages/authenticate.js';
import { type AuthorizationMode, authorize } from './stages/authorize.js';
import { boundHeavy } from './stages/bound-heavy.js';
import { cacheControlHeader } from './stages/cache-control-header.js';
import { coerceVariables } from './stages/coerce-variables.js';
import { cost } from './stages/cost.js';
import { executePlan, type SubgraphHeaders } from './stages/execute-plan.js';
import { holdAdmission } from './stages/hold-admission.js';
import { idempotency } from './stages/idempotency.js';
import { limitByIp } from './stages/limit-by-ip.js';
import { limitByOperation } from './stages/limit-by-operation.js';
import { limitByUser } from './stages/limit-by-user.js';
import { limits } from './stages/limits.js';
import { maskErrors } from './stages/mask-errors.js';
import { parse } from './stages/parse.js';
import { persistedQueries } from './stages/persisted-queries.js';
import { plan } from './stages/plan.js';
import { redactSubgraphErrors, type SubgraphErrorRules } from './stages/redact-subgraph-errors.js';
import { reportRateLimits } from './stages/report-rate-limits.js';
import { type ReportedDetails, reportUsage } from './stages/report-usage.js';
import { safelist } from './stages/safelist.js';
import { selectSupergraph } from './stages/select-supergraph.js';
import { subscribe } from './stages/subscribe.js';
import { telemetry } from './stages/telemetry.js';
import { validate } from './stages/validate.js';
import type { Subscriptions } from './subscriptions/index.js';
import type { Supergraphs } from './supergraphs/index.js';
import type { ConcurrencyLimiter } from './traffic/index.js';

export interface PipelineDependencies extends Authentication {
  readonly supergraphs: Supergraphs;
  readonly policies: Policies;
  readonly persisted: PersistedQueries;
  readonly limits: DocumentLimits;
  readonly demand: DemandControl;
  /** Who may run of the operations that cost more than so much; left out where estimates of cost refuse nothing. */
  readonly heavy?: { readonly bound: ConcurrencyLimiter; readonly above: number };
  readonly mode: AuthorizationMode;
  readonly refusals: AuthorizationErrorFormatter;
  readonly headers: SubgraphHeaders;
  readonly passed: ResponseHeaderPropagation;
  readonly overrides: OverrideRollout;
  /** Of one operation; null: not bounded. */
  readonly maxFetches: number | null;
  readonly subscriptions: Subscriptions;
  /** Undefined where no answers of subgraphs are cached. */
  readonly responseCache: ResponseCache | undefined;
  /** The client's headers that decide about answers, where clients are told for how long these hold; else null. */
  readonly varying: readonly string[] | null;
  readonly rateLimits: RateLimits;
  readonly admission: Admission;
  /** Root fields that have places of their own. */
  readonly alwaysAdmitted: readonly string[];
  readonly subgraphErrors: SubgraphErrorRules;
  /** Left out where nobody asked for reports. */
  readonly usage: UsageReporting | undefined;
  readonly reported: ReportedDetails;
  readonly reads?: AuditOptions['reads'];
  readonly failures: FailureReport;
  readonly metrics: Metrics;
  readonly logger: Logger;
}

/**
 * What happens to every operation, outermost first. Every transport runs this table. `before` acts on the way in, `around` on the way in
 * and on the way out, `answer` turns round.
 */
export const pipeline = ({
  supergraphs,
  headers,
  failures,
  metrics,
  logger,
  rateLimits,
  ...parts
}: PipelineDependencies): Pipeline =>
  new PipelineBuilder()
    .around(telemetry(metrics, logger))
    .aroundIf(parts.usage && reportUsage(parts.usage, parts.reported))
    .around(maskErrors(failures))
    .around(reportRateLimits(rateLimits))
    .around(redactSubgraphErrors(parts.subgraphErrors))
    .before(limitByIp(rateLimits), 'graphql.rate_limit_ip')
    .around(admit(parts.admission, parts.tokens, parts.alwaysAdmitted), 'graphql.admit')
    .before(authenticate(parts), 'graphql.authenticate')
    .before(limitByUser(rateLimits), 'graphql.rate_limit_user')
    .around(selectSupergraph(supergraphs))
    .around(persistedQueries(parts.persisted), 'graphql.persisted_queries')
    .before(parse(), 'graphql.parse')
    .before(holdAdmission(parts.alwaysAdmitted))
    .before(limits(parts.limits), 'graphql.operation_limits')
    .before(safelist(parts.persisted), 'graphql.safelist')
    .before(validate(), 'graphql.validate')
    .before(coerceVariables(), 'graphql.coerce_variables')
    .before(idempotency())
    .around(cost(parts.demand), 'graphql.demand_control')
    .before(limitByOperation(rateLimits), 'graphql.rate_limit_operation')
    .aroundIf(parts.heavy && boundHeavy(parts.heavy.bound, parts.heavy.above), 'graphql.cost_concurrency')
    .around(authorize(parts.mode, parts.policies, parts.refusals), 'graphql.authorize')
    .before(plan(parts.overrides, parts.maxFetches), 'graphql.plan')
    .aroundIf(parts.reads && auditReads(parts.reads.fields, parts.reads.report))
    .answerSome(subscribe(parts.subscriptions), 'graphql.subscribe')
    .aroundIf(parts.responseCache && parts.varying && cacheControlHeader(parts.varying))
    .answer(
      executePlan({ headers, passed: parts.passed, caching: parts.responseCache !== undefined }),
      'graphql.execute',
    );
