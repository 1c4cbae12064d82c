import type { CallerTokenSigner } from '@platform/auth';
import type { LifecycleComponent } from '@platform/foundation/lifecycle';
import type { Logger } from '@platform/foundation/logging';
import type { Metrics } from '@platform/foundation/metrics';
import type { SubgraphEndpoint } from '@platform/subgraph-client/endpoints';
import type { GraphQLFormattedError } from 'graphql';
import { AuditReportMetrics } from './audit-report-metrics.js';
import { AuditReports, FIELDS_READ, FIELDS_REFUSED, type ReportKind } from './audit-reports.js';
import { AuditedFields } from './audited-fields.js';

/** Who hears what callers are refused, and what they read. */
export interface AuditOptions {
  readonly onRefused: (refusals: readonly GraphQLFormattedError[]) => void;
  /** Left out where reading leaves no trace. */
  readonly reads?: { readonly fields: AuditedFields; readonly report: (coordinates: readonly string[]) => void };
  readonly components: readonly LifecycleComponent[];
}

interface ReportBounds {
  readonly interval: number;
  readonly maxEntries: number;
}

interface AuditReportsDependencies {
  readonly config: {
    readonly platform: { readonly tenantId: string };
    readonly router: { readonly denials: ReportBounds; readonly reads: ReportBounds };
    readonly audit: ConstructorParameters<typeof AuditedFields>[0];
  };
  readonly endpoint: (subgraph: string) => SubgraphEndpoint;
  readonly metrics: Metrics;
  readonly logger: Logger;
}

/** What the audit log is told of callers: what they were refused and, where `audit.include` names fields, what they have read. */
export function createAuditReports(parts: AuditReportsDependencies, signer: CallerTokenSigner): AuditOptions {
  const { config, endpoint, metrics, logger } = parts;
  const { tenantId } = config.platform;
  const reports = (kind: ReportKind, bounds: ReportBounds): AuditReports => {
    const onUntold = (count: number) => metrics.of(AuditReportMetrics).dropped.inc({ action: kind.action }, count);
    return new AuditReports(() => endpoint('audit'), signer, { kind, tenantId, ...bounds, onUntold }, logger);
  };
  const denials = reports(FIELDS_REFUSED, config.router.denials);
  const reads = reports(FIELDS_READ, config.router.reads);
  return {
    components: [denials, reads],
    onRefused: (refusals) => denials.add(fieldsOf(refusals)),
    reads: config.audit.include.length > 0 ? { fields: new AuditedFields(config.audit), report: reads.add } : undefined,
  };
}

/** Paths of what was refused, without the places in lists. */
const fieldsOf = (refusals: readonly GraphQLFormattedError[]): string[] => [
  ...new Set(refusals.map(({ path }) => (path ?? []).filter((step) => typeof step === 'string').join('.'))),
];
