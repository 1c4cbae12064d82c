import { MailQueue } from '@platform/mail-queue';
import { defineSubgraph, PeerClient, type SubgraphInfrastructure } from '@platform/subgraph-server/subgraph';
import { type IdentityConfig, identitySections } from './config.js';
import {
  ApiKey,
  Challenge,
  Credential,
  EmailChange,
  ExternalIdentity,
  ExternalLogin,
  Invitation,
  Membership,
  OneTimeToken,
  Organization,
  Passkey,
  RecoveryCode,
  RefreshToken,
  Registration,
  ServiceAccount,
  Session,
  SigningKey,
  TotpFactor,
  User,
} from './entities/index.js';
import {
  eraseEventCopiesWhenUserDeleted,
  foundPersonalOrganizationWhenVerified,
  mailHandlers,
} from './events/index.js';
import { identityLoaders } from './loaders/index.js';
import { access, repeatable, targets } from './permissions.js';
import {
  AccountResolver,
  AccountStateResolver,
  ApiKeyResolver,
  AuthPayloadResolver,
  EmailChangeResolver,
  ExternalIdentityResolver,
  FactorResolver,
  forPlatform,
  InvitationResolver,
  LoginResolver,
  MembershipResolver,
  OrganizationResolver,
  PasskeyResolver,
  RegistrationResolver,
  references,
  ServiceAccountResolver,
  SessionResolver,
  SigningKeyResolver,
  UserResolver,
} from './resolvers/index.js';
import { AccountMails } from './services/account-mails.js';
import { AccountRecovery } from './services/account-recovery.js';
import { AccountSeeder } from './services/account-seeder.js';
import { AccountStates } from './services/account-states.js';
import { AUTHZ_REJECTIONS, AuthzClient } from './services/authz-client.js';
import { ConstantTimeResponse } from './services/constant-time-response.js';
import { Credentials, KnownNetworks, LoginThrottle, PasswordHasher } from './services/credentials/index.js';
import { EmailChangeMails, EmailChangeService } from './services/email-change/index.js';
import { EmailVerificationService } from './services/email-verification.service.js';
import { Erasure } from './services/erasure.js';
import { externalServices } from './services/external/index.js';
import { factorServices } from './services/factors/index.js';
import { housekeeping } from './services/housekeeping.js';
import { machineServices } from './services/machines/index.js';
import { MailBudget } from './services/mail-budget.js';
import { ManagedUsers } from './services/managed-users.js';
import { Admission, Memberships, OrganizationErasure, organizationServices } from './services/organizations/index.js';
import { PasswordChangeService } from './services/password-change.service.js';
import { PasswordResetService } from './services/password-reset.service.js';
import { PendingRegistrations } from './services/pending-registrations.js';
import { ProfileService } from './services/profile.service.js';
import { RefreshService } from './services/refresh.service.js';
import { RegistrationService } from './services/registration.service.js';
import { SecurityNotices } from './services/security-notices.js';
import { SessionService } from './services/session.service.js';
import { SessionRevocation } from './services/session-revocation.js';
import { SignIn, signInServices } from './services/sign-in/index.js';
import {
  AccessTokens,
  KeyRotation,
  OneTimeTokens,
  RefreshTokens,
  RoleNames,
  rotationSchedule,
  SigningKeys,
} from './services/tokens/index.js';
import { UserAdministrationService } from './services/user-administration.service.js';
import { UserDirectory } from './services/user-directory.js';

type Infrastructure = SubgraphInfrastructure<{ identity: IdentityConfig }>;

/** What the command line does with accounts and keys, beside a running subgraph or without one. */
export const identityServices = ({
  config,
  database,
  outbox,
  revocations,
  clock,
}: Pick<Infrastructure, 'config' | 'database' | 'outbox' | 'revocations' | 'clock'>) => {
  const hasher = new PasswordHasher(config.identity.argon2);
  return {
    accounts: new AccountSeeder(database, outbox, hasher, clock),
    organizationErasure: new OrganizationErasure(database, outbox, clock),
    recovery: new AccountRecovery(database, outbox, hasher, new SessionRevocation(revocations, clock), clock),
    keys: new KeyRotation(
      new SigningKeys(database, revocations, clock, config.identity),
      outbox,
      clock,
      config.identity,
    ),
  };
};

/** Users, credentials, sessions and tokens. */
export const identity = defineSubgraph({
  name: 'identity',
  entities: [
    User,
    Credential,
    TotpFactor,
    RecoveryCode,
    Passkey,
    Challenge,
    Session,
    RefreshToken,
    Registration,
    OneTimeToken,
    EmailChange,
    ExternalIdentity,
    ExternalLogin,
    SigningKey,
    Organization,
    Membership,
    Invitation,
    ServiceAccount,
    ApiKey,
  ],
  sections: identitySections,
  needs: ['app.publicUrl', 'api.publicUrl', 'callerToken.privateKey', 'mail.transport', 'mail.from'],
  compose: (infrastructure) => {
    const { config, database, outbox, revocations, cache, clock, mailer, logger, callerTokens, endpoint } =
      infrastructure;
    const { app, identity: own } = config;

    const hasher = new PasswordHasher(own.argon2);
    const networks = new KnownNetworks(database, cache);
    const throttle = new LoginThrottle(cache, networks, clock, own.loginThrottle);
    const credentials = new Credentials(database, hasher, throttle, clock);

    const signingKeys = new SigningKeys(database, revocations, clock, own);
    const rotation = new KeyRotation(signingKeys, outbox, clock, own);
    const schedule = rotationSchedule(rotation, own.keyRotation.checkInterval, config.platform.tenantId, logger);
    const roleNames = new RoleNames(endpoint('authz'), callerTokens, logger, own.rolesTimeout);
    const accessTokens = new AccessTokens(signingKeys, roleNames, clock, own);
    const refreshTokens = new RefreshTokens(clock, own);
    const oneTimeTokens = new OneTimeTokens(clock);
    const sessionRevocation = new SessionRevocation(revocations, clock);
    const erasure = new Erasure(outbox, revocations, clock);
    const budget = new MailBudget(cache, networks, own.mailBudget, logger);

    const peer = { name: 'authz', endpoint: endpoint('authz'), callerTokens, refusals: AUTHZ_REJECTIONS };
    const authz = new AuthzClient(
      new PeerClient({ ...peer, timeout: own.authorizationTimeout }),
      new PeerClient({ ...peer, timeout: own.lockedAuthorizationTimeout }),
      logger,
    );
    const home = config.tenancy.mode === 'single' ? config.platform.tenantId : null;
    const pending = new PendingRegistrations(credentials, clock, own.verificationLifetime, home);
    const memberships = new Memberships(database, clock);
    const admission = new Admission(authz, outbox, revocations, clock, home);
    const managed = new ManagedUsers(database, authz);

    const tokens = { oneTime: oneTimeTokens, refresh: refreshTokens, access: accessTokens };
    const links = { tokens: oneTimeTokens, budget };
    const registrations = new RegistrationService(
      database,
      outbox,
      credentials,
      pending,
      budget,
      clock,
      own.registration === 'open',
    );
    const verifications = new EmailVerificationService(database, outbox, links, pending);
    const resets = new PasswordResetService(database, outbox, credentials, links, pending, sessionRevocation);
    const protection = factorServices(infrastructure, { credentials, throttle, managed, sessionRevocation });
    const profiles = new ProfileService(database, outbox, { managed, proofs: protection.proofs, erasure }, clock);
    const { challenges, factors } = protection;
    const signIn = new SignIn(database, outbox, { refreshTokens, memberships, networks, challenges, factors });
    const entering = { credentials, throttle, challenges, factors, signIn, access: accessTokens };
    const logins = signInServices(database, entering);
    const refreshes = new RefreshService(database, outbox, refreshTokens, accessTokens, sessionRevocation, memberships);
    const sessions = new SessionService(
      database,
      managed,
      outbox,
      { refresh: refreshTokens, sessionRevocation },
      clock,
    );
    const passwords = new PasswordChangeService(
      database,
      outbox,
      { credentials, networks },
      tokens,
      sessionRevocation,
      memberships,
      clock,
    );
    const emailChanges = new EmailChangeService(
      database,
      outbox,
      { proofs: protection.proofs, budget, tokens: oneTimeTokens, sessionRevocation, erasure },
      clock,
      own,
    );
    const external = externalServices(infrastructure, {
      access: accessTokens,
      home,
      oneTimeTokens,
      pending,
      recent: protection.recent,
      signIn,
    });
    const mails = new AccountMails(mailer, oneTimeTokens, app, own);
    const changeMails = new EmailChangeMails(mailer, app, clock);
    const mailQueue = new MailQueue(
      mailHandlers(mails, new SecurityNotices(mailer, app), changeMails, external.providers),
      database,
      config.mail,
      infrastructure,
    );
    const effects = { sessionRevocation, erasure, pending, admission };
    const administration = new UserAdministrationService(database, managed, outbox, effects, clock);

    const shared = {
      admission,
      authz,
      credentials,
      managed,
      memberships,
      pending,
      recent: protection.recent,
      signIn,
      tokens,
    };
    const organizations = organizationServices(infrastructure, shared);
    const machines = machineServices(infrastructure, { authz, recent: protection.recent });

    const uniformTime = new ConstantTimeResponse(own.constantResponseTime);
    return {
      resolvers: [
        new RegistrationResolver(
          registrations,
          verifications,
          resets,
          uniformTime,
          forPlatform(config.platform.tenantId),
        ),
        new LoginResolver(logins, forPlatform(config.platform.tenantId)),
        new SessionResolver(refreshes, sessions, memberships, forPlatform(config.platform.tenantId)),
        new FactorResolver(protection),
        new PasskeyResolver(protection.passkeys),
        new AccountResolver(profiles, passwords),
        new ExternalIdentityResolver(external, own.registration === 'open', forPlatform(config.platform.tenantId)),
        new EmailChangeResolver(emailChanges, uniformTime, forPlatform(config.platform.tenantId)),
        new UserResolver(new UserDirectory(database, home === null), administration, memberships),
        new SigningKeyResolver(signingKeys),
        new AccountStateResolver(new AccountStates(database)),
        new AuthPayloadResolver(),
        new OrganizationResolver(organizations.directory, organizations.creation, organizations.organizations),
        new MembershipResolver(organizations.members, organizations.switching),
        new InvitationResolver(organizations, clock),
        new ApiKeyResolver(machines.keys, machines.directory),
        new ServiceAccountResolver(machines.accounts, machines.directory),
      ],
      references,
      access,
      targets,
      repeatable,
      loaders: identityLoaders(database, clock, (userId) => memberships.of(userId), config),
      handlers: [
        ...mailQueue.handlers,
        eraseEventCopiesWhenUserDeleted,
        foundPersonalOrganizationWhenVerified(organizations.creation),
      ],
      parts: [hasher, ...organizations.parts],
      background: [
        signingKeys,
        schedule,
        mailQueue,
        ...organizations.background,
        ...housekeeping(infrastructure, erasure),
        ...machines.background,
      ],
      checks: mailer.healthCheck ? [mailer.healthCheck] : [],
    };
  },
});
