import { Periodic } from '@platform/foundation/lifecycle';
import type { SubgraphInfrastructure } from '@platform/subgraph-server/subgraph';
import type { IdentityConfig } from '../../config.js';
import type { AuthzClient } from '../authz-client.js';
import type { RecentAuthentication } from '../factors/index.js';
import { ApiKeyService } from './api-key.service.js';
import { KeyExpiry, keyRetention } from './key-expiry.js';
import { KeyIssuer } from './key-issuer.js';
import { MachineDirectory } from './machine-directory.js';
import { ServiceAccountService } from './service-account.service.js';

/** The services of programs that act by keys, and what works beside them (`background`). */
export function machineServices(
  {
    config,
    database,
    outbox,
    revocations,
    clock,
    logger,
    errors,
  }: SubgraphInfrastructure<{ identity: IdentityConfig }>,
  { authz, recent }: { readonly authz: AuthzClient; readonly recent: RecentAuthentication },
) {
  const { apiKeys } = config.identity;
  const rules = { prefix: config.app.keyPrefix, maxLifetime: apiKeys.maxLifetime };
  const issuer = new KeyIssuer(outbox, clock, rules);
  const expiry = new KeyExpiry(database, outbox, clock);
  return {
    directory: new MachineDirectory(database, clock),
    keys: new ApiKeyService(database, outbox, revocations, issuer, recent),
    accounts: new ServiceAccountService(database, outbox, revocations, { authz, issuer, recent }, clock),
    background: [
      new Periodic(() => expiry.announceDue(), {
        name: 'api-key-expiry',
        interval: apiKeys.expiryInterval,
        failure: 'announcement of expired API keys failed; retrying at the next check',
        logger,
      }),
      keyRetention(database, apiKeys.expiredRetention, errors),
    ],
  };
}
