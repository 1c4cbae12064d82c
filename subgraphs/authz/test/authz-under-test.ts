import { randomUUID } from 'node:crypto';
import { authz, authzServices } from '@platform/authz';
import { permissions, userRegistered } from '@platform/contracts';
import { DatabaseMetrics } from '@platform/postgres/database';
import type { SubgraphEndpoint } from '@platform/subgraph-client/endpoints';
import { CALLER_TOKEN_HEADER } from '@platform/subgraph-client/headers';
import { inTenant, type SubgraphClient, type SubgraphHarness, useSubgraph } from '@platform/testkit';

/** Every permission code, as an administrator holds them. */
export const everyCode = Object.keys(permissions).sort();

/** Those that only roles of the default organization can have. */
export const platformCodes = [
  'identity.mfa.reset',
  'identity.organization.manage',
  'identity.organization.read',
  'identity.session.read',
  'identity.session.revoke',
  'identity.user.create',
  'identity.user.delete',
  'identity.user.read_all',
  'identity.user.update',
];

/** Authz under test, with the words that its tests are written in. */
export interface AuthzUnderTest {
  readonly harness: SubgraphHarness<typeof authz.sections>;
  /** The services as the command line uses them. */
  services(): ReturnType<typeof authzServices>;
  /** The same in another organization. */
  servicesOf(organizationId: string): ReturnType<typeof authzServices>;
  /** Calls as somebody who holds every permission. */
  admin(): SubgraphClient;
  /** A user of whom authz was told by identity. */
  registered(): Promise<string>;
  /** What identity tells of each account. */
  readonly accounts: Map<string, Account>;
  /** Who belongs to which organization, as identity tells it in multi mode. */
  readonly members: Map<string, Set<string>>;
  /** Whether identity can be asked, and what happens between its answer and its arrival. */
  readonly identity: { away: boolean; answers?: () => Promise<unknown> };
  role(name: string): Promise<{ id: string; name: string }>;
  newRole(codes?: readonly string[]): Promise<{ id: string; name: string }>;
  assign(userId: string, ...roleIds: string[]): Promise<void>;
  /** What the router would learn of the user. */
  permissionsOf(userId: string): Promise<string[]>;
  /** SQL statements that the work takes. */
  statements(work: () => Promise<unknown>): Promise<number>;
  /** Events of this type about the user or the role, oldest first. */
  events(type: string, about: string): Promise<{ subject: string; actor?: string; data: Record<string, unknown> }[]>;
}

/** An account as identity tells of it. */
export interface Account {
  readonly status: 'ACTIVE' | 'LOCKED' | 'DELETED';
  readonly canSignIn: boolean;
  readonly changing: boolean;
}

/** An account that nothing is wrong with. */
export const ABLE: Account = { status: 'ACTIVE', canSignIn: true, changing: false };

/** Identity, as far as authz asks it: it tells of members where it is asked of them. */
const identityWith = (
  accounts: ReadonlyMap<string, Account>,
  members: AuthzUnderTest['members'],
  state: AuthzUnderTest['identity'],
): SubgraphEndpoint => ({
  execute: async ({ query, variables = {} }, headers) => {
    if (state.away) throw new Error('identity is away');
    const ofOrganization = members.get(tenantOf(headers)) ?? new Set();
    const stateOf = (id: string) => {
      const account = accounts.get(id);
      if (!account || !query.includes('member')) return account;
      const member = ofOrganization.has(id);
      return { ...account, canSignIn: account.canSignIn && member, member };
    };
    const known = (variables['ids'] as string[]).filter((id) => accounts.has(id));
    const answer = { data: { accountStates: known.map((id) => ({ id, ...stateOf(id) })) } };
    await state.answers?.();
    return answer;
  },
});

/** The tenant of the caller token. */
function tenantOf(headers: Readonly<Record<string, string>>): string {
  const [, payload = ''] = (headers[CALLER_TOKEN_HEADER] as string).split('.');
  return JSON.parse(Buffer.from(payload, 'base64url').toString()).tid;
}

type Infrastructure = Parameters<typeof authz.compose>[0];

/** Starts authz for the tests of a file. @param mode whether there is one organization, or many */
export function useAuthz(mode: 'single' | 'multi' = 'single'): AuthzUnderTest {
  let infrastructure: Infrastructure;
  const accounts = new Map<string, Account>();
  const members = new Map<string, Set<string>>();
  const state: AuthzUnderTest['identity'] = { away: false };
  const harness = useSubgraph(
    {
      ...authz,
      compose(given: Infrastructure) {
        infrastructure = given;
        return authz.compose(given);
      },
    },
    // its polling would be among the counted statements
    {
      set: ['events.relay=false', `tenancy.mode=${mode}`],
      endpoints: { identity: identityWith(accounts, members, state) },
    },
  );
  afterEach(() => expect(harness.unexpected).toEqual([]));
  const administrator = randomUUID();
  const admin = () => harness.asUser(administrator, everyCode);

  return {
    harness,
    services: () => inTenant(harness.tenantId, authzServices(infrastructure)),
    servicesOf: (organizationId) => inTenant(organizationId, authzServices(infrastructure)),
    accounts,
    members,
    identity: state,
    admin,
    async registered() {
      const userId = randomUUID();
      accounts.set(userId, ABLE);
      await harness.deliver(userRegistered, { subject: userId, data: { userId } });
      return userId;
    },
    async role(name) {
      const { roleByName } = await admin().data('query ($name: String!) { roleByName(name: $name) { id name } }', {
        name,
      });
      return roleByName;
    },
    async newRole(codes = []) {
      const input = { name: `role-${randomUUID()}`, permissions: codes };
      const { createRole } = await admin().data(
        'mutation ($input: CreateRoleInput!) { createRole(input: $input) { id name } }',
        { input },
      );
      return createRole;
    },
    async assign(userId, ...roleIds) {
      await admin().data(assignRoles, { userId, roleIds });
    },
    async permissionsOf(userId) {
      return (await harness.asUser(userId).data('{ myPermissions }')).myPermissions;
    },
    async statements(work) {
      const before = await countStatements(infrastructure);
      await work();
      return (await countStatements(infrastructure)) - before;
    },
    async events(type, about) {
      const all = await harness.outbox();
      return all.filter((event) => event.type === type && (event.subject === about || event.data['userId'] === about));
    },
  };
}

export const assignRoles =
  'mutation ($userId: ID!, $roleIds: [ID!]!) { assignRoles(userId: $userId, roleIds: $roleIds) { id } }';
export const revokeRoles =
  'mutation ($userId: ID!, $roleIds: [ID!]!) { revokeRoles(userId: $userId, roleIds: $roleIds) { id } }';
export const grantPermissions =
  'mutation ($roleId: ID!, $permissions: [String!]!) { grantPermissions(roleId: $roleId, permissions: $permissions) { id permissions { code } } }';
export const revokePermissions =
  'mutation ($roleId: ID!, $permissions: [String!]!) { revokePermissions(roleId: $roleId, permissions: $permissions) { id permissions { code } } }';

/** A user by reference, as the router asks for what authz adds to them. */
export const userByReference =
  'query ($id: ID!) { _entities(representations: [{ __typename: "User", id: $id }]) { ... on User { id roles { name } permissions } } }';

async function countStatements({ metrics }: Infrastructure): Promise<number> {
  const { values } = await metrics.of(DatabaseMetrics).databaseQueryDuration.get();
  return values.filter(({ metricName }) => metricName?.endsWith('_count')).reduce((sum, { value }) => sum + value, 0);
}
