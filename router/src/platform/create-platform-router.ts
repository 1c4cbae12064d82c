import { CallerTokenSigner, type RevocationVersions } from '@platform/auth';
import type { EventBus } from '@platform/events';
import { type Config, InvalidConfig, type ProcessConfig } from '@platform/foundation/config';
import type { Mailbox } from '@platform/mail';
import type { SubgraphEndpoint } from '@platform/subgraph-client/endpoints';
import { CALLER_TOKEN_HEADER } from '@platform/subgraph-client/headers';
import { createAuditReports } from '../audit-reports/index.js';
import { followEvents } from '../caching/index.js';
import type { routerSections } from '../config.js';
import { createRouter } from '../create-router.js';
import { developmentPages } from '../dev-ui/index.js';
import { requestHeaders } from '../headers/index.js';
import type { Router, RouterDependencies } from '../router-options.js';
import { unknownNames } from '../subgraph-names.js';
import { registerExternalLogin } from './external-login-endpoint.js';
import { platformAuth } from './platform-auth.js';
import { registerKeys } from './signing-keys-endpoint.js';
import { addSubgraphChecks } from './subgraph-checks.js';

interface PlatformRouterDependencies extends RouterDependencies {
  readonly config: Pick<ProcessConfig, 'platform' | 'tenancy' | 'server' | 'app' | 'callerToken' | 'kafka'> &
    Config<typeof routerSections>;
  readonly revocations: RevocationVersions;
  readonly mailbox: Mailbox;
  /** Whose events invalidate cached responses; left out where none reach the router. */
  readonly bus?: Pick<EventBus, 'consume' | 'onEvent'>;
  readonly endpoint: (subgraph: string) => SubgraphEndpoint;
}

/** The platform's router: access tokens by identity's keys, permissions by authz, a signed caller token for each subgraph. @throws CompositionFailed, InvalidConfig */
export function createPlatformRouter(given: PlatformRouterDependencies): Router {
  const { config, endpoint, health, logger, bus, redis } = given;
  const { tenantId } = config.platform;
  const signer = new CallerTokenSigner(config.callerToken.privateKey, config.callerToken.lifetime);
  const { auth, keys } = platformAuth(given, signer);
  const pages = developmentPages(given);
  const router = createRouter({
    ...given,
    auth,
    subgraphs: {
      connect: () => ({ endpoint }),
      headers: async (on, subgraph) => ({
        ...requestHeaders(on),
        [CALLER_TOKEN_HEADER]: await signer.sign(on.caller, subgraph),
      }),
    },
    audit: createAuditReports(given, signer),
    explorer: pages?.explorer,
  });
  registerKeys(router.http.app, keys, router.failures.add);
  registerExternalLogin(router.http.app, {
    endpoint,
    signer,
    tenantId,
    publicUrl: config.app.publicUrl,
    onFailure: router.failures.add,
  });
  pages?.register(router.http.app);
  if (bus && router.responseCache) {
    const shared = Boolean(redis) && config.kafka.brokers !== null;
    followEvents(bus, config.router.cache, router.responseCache, { shared, logger });
  }
  const unknown = unknownNames(config.router, [...router.supergraphs.engine.supergraph.subgraphs.keys()]);
  if (unknown.length > 0) throw new InvalidConfig(unknown);
  addSubgraphChecks(health, router.supergraphs, { endpoint, tokens: signer, tenantId });
  return router;
}
