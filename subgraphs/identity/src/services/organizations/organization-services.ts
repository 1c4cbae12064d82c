import { Periodic } from '@platform/foundation/lifecycle';
import type { SubgraphInfrastructure } from '@platform/subgraph-server/subgraph';
import type { IdentityConfig } from '../../config.js';
import type { AuthzClient } from '../authz-client.js';
import type { Credentials } from '../credentials/index.js';
import type { RecentAuthentication } from '../factors/index.js';
import type { ManagedUsers } from '../managed-users.js';
import type { PendingRegistrations } from '../pending-registrations.js';
import type { SignIn } from '../sign-in/sign-in.js';
import type { AccessTokens, RefreshTokens } from '../tokens/index.js';
import type { Admission } from './admission.js';
import { InvitationService } from './invitation.service.js';
import { InvitedRegistration } from './invited-registration.js';
import { MemberService } from './member.service.js';
import type { Memberships } from './memberships.js';
import { OrganizationService } from './organization.service.js';
import { OrganizationCreation } from './organization-creation.js';
import { OrganizationDirectory } from './organization-directory.js';
import { OrganizationErasure } from './organization-erasure.js';
import { PlatformOrganization } from './platform-organization.js';
import { SwitchingService } from './switching.service.js';

/** What organizations share with accounts and sessions. */
interface Shared {
  readonly admission: Admission;
  readonly authz: AuthzClient;
  readonly credentials: Credentials;
  readonly managed: ManagedUsers;
  readonly memberships: Memberships;
  readonly pending: PendingRegistrations;
  readonly recent: RecentAuthentication;
  readonly signIn: SignIn;
  readonly tokens: { readonly refresh: RefreshTokens; readonly access: AccessTokens };
}

/** The services of organizations, what has to be there before they answer (`parts`), and what works beside them (`background`). */
export function organizationServices(
  { config, database, outbox, revocations, clock, logger }: SubgraphInfrastructure<{ identity: IdentityConfig }>,
  { admission, authz, credentials, managed, memberships, pending, recent, signIn, tokens }: Shared,
) {
  const { identity: own, platform, tenancy } = config;
  const invitations = new InvitationService(database, outbox, { admission, authz }, clock, own.invitationLifetime);
  const joining = { invitations, admission, credentials, pending, signIn, access: tokens.access };
  const erasure = new OrganizationErasure(database, outbox, clock);
  const making = { admission, invitations, authz };
  return {
    invitations,
    invited: new InvitedRegistration(database, outbox, joining, clock),
    creation: new OrganizationCreation(database, outbox, making, clock, config),
    organizations: new OrganizationService(database, outbox, revocations, recent, clock, config),
    directory: new OrganizationDirectory(database, clock),
    members: new MemberService(outbox, { managed, authz }, revocations, admission.home !== null),
    switching: new SwitchingService(database, outbox, memberships, tokens, clock),
    parts: [new PlatformOrganization(database, clock, { id: platform.tenantId, name: config.app.name })],
    background: [
      new Periodic(() => erasure.eraseDue(), {
        name: 'organization-erasure',
        interval: tenancy.erasureInterval,
        failure: 'organization erasure failed; retrying at the next check',
        logger,
      }),
    ],
  };
}
