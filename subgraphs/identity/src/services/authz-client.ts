import { type Caller, serviceCaller } from '@platform/auth';
import { ServiceUnavailable } from '@platform/foundation/errors';
import type { Logger } from '@platform/foundation/logging';
import { actingTenant } from '@platform/postgres/tenancy';
import type { PeerClient } from '@platform/subgraph-server/subgraph';

/** What authz refuses. The last one passes: another change of administrators has not ended yet. */
export const AUTHZ_REJECTIONS = [
  'PERMISSION_NOT_HELD',
  'ROLE_NOT_FOUND',
  'LAST_ADMINISTRATOR',
  'ADMINISTRATORS_CHANGING',
  'SERVICE_ACCOUNT_NOT_FOUND',
] as const;

const MAY_CHANGE = `query MayChangeUser($userId: ID!, $endsSignIn: Boolean!, $organizationIds: [ID!]!) {
  mayChangeUser(userId: $userId, endsSignIn: $endsSignIn, organizationIds: $organizationIds)
}`;

const ESTABLISH = `mutation EstablishOrganization($administratorId: ID) {
  establishOrganization(administratorId: $administratorId)
}`;
const ADMIT = `mutation AdmitMember($userId: ID!, $roleIds: [ID!]!) { admitMember(userId: $userId, roleIds: $roleIds) }`;
const ROLE_NAMED = 'query RoleNamed($name: String!) { roleByName(name: $name) { id } }';
const ROLE_NAMES = `query RoleNames($representations: [_Any!]!) {
  _entities(representations: $representations) { ... on Role { name } }
}`;
const RELEASE = 'mutation ReleaseMember($userId: ID!) { releaseMember(userId: $userId) }';
const ASSIGNABLE = 'query AssignableRoles($roleIds: [ID!]!) { assignableRoles(roleIds: $roleIds) }';

const MAY_ACT_AS = `query MayActAsServiceAccount($serviceAccountId: ID!) {
  mayActAsServiceAccount(serviceAccountId: $serviceAccountId)
}`;
const ADMIT_MACHINE = `mutation AdmitServiceAccount($serviceAccountId: ID!, $roleIds: [ID!]!) {
  admitServiceAccount(serviceAccountId: $serviceAccountId, roleIds: $roleIds)
}`;
const RELEASE_MACHINE = `mutation ReleaseServiceAccount($serviceAccountId: ID!) {
  releaseServiceAccount(serviceAccountId: $serviceAccountId)
}`;

/** How a change affects its user. */
export interface ChangeOfUser {
  readonly userId: string;
  /** Whether they cannot sign in, or not act in the organization, any more afterwards. */
  readonly endsSignIn: boolean;
  /** Where that is so: organizations that need an administrator. */
  readonly organizationIds: readonly string[];
}

const REFRESH = 'query RefreshUserState($userId: ID!) { refreshUserState(userId: $userId) }';

/** What identity asks of authz, and tells it. */
export class AuthzClient {
  /** @param locked the same authz, with the shorter time that it has while rows are locked. */
  constructor(
    private readonly authz: PeerClient,
    private readonly locked: PeerClient,
    private readonly logger: Logger,
  ) {}

  /** Whether the actor may act on the user, by what both hold at the moment. @throws CodedError with one of the refusals; ServiceUnavailable */
  assertMayActOn(actor: Caller, userId: string): Promise<void> {
    return assertAllowed(this.authz, actor, { userId, endsSignIn: false, organizationIds: [] });
  }

  /** Decides, while the user's row is locked. @throws CodedError with one of the refusals; ServiceUnavailable */
  assertMayChange(actor: Caller, change: ChangeOfUser): Promise<void> {
    return assertAllowed(this.locked, actor, change);
  }

  /** Lets authz know of a committed change before the mutation returns. Best effort: the event of the change does the same, later. */
  refreshState(userId: string): Promise<void> {
    return this.tell(REFRESH, { userId });
  }

  /** Makes the roles of the organization that is acted for, with its first administrator where there is one. @throws ServiceUnavailable */
  async establishOrganization(administratorId: string | null): Promise<void> {
    await this.locked.ask(identityItself(), ESTABLISH, { administratorId });
  }

  /** The id of one of the platform's own roles, of the organization that is acted for. @throws ServiceUnavailable */
  async roleNamed(name: 'admin' | 'user'): Promise<string> {
    const reader = serviceCaller('identity', actingTenant(), ['authz.role.read']);
    const { roleByName } = await this.locked.ask<{ roleByName: { id: string } | null }>(reader, ROLE_NAMED, { name });
    if (!roleByName) throw new ServiceUnavailable();
    return roleByName.id;
  }

  /** The names of those of the roles of the organization that is acted for that there are. @throws ServiceUnavailable */
  async roleNames(ids: readonly string[]): Promise<string[]> {
    if (ids.length === 0) return [];
    const reader = serviceCaller('identity', actingTenant(), ['authz.role.read']);
    const representations = ids.map((id) => ({ __typename: 'Role', id }));
    const { _entities } = await this.authz.ask<{ _entities: ({ name: string } | null)[] }>(reader, ROLE_NAMES, {
      representations,
    });
    return _entities.flatMap((role) => (role ? [role.name] : []));
  }

  /** Gives a new member of the organization that is acted for those of the roles that there are; that of users without any. @throws ServiceUnavailable */
  async admitMember(userId: string, roleIds: readonly string[]): Promise<void> {
    await this.locked.ask(identityItself(), ADMIT, { userId, roleIds });
  }

  /** Takes the roles of the organization that is acted for from who is no member any more. Best effort, as `refreshState`. */
  releaseMember(userId: string): Promise<void> {
    return this.tell(RELEASE, { userId });
  }

  /** The names of roles that the actor may give. @throws ROLE_NOT_FOUND; PERMISSION_NOT_HELD; ServiceUnavailable */
  async assignableRoles(actor: Caller, roleIds: readonly string[]): Promise<string[]> {
    return (await this.authz.ask<{ assignableRoles: string[] }>(actor, ASSIGNABLE, { roleIds })).assignableRoles;
  }

  /** Gives a new service account of the organization that is acted for those of the roles that there are. @throws ServiceUnavailable */
  async admitServiceAccount(serviceAccountId: string, roleIds: readonly string[]): Promise<void> {
    await this.locked.ask(identityItself(), ADMIT_MACHINE, { serviceAccountId, roleIds });
  }

  /** Takes its roles from a service account that is gone. Best effort, as `refreshState`. */
  releaseServiceAccount(serviceAccountId: string): Promise<void> {
    return this.tell(RELEASE_MACHINE, { serviceAccountId });
  }

  /** Whether the actor holds all that the service account holds. @throws PERMISSION_NOT_HELD; SERVICE_ACCOUNT_NOT_FOUND; ServiceUnavailable */
  async assertMayActAs(actor: Caller, serviceAccountId: string): Promise<void> {
    const answer = await this.authz.ask<{ mayActAsServiceAccount: boolean }>(actor, MAY_ACT_AS, { serviceAccountId });
    if (answer.mayActAsServiceAccount !== true) throw new ServiceUnavailable();
  }

  private async tell(query: string, variables: Record<string, string>): Promise<void> {
    try {
      await this.authz.ask(identityItself(), query, variables);
    } catch (error) {
      this.logger.warn({ err: error, ...variables }, 'authz refresh failed; waiting for the event');
    }
  }
}

/** In the organization that is acted for. */
const identityItself = (): Caller => serviceCaller('identity', actingTenant());

async function assertAllowed(authz: PeerClient, actor: Caller, change: ChangeOfUser): Promise<void> {
  const answer = await authz.ask<{ mayChangeUser: boolean }>(actor, MAY_CHANGE, { ...change });
  if (answer.mayChangeUser !== true) throw new ServiceUnavailable();
}
