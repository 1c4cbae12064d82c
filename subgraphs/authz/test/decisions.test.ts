import { randomUUID } from 'node:crypto';
import { userDeleted } from '@platform/contracts';
import { useAuthz } from './authz-under-test.js';

const authorize = 'query ($input: AuthorizeInput!) { authorize(input: $input) { allowed reason decidedBy } }';
const hasPermission =
  'query ($userId: ID!, $permission: String!) { hasPermission(userId: $userId, permission: $permission) }';

describe('decisions', () => {
  const authz = useAuthz();
  const asker = () => authz.harness.asUser(randomUUID(), ['authz.decision.read']);
  const decide = async (userId: string, permission: string) =>
    (await asker().data(authorize, { input: { userId, permission, resource: { id: 1 }, context: {} } })).authorize;
  const holds = async (userId: string, permission: string) =>
    (await asker().data(hasPermission, { userId, permission })).hasPermission;

  it('allow what a role permits and name every role that does', async () => {
    const userId = await authz.registered();
    const role = await authz.newRole(['blog.post.create']);
    await authz.assign(userId, role.id);

    const decision = await decide(userId, 'blog.post.create');
    expect(decision).toMatchObject({ allowed: true, decidedBy: [role.name, 'user'].sort() });
    expect(decision.reason).toContain(role.name);
    expect(await holds(userId, 'blog.post.create')).toBe(true);
  });

  it('deny by default and say what would change that', async () => {
    const userId = await authz.registered();

    const decision = await decide(userId, 'identity.user.delete');
    expect(decision).toMatchObject({ allowed: false, decidedBy: [] });
    expect(decision.reason).toMatch(/roles \(user\).*identity\.user\.delete/);
    expect(await holds(userId, 'identity.user.delete')).toBe(false);
  });

  it('let an administrator do everything', async () => {
    const userId = await authz.registered();
    await authz.services().assignments.ensureAdministrator(userId);
    expect(await decide(userId, 'identity.user.delete')).toMatchObject({ allowed: true, decidedBy: ['admin'] });
  });

  it.each([randomUUID(), 'no-id'])('deny whoever is unknown: "%s"', async (userId) => {
    const decision = await decide(userId, 'blog.post.read');
    expect(decision).toMatchObject({ allowed: false, decidedBy: [] });
    expect(decision.reason).toContain('no user with this id');
    expect(await holds(userId, 'blog.post.read')).toBe(false);
  });

  it('deny deleted users', async () => {
    const userId = await authz.registered();
    await authz.harness.deliver(userDeleted, { subject: userId, data: { userId } });
    const decision = await decide(userId, 'blog.post.read');
    expect(decision.allowed).toBe(false);
    expect(decision.reason).toContain('deleted');
  });

  it('are made only about permissions that a module declares', async () => {
    const permission = 'blog.post.frobnicate';
    const userId = await authz.registered();
    const refusal = { code: 'UNKNOWN_PERMISSION', permissions: [permission] };

    expect((await asker().error(authorize, { input: { userId, permission } })).extensions).toEqual(refusal);
    expect((await asker().error(hasPermission, { userId, permission })).extensions).toEqual(refusal);
    const whoCan = 'query ($permission: String!) { whoCan(permission: $permission) { totalCount } }';
    expect((await asker().error(whoCan, { permission })).extensions).toEqual(refusal);
  });
});

describe('whoCan', () => {
  const authz = useAuthz();
  const whoCan = `query ($permission: String!, $first: Int, $after: String, $last: Int) {
    whoCan(permission: $permission, first: $first, after: $after, last: $last) {
      nodes { user { id } via { name } } totalCount pageInfo { hasNextPage hasPreviousPage endCursor }
    }
  }`;
  const ask = async (variables: Record<string, unknown>) =>
    (await authz.harness.asService('blog', ['authz.decision.read']).data(whoCan, variables)).whoCan;
  const ids = (page: { nodes: { user: { id: string } }[] }) => page.nodes.map(({ user }) => user.id);

  it('lists every holder once, by id, page by page, with the roles that give it', async () => {
    const permission = 'identity.session.revoke';
    const [one, two] = [await authz.newRole([permission]), await authz.newRole([permission, 'audit.entry.read'])];
    const holders: string[] = [];
    for (let count = 0; count < 5; count += 1) {
      const userId = await authz.registered();
      await authz.assign(userId, one.id, two.id);
      holders.push(userId);
    }
    const administrator = await authz.registered();
    await authz.services().assignments.ensureAdministrator(administrator);
    const gone = await authz.registered();
    await authz.assign(gone, one.id);
    await authz.harness.deliver(userDeleted, { subject: gone, data: { userId: gone } });
    await authz.registered();
    const expected = [...holders, administrator].sort();

    const all = await ask({ permission });
    expect(ids(all)).toEqual(expected);
    expect(all.totalCount).toBe(6);
    for (const { user, via } of all.nodes) {
      const names = user.id === administrator ? ['admin'] : [one.name, two.name].sort();
      expect(via.map(({ name }: { name: string }) => name)).toEqual(names);
    }

    const first = await ask({ permission, first: 4 });
    expect(first.pageInfo.hasNextPage).toBe(true);
    const second = await ask({ permission, first: 4, after: first.pageInfo.endCursor });
    expect([...ids(first), ...ids(second)]).toEqual(expected);
    expect(second.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true });
    expect(ids(await ask({ permission, last: 2 }))).toEqual(expected.slice(-2));
  });
});
