import { createHash } from 'node:crypto';
import { userCaller } from '@platform/auth';
import { identity } from '@platform/identity';
import { describeGrowth, type GrowthQuery } from './growth-suite.js';
import { organizationId, SESSION, seedIdentity, userId } from './identity-rows.js';

const asAdmin: GrowthQuery['as'] = (harness) => harness.asUser(userId(1), ['identity.user.read']);

/** Who administers the organization with this number. */
const ofOrganization =
  (number: number): GrowthQuery['as'] =>
  (harness) =>
    harness.asUserOf(organizationId(number), userId(3), [
      'identity.member.read',
      'identity.invitation.read',
      'identity.api_key.read',
      'identity.user.read',
    ]);

const inOrganization = (
  name: string,
  query: string,
  variables: GrowthQuery['variables'] = () => ({ id: organizationId(1) }),
): GrowthQuery => ({ name, as: ofOrganization(1), query, variables, growth: 'flat' });

const MEMBERS = `query ($id: ID!, $filter: MemberFilter, $last: Int) {
  organization(id: $id) { members(filter: $filter, last: $last) { nodes { status user { displayName email } } } }
}`;

const LIST = `query ($filter: UserFilter, $first: Int, $after: String, $last: Int) {
  users(filter: $filter, first: $first, after: $after, last: $last) { nodes { id displayName email } pageInfo { endCursor } }
}`;

const list = (
  name: string,
  variables: GrowthQuery['variables'],
  growth: GrowthQuery['growth'] = 'flat',
): GrowthQuery => ({ name, as: asAdmin, query: LIST, variables, growth });

const found = (name: string, search: string, rest: Record<string, unknown> = {}, atMost = 20_000): GrowthQuery =>
  list(name, () => ({ filter: { search }, ...rest }), { atMost });

const counted = (name: string, filter: Record<string, unknown>, atMost = 50_000): GrowthQuery => ({
  name,
  as: asAdmin,
  query: 'query ($filter: UserFilter) { users(filter: $filter, first: 0) { totalCount } }',
  variables: () => ({ filter }),
  growth: { atMost },
});

describeGrowth({
  subgraph: identity,
  seed: seedIdentity,
  nested: true,
  queries: [
    list('the first page of users', () => ({})),
    list('the last page', () => ({ last: 20 })),
    list('a page in the middle', (rows) => ({
      after: Buffer.from(
        JSON.stringify([new Date(Date.parse('2026-01-01T00:00:00Z') + (rows / 2) * 60_000), userId(rows / 2)]),
      ).toString('base64url'),
    })),
    list('locked users', () => ({ filter: { status: 'LOCKED' } }), { atMost: 10_000 }),
    list('users of one day', () => ({
      filter: { createdAfter: '2026-01-01T00:00:00.000Z', createdBefore: '2026-01-02T00:00:00.000Z' },
    })),
    counted('the number of users', {}),
    // Entries of the index are read for these, and no more users than for others.
    found('a search for one user in a thousand', 'bela11', {}, 50_000),
    found('a search for a name of one user in twenty', 'anna'),
    found('the last page of a search for a name of one user in twenty', 'anna', { last: 20 }),
    found('a search for a name that only old users have', 'zoe', {}, 120_000),
    found('a search for a letter of every other user', 'e'),
    found('a search for a sign that one user has', '葛'),
    found('a search for two letters that nobody has side by side', 'qx'),
    found('a search for what nobody is called, of parts that many have', 'annabela'),
    counted('the number of users with a common name', { search: 'anna' }, 150_000),
    {
      name: 'a user by address',
      as: asAdmin,
      query: 'query ($email: String!) { userByEmail(email: $email) { id } }',
      variables: () => ({ email: 'bela11@example.com' }),
      growth: 'flat',
    },
    inOrganization('the members of an organization', MEMBERS),
    inOrganization('the last page of its members', MEMBERS, () => ({ id: organizationId(1), last: 20 })),
    inOrganization('a search among its members', MEMBERS, () => ({
      id: organizationId(1),
      filter: { search: 'anna' },
    })),
    inOrganization('how many members it has', 'query ($id: ID!) { organization(id: $id) { memberCount } }'),
    inOrganization('its invitations', '{ invitations { nodes { email } totalCount } }', () => ({})),
    inOrganization('its API keys', '{ organizationApiKeys { nodes { name lastUsedAt } totalCount } }', () => ({})),
    inOrganization('the API keys of a user', '{ apiKeys { name } }', () => ({})),
    {
      name: 'an API key by its hash',
      as: (harness) => harness.asService('router'),
      query: 'query ($hash: String!) { usableApiKey(hash: $hash) { id } }',
      variables: () => ({ hash: createHash('sha256').update('7').digest('hex') }),
      growth: 'flat',
    },
    inOrganization('the memberships of a user', '{ me { memberships { organization { name } status } } }', () => ({})),
    {
      name: 'the members of an organization that everybody belongs to',
      as: (harness) => harness.asUser(userId(3), ['identity.member.read']),
      query: '{ activeOrganization { members { nodes { user { displayName } } } } }',
      growth: 'flat',
    },
    {
      name: 'how many everybody is',
      as: (harness) => harness.asUser(userId(3), ['identity.member.read']),
      query: '{ activeOrganization { memberCount } }',
      growth: { atMost: 50_000 },
    },
    {
      name: 'whether a session may act in an organization',
      as: (harness) => harness.as(userCaller(userId(3), SESSION, organizationId(1))),
      query: `query ($session: [_Any!]!, $id: ID!) {
        _entities(representations: $session) { ... on Session { id actsIn(organizationId: $id) } }
      }`,
      variables: () => ({ session: [{ __typename: 'Session', id: SESSION }], id: organizationId(1) }),
      growth: 'flat',
    },
    {
      name: 'an organization by its slug',
      as: (harness) => harness.asService('router'),
      query: '{ organizationNamed(name: "organization-7") }',
      growth: 'flat',
    },
    {
      name: 'the first page of organizations',
      as: (harness) => harness.asUser(userId(3), ['identity.organization.read']),
      query: '{ organizations { nodes { name slug } } }',
      growth: 'flat',
    },
    {
      name: 'users by id',
      as: asAdmin,
      query: 'query ($users: [_Any!]!) { _entities(representations: $users) { ... on User { displayName } } }',
      variables: () => ({ users: Array.from({ length: 50 }, (_, n) => ({ __typename: 'User', id: userId(n + 1) })) }),
      growth: 'flat',
    },
  ],
});
