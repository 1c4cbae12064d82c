import type { CallerTokenSigner, RevocationVersions } from '@platform/auth';
import type { Config, ProcessConfig } from '@platform/foundation/config';
import type { SubgraphEndpoint } from '@platform/subgraph-client/endpoints';
import { ApiKeyUses } from '../authentication/api-key-uses.js';
import { ApiKeyTokens } from '../authentication/api-keys.js';
import type { JwksCache } from '../authentication/jwks-cache.js';
import { PrincipalResolver } from '../authentication/principal-resolver.js';
import { observeReading } from '../authentication/repeated-reading.js';
import { SessionAuthorityClient } from '../authentication/session-authority-client.js';
import { TokenVerifier } from '../authentication/token-verifier.js';
import type { routerSections } from '../config.js';
import { FailureReport } from '../failure-report.js';
import { RequestedOrganization } from '../organizations/index.js';
import { permissionCodes } from '../policies/index.js';
import type { AuthOptions, RouterDependencies } from '../router-options.js';

interface PlatformAuthDependencies extends Pick<RouterDependencies, 'logger' | 'metrics' | 'errors'> {
  readonly config: Pick<Config<typeof routerSections>, 'router'> & Pick<ProcessConfig, 'platform' | 'tenancy'>;
  readonly revocations: RevocationVersions;
  readonly endpoint: (subgraph: string) => SubgraphEndpoint;
}

/** Callers by identity's access tokens, sessions and API keys, with authz's permissions, for as long as both hold. */
export function platformAuth(
  parts: PlatformAuthDependencies,
  signer: CallerTokenSigner,
): { auth: AuthOptions; keys: JwksCache } {
  const { config, revocations, endpoint, errors, metrics, logger } = parts;
  const { tenantId } = config.platform;
  const multiTenant = config.tenancy.mode === 'multi';
  const { subgraphTimeout: timeout, jwksRefresh, jwt, clockSkew, callerCache, callerCacheLifetime } = config.router;
  const keysObserver = observeReading('signing_keys', parts);
  const owners = new SessionAuthorityClient(endpoint, signer, revocations, {
    tenantId,
    timeout,
    jwksRefresh,
    keysObserver,
  });
  const { add: onFailure } = new FailureReport(errors, metrics, logger);
  const callers = new PrincipalResolver(owners, revocations, {
    tenantId,
    memory: callerCache,
    lifetime: callerCacheLifetime,
    onFailure,
  });
  // RFC 9068.
  const rules = { ...jwt, clockSkew, type: 'at+jwt', requiredClaims: ['exp', 'sub'], scopeClaim: 'scope' };
  const changes = { stamps: revocations, checkInterval: config.router.subscriptions.checkInterval };
  return {
    auth: {
      tokens: new ApiKeyTokens(new TokenVerifier(owners.keys, rules), (hash) => owners.apiKeyBy(hash)),
      callers,
      keyUses: new ApiKeyUses((use) => owners.apiKeyUsed(use), onFailure),
      organizations: multiTenant ? new RequestedOrganization(config.tenancy) : undefined,
      policies: permissionCodes,
      changes,
    },
    keys: owners.keys,
  };
}
