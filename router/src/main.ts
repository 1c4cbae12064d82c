import { CallerTokenSigner, type RevocationVersions } from '@platform/auth';
import type { EventBus } from '@platform/events';
import { type Config, InvalidConfig, type ProcessConfig } from '@platform/foundation/config';
import type { Mailbox } from '@platform/mail';
import type { SubgraphEndpoint } from '@platform/subgraph-client/endpoints';
import { CALLER_TOKEN_HEADER } from '@platform/subgraph-client/headers';
import type { GraphQLFormattedError } from 'graphql';
import {
  AuditedFields,
  AuditReportMetrics,
  AuditReports,
  FIELDS_READ,
  FIELDS_REFUSED,
  type ReportKind,
} from './audit-reports/index.js';
import type { JwksCache } from './authentication/jwks-cache.js';
import { PrincipalResolver } from './authentication/principal-resolver.js';
import { observeReading } from './authentication/repeated-reading.js';
import { SessionAuthorityClient } from './authentication/session-authority-client.js';
import { TokenVerifier } from './authentication/token-verifier.js';
import { followEvents, openResponseCache } from './caching/index.js';
import type { routerSections } from './config.js';
import { createEngine } from './create-engine.js';
import { explorerAtKnownHosts, explorerPage, registerDevelopmentPages } from './dev-ui/index.js';
import { FailureReport } from './failure-report.js';
import { requestHeaders } from './headers/index.js';
import { permissionCodes } from './policies/index.js';
import { type Router, type RouterFoundation, RouterFrame } from './router.js';
import { SubgraphCalls } from './subgraph-calls/index.js';
import { addSubgraphChecks } from './subgraph-checks.js';
import { unknownNames } from './subgraph-names.js';
import { registerKeys } from './transports/http/keys.js';

export { routerSections } from './config.js';
export {
  type ListedOperation,
  OperationCheck,
  type OperationMistake,
  readManifests,
} from './persisted-queries/index.js';
export type { LiveSettings, Router } from './router.js';
export {
  composeStandaloneRouter,
  mistakesAboutSubgraphs,
  type StandaloneConfig,
  standaloneSections,
} from './standalone/index.js';
export type { SupergraphSource } from './supergraphs/index.js';

interface PlatformRouterDependencies extends RouterFoundation {
  readonly config: Pick<ProcessConfig, 'platform' | 'server' | 'app' | 'callerToken' | 'kafka'> &
    Config<typeof routerSections>;
  readonly revocations: RevocationVersions;
  readonly mailbox: Mailbox;
  /** Whose events put kept answers out of date; left out where none reach the router. */
  readonly bus?: Pick<EventBus, 'consume' | 'onEvent'>;
  readonly endpoint: (subgraph: string) => SubgraphEndpoint;
}

/** The platform's router: access tokens by identity's keys, permissions by authz, a signed caller token for each subgraph. @throws CompositionFailed, InvalidConfig */
export async function composeRouter(given: PlatformRouterDependencies): Promise<Router> {
  const answers = openResponseCache(given);
  const parts = { ...given, answers };
  const { config, endpoint, bus, logger } = parts;
  if (answers && bus) {
    const shared = Boolean(parts.redis) && config.kafka.brokers !== null;
    followEvents(bus, config.router.cache, answers, { shared, logger });
  }
  const { tenantId } = config.platform;
  const signer = new CallerTokenSigner(config.callerToken.privateKey, config.callerToken.lifetime);
  const { subgraphTimeout: timeout, jwksRefresh } = config.router;
  const owners = new SessionAuthorityClient(endpoint, signer, parts.revocations, {
    tenantId,
    timeout,
    jwksRefresh,
    keysObserver: observeReading('signing_keys', parts),
  });
  const callers = new PrincipalResolver(owners, parts.revocations, {
    tenantId,
    memory: config.router.callerCache,
    lifetime: config.router.callerCacheLifetime,
    onFailure: new FailureReport(parts.errors, parts.metrics, logger).add,
  });

  const calls = new SubgraphCalls({ ...parts, timeoutMs: () => config.router.subgraphTimeout });
  const shaped = calls.around(endpoint);
  const router = new RouterFrame(parts, (supergraph) => ({ engine: createEngine(parts, supergraph, shaped) }));
  registerKeys(router.http.app, owners.keys, router.failures.add);
  const reports = (kind: ReportKind, bounds: { interval: number; maxEntries: number }): AuditReports => {
    const onUntold = (count: number) =>
      parts.metrics.of(AuditReportMetrics).dropped.inc({ action: kind.action }, count);
    const options = { kind, tenantId, ...bounds, onUntold };
    const made = new AuditReports(() => endpoint('audit'), signer, options, parts.logger);
    router.part.add(made);
    return made;
  };
  const denials = reports(FIELDS_REFUSED, config.router.denials);
  const reads = reports(FIELDS_READ, config.router.reads);
  router.serve({
    tokens: accessTokens(config.router, owners.keys),
    callers,
    policies: permissionCodes,
    onRefused: (refusals) => denials.add(fieldsOf(refusals)),
    ...(config.audit.include.length > 0 && { reads: { fields: new AuditedFields(config.audit), report: reads.add } }),
    headers: async (on, subgraph) => ({
      ...requestHeaders(on),
      [CALLER_TOKEN_HEADER]: await signer.sign(on.caller, subgraph),
    }),
    changes: { stamps: parts.revocations, checkInterval: config.router.subscriptions.checkInterval },
    explorer: config.router.developmentPages
      ? explorerAtKnownHosts(explorerPage(config.app.name), config.app.publicUrl)
      : undefined,
  });
  if (config.router.developmentPages) {
    registerDevelopmentPages(router.http.app, {
      mailbox: parts.mailbox,
      appName: config.app.name,
      publicUrl: config.app.publicUrl,
    });
  }
  const unknown = unknownNames(config.router, [...router.supergraphs.engine.supergraph.subgraphs.keys()]);
  if (unknown.length > 0) throw new InvalidConfig(unknown);
  addSubgraphChecks(parts.health, router.supergraphs, { endpoint, tokens: signer, tenantId });
  return router;
}

/** Paths of what was refused, without the places in lists. */
const fieldsOf = (refusals: readonly GraphQLFormattedError[]): string[] => [
  ...new Set(refusals.map(({ path }) => (path ?? []).filter((step) => typeof step === 'string').join('.'))),
];

/** Identity's access tokens (RFC 9068). */
const accessTokens = (
  { jwt, clockSkew }: PlatformRouterDependencies['config']['router'],
  keys: JwksCache,
): TokenVerifier =>
  new TokenVerifier(keys, {
    ...jwt,
    clockSkew,
    type: 'at+jwt',
    requiredClaims: ['exp', 'sub'],
    scopeClaim: 'scope',
  });
