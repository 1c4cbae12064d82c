import type { SubgraphInfrastructure } from '@platform/subgraph-server/subgraph';
import type { IdentityConfig } from '../../config.js';
import type { Credentials, LoginThrottle } from '../credentials/index.js';
import type { ManagedUsers } from '../managed-users.js';
import type { SessionRevocation } from '../session-revocation.js';
import { AuthenticatedSessions } from './authenticated-sessions.js';
import { Challenges } from './challenges.js';
import { FactorService } from './factor.service.js';
import { OwnerProofs } from './owner-proofs.js';
import { PasskeyService } from './passkey.service.js';
import { Passkeys } from './passkeys.js';
import { ReauthenticationService } from './reauthentication.service.js';
import { RecentAuthentication } from './recent-authentication.js';
import { RecoveryCodes } from './recovery-codes.js';
import { SecondFactors } from './second-factors.js';
import { TotpFactors } from './totp-factors.js';

/** What second factors share with accounts and sessions. */
interface Shared {
  readonly credentials: Credentials;
  readonly throttle: LoginThrottle;
  readonly managed: ManagedUsers;
  readonly sessionRevocation: SessionRevocation;
}

/** What proves who a user is beside a password, and that they are still there. */
export function factorServices(
  {
    config,
    database,
    outbox,
    revocations,
    clock,
    logger,
  }: Pick<
    SubgraphInfrastructure<{ identity: IdentityConfig }>,
    'config' | 'database' | 'outbox' | 'revocations' | 'clock' | 'logger'
  >,
  { credentials, throttle, managed, sessionRevocation }: Shared,
) {
  const { app, identity: own } = config;
  const encryptionSecret = own.keyEncryptionSecret;
  const { hostname, origin } = new URL(app.publicUrl);
  const party = {
    id: own.passkeys.relyingPartyId ?? hostname,
    name: app.name,
    origins: [origin, ...own.passkeys.origins],
  };
  const passkeys = new Passkeys(party, clock, logger);
  const codes = new RecoveryCodes(clock, encryptionSecret);
  const totp = new TotpFactors(clock, { issuer: app.name, encryptionSecret });
  const factors = new SecondFactors(totp, codes, passkeys, throttle);
  const challenges = new Challenges(database, clock);
  const sessions = new AuthenticatedSessions(revocations, clock);
  const recent = new RecentAuthentication(database, clock, own.reauthenticateAfter);
  const proofs = new OwnerProofs(database, credentials, recent);
  return {
    factors,
    challenges,
    recent,
    proofs,
    own: new FactorService(database, outbox, {
      factors,
      recent,
      sessions,
      proofs,
      managed,
      sessionRevocation,
    }),
    passkeys: new PasskeyService(database, outbox, { passkeys, codes, challenges, recent, sessions }),
    reauthentication: new ReauthenticationService(
      database,
      outbox,
      { sessions, credentials, challenges, factors },
      clock,
    ),
  };
}

export type FactorServices = ReturnType<typeof factorServices>;
