import { authz } from '@platform/authz';
import { seedAuthz, userId } from './authz-rows.js';
import { describeGrowth, type GrowthQuery } from './growth-suite.js';

const asAdministrator: GrowthQuery['as'] = (harness) =>
  harness.asUser(userId(1), ['authz.role.read', 'authz.decision.read']);

const WHO_CAN = `query ($permission: String!, $first: Int, $after: String, $last: Int) {
  whoCan(permission: $permission, first: $first, after: $after, last: $last) { nodes { user { id } via { name } } pageInfo { hasNextPage } }
}`;

const query = (
  name: string,
  text: string,
  variables: GrowthQuery['variables'] = () => ({}),
  growth: GrowthQuery['growth'] = 'flat',
): GrowthQuery => ({ name, as: asAdministrator, query: text, variables, growth });

const whoCan = (name: string, variables: Record<string, unknown>, growth?: GrowthQuery['growth']): GrowthQuery =>
  query(name, WHO_CAN, () => variables, growth);

const cursor = (value: string): string => Buffer.from(JSON.stringify([value])).toString('base64url');

describeGrowth({
  subgraph: authz,
  seed: seedAuthz,
  nested: true,
  queries: [
    whoCan('who can do what everybody can', { permission: 'blog.post.read' }),
    whoCan('who can do what one role permits', { permission: 'blog.post.moderate' }, { atMost: 3_000 }),
    whoCan('who can do what nobody but administrators can', { permission: 'authz.role.delete' }),
    // Of each role so many holders are read as the page has room for.
    whoCan('who can do what a thousand roles permit', { permission: 'blog.post.create' }, { atMost: 600_000 }),
    whoCan(
      'the last who can do what one role permits',
      { permission: 'blog.post.moderate', last: 20 },
      { atMost: 3_000 },
    ),
    query('a page in the middle of those who can', WHO_CAN, (rows) => ({
      permission: 'blog.post.read',
      after: cursor(userId(rows / 2)),
    })),
    query(
      'the number of those who can do what one role permits',
      '{ whoCan(permission: "blog.post.moderate", first: 1) { totalCount } }',
      undefined,
      { atMost: 10_000 },
    ),
    // A hundred roles, one of which has all users and the others a thousandth of them.
    query('the number of users of each role', '{ roles(first: 100) { nodes { name userCount } } }', undefined, {
      atMost: 60_000,
    }),
    query(
      'the number of users of the role that everybody has',
      '{ roleByName(name: "user") { userCount } }',
      undefined,
      { atMost: 25_000 },
    ),
    query('roles', '{ roles(first: 20) { nodes { name permissions { code } } } }'),
    query(
      'roles in the middle',
      'query ($after: String) { roles(first: 20, after: $after) { nodes { name } } }',
      () => ({
        after: Buffer.from(JSON.stringify(['role-500', '01900000-0006-7000-8000-0000000001f4'])).toString('base64url'),
      }),
    ),
    query(
      'whether a user may',
      'query ($id: ID!) { hasPermission(userId: $id, permission: "blog.post.moderate") }',
      (rows) => ({ id: userId(rows / 2) }),
    ),
    query(
      'why a user may',
      'query ($id: ID!) { authorize(input: { userId: $id, permission: "blog.post.create" }) { allowed decidedBy } }',
      (rows) => ({ id: userId(rows / 2) }),
    ),
  ],
});
