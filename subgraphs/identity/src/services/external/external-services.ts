import type { SubgraphInfrastructure } from '@platform/subgraph-server/subgraph';
import type { IdentityConfig } from '../../config.js';
import type { RecentAuthentication } from '../factors/index.js';
import type { PendingRegistrations } from '../pending-registrations.js';
import type { SignIn } from '../sign-in/index.js';
import type { AccessTokens, OneTimeTokens } from '../tokens/index.js';
import { BrowserFlow } from './browser-flow.js';
import { ExternalAccounts } from './external-accounts.js';
import { ExternalLinkService } from './external-link.service.js';
import { ExternalLoginService } from './external-login.service.js';
import { ExternalProviders } from './external-providers.js';

/** What signing in at providers shares with accounts and sessions. */
interface Shared {
  readonly access: AccessTokens;
  /** The organization that every account belongs to; null where there are several. */
  readonly home: string | null;
  readonly oneTimeTokens: OneTimeTokens;
  readonly pending: PendingRegistrations;
  readonly recent: RecentAuthentication;
  readonly signIn: SignIn;
}

/** The services of external providers. */
export function externalServices(
  { config, database, outbox, clock, logger }: SubgraphInfrastructure<{ identity: IdentityConfig }>,
  { access, home, oneTimeTokens, pending, recent, signIn }: Shared,
) {
  const { app, api, identity } = config;
  const providers = new ExternalProviders(identity, api.publicUrl, clock, logger);
  const options = { publicUrl: app.publicUrl, secret: identity.keyEncryptionSecret };
  const flow = new BrowserFlow(database, providers, clock, options);
  const accounts = new ExternalAccounts(outbox, { pending, tokens: oneTimeTokens }, clock, home);
  return {
    providers,
    flow,
    logins: new ExternalLoginService(database, flow, { external: accounts, providers }, { signIn, access }),
    identities: new ExternalLinkService(database, outbox, recent, flow, accounts),
  };
}
