import { randomUUID } from 'node:crypto';
import { serviceCaller } from '@platform/auth';
import type { SubgraphClient } from '@platform/testkit';
import { ABLE, type AuthzUnderTest, everyCode, platformCodes, useAuthz } from './authz-under-test.js';

/** What an administrator of another organization than the default one holds. */
export const organizationCodes = everyCode.filter((code) => !platformCodes.includes(code));

/** An organization, with the user who founded it. */
export interface Organization {
  readonly id: string;
  readonly administrator: string;
}

/** Authz under test where there are many organizations, with what identity tells it. */
export interface OrganizationsUnderTest extends AuthzUnderTest {
  /** Calls as identity does, in the organization. */
  identityIn(organizationId: string): SubgraphClient;
  /** Calls as a user in the organization, who holds the codes. */
  userIn(organizationId: string, userId?: string, codes?: readonly string[]): SubgraphClient;
  /** A new account, a member of none. */
  account(): string;
  founded(): Promise<Organization>;
  /** Makes the user a member, a new one when left out, with those of the roles that exist. */
  admitted(organizationId: string, roleIds?: readonly string[], userId?: string): Promise<string>;
  /** What the user holds in the organization. */
  codesIn(organizationId: string, userId: string): Promise<string[]>;
  /** Names of the roles that are stored for the user, of every organization or of one. */
  rolesOf(userId: string, organizationId?: string): Promise<string[]>;
  roleIn(organizationId: string, name: string): Promise<string>;
  newRoleIn(organizationId: string, codes?: readonly string[]): Promise<{ id: string; name: string }>;
}

export const establishOrganization = 'mutation ($id: ID) { establishOrganization(administratorId: $id) }';
export const admitMember =
  'mutation ($userId: ID!, $roleIds: [ID!]!) { admitMember(userId: $userId, roleIds: $roleIds) }';
export const releaseMember = 'mutation ($userId: ID!) { releaseMember(userId: $userId) }';

/** Starts authz in multi mode for the tests of a file. */
export function useOrganizations(): OrganizationsUnderTest {
  const authz = useAuthz('multi');
  const { harness, accounts, members } = authz;
  const identityIn = (organizationId: string) => harness.as(serviceCaller('identity', organizationId));
  const userIn = (organizationId: string, userId: string = randomUUID(), codes = organizationCodes) =>
    harness.asUserOf(organizationId, userId, codes);
  const account = () => {
    const userId = randomUUID();
    accounts.set(userId, ABLE);
    return userId;
  };
  const belongs = (organizationId: string, userId: string) =>
    members.set(organizationId, new Set([...(members.get(organizationId) ?? []), userId]));

  return {
    ...authz,
    identityIn,
    userIn,
    account,
    async founded() {
      const [id, administrator] = [randomUUID(), account()];
      belongs(id, administrator);
      await identityIn(id).data(establishOrganization, { id: administrator });
      return { id, administrator };
    },
    async admitted(organizationId, roleIds = [], userId = account()) {
      belongs(organizationId, userId);
      await identityIn(organizationId).data(admitMember, { userId, roleIds });
      return userId;
    },
    async codesIn(organizationId, userId) {
      return (await userIn(organizationId, userId, []).data('{ myPermissions }')).myPermissions;
    },
    async rolesOf(userId, organizationId) {
      const rows = await harness.sql(
        `SELECT name FROM assignments JOIN roles ON id = role_id
         WHERE user_id = $1 AND ($2::uuid IS NULL OR assignments.tenant_id = $2) ORDER BY name`,
        [userId, organizationId ?? null],
      );
      return rows.map(({ name }) => name);
    },
    async roleIn(organizationId, name) {
      const byName = 'query ($name: String!) { roleByName(name: $name) { id } }';
      return (await userIn(organizationId).data(byName, { name })).roleByName.id;
    },
    async newRoleIn(organizationId, codes = []) {
      const create = 'mutation ($input: CreateRoleInput!) { createRole(input: $input) { id name } }';
      const input = { name: `role-${randomUUID()}`, permissions: codes };
      return (await userIn(organizationId).data(create, { input })).createRole;
    },
  };
}
