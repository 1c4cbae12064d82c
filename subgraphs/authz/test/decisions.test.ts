import { randomUUID } from 'node:crypto';
import { userDeleted, userLocked, userUnlocked } from '@platform/contracts';
import { ABLE, revokeRoles, useAuthz, userByReference } from './authz-under-test.js';

const authorize = 'query ($input: AuthorizeInput!) { authorize(input: $input) { allowed reason decidedBy } }';
const hasPermission =
  'query ($userId: ID!, $permission: String!) { hasPermission(userId: $userId, permission: $permission) }';

describe('decisions', () => {
  const authz = useAuthz();
  const asker = () => authz.harness.asUser(randomUUID(), ['authz.decision.read']);
  const decide = async (userId: string, permission: string) =>
    (await asker().data(authorize, { input: { userId, permission } })).authorize;
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

  it('deny locked users, and say so, until they are unlocked', async () => {
    const userId = await authz.registered();
    const refresh = () =>
      authz.harness
        .asService('identity')
        .data('query ($userId: ID!) { refreshUserState(userId: $userId) }', { userId });
    expect(await holds(userId, 'blog.post.read')).toBe(true);

    authz.accounts.set(userId, { ...ABLE, status: 'LOCKED', canSignIn: false });
    await refresh();
    expect(await decide(userId, 'blog.post.read')).toMatchObject({
      allowed: false,
      reason: expect.stringContaining('locked'),
      decidedBy: [],
    });
    expect(await holds(userId, 'blog.post.read')).toBe(false);
    const { _entities } = await authz.admin().data(userByReference, { id: userId });
    expect(_entities[0]).toMatchObject({ roles: [{ name: 'user' }], permissions: [] });

    authz.accounts.set(userId, ABLE);
    await authz.harness.deliver(userUnlocked, { subject: userId, data: { userId } });
    expect(await holds(userId, 'blog.post.read')).toBe(true);
  });

  it('wait for identity, once it has locked somebody and could not be asked when authz heard of it', async () => {
    const userId = await authz.registered();
    expect(await holds(userId, 'blog.post.read')).toBe(true);

    authz.accounts.set(userId, { ...ABLE, status: 'LOCKED', canSignIn: false });
    authz.identity.away = true;
    await authz.harness.deliver(userLocked, { subject: userId, data: { userId, reason: 'spam' } });
    const { extensions } = await asker().error(hasPermission, { userId, permission: 'blog.post.read' });
    expect(extensions['code']).toBe('SERVICE_UNAVAILABLE');

    authz.identity.away = false;
    expect(await holds(userId, 'blog.post.read')).toBe(false);
    expect((await decide(userId, 'blog.post.read')).reason).toContain('locked');
  });

  it('are not made by an answer of identity’s that a lock has overtaken', async () => {
    const userId = await authz.registered();
    const locked = { ...ABLE, status: 'LOCKED', canSignIn: false } as const;
    authz.identity.answers = async () => {
      delete authz.identity.answers;
      authz.accounts.set(userId, locked);
      await authz.harness.deliver(userLocked, { subject: userId, data: { userId, reason: 'spam' } });
    };
    await holds(userId, 'blog.post.read');
    expect(await holds(userId, 'blog.post.read')).toBe(false);
  });

  it('know users whose event has not arrived, and of whom identity was never asked', async () => {
    const [active, locked] = [randomUUID(), randomUUID()];
    authz.accounts.set(active, ABLE).set(locked, { ...ABLE, status: 'LOCKED', canSignIn: false });
    expect(await holds(active, 'blog.post.create')).toBe(true);
    expect(await holds(locked, 'blog.post.create')).toBe(false);
    const { _entities } = await authz.admin().data(userByReference, { id: active });
    expect(_entities[0].roles).toEqual([{ name: 'user' }]);
  });

  it('allow everybody what guests hold', async () => {
    const userId = await authz.registered();
    await authz.admin().data(revokeRoles, { userId, roleIds: [(await authz.role('user')).id] });
    expect(await decide(userId, 'blog.post.read')).toMatchObject({ allowed: true, decidedBy: ['guest'] });
    expect((await authz.harness.asUser(userId).data(userByReference, { id: userId }))._entities[0]).toMatchObject({
      roles: [],
      permissions: ['blog.post.read'],
    });
  });

  it.each([{ resource: { id: 1 } }, { context: {} }, { resource: 'x', context: [] }])(
    'are refused with attributes that nothing looks at: %j',
    async (attributes) => {
      const userId = await authz.registered();
      const { extensions } = await asker().error(authorize, {
        input: { userId, permission: 'blog.post.read', ...attributes },
      });
      expect(extensions['code']).toBe('BAD_USER_INPUT');
      expect(Object.keys(extensions['fields'] as object)).toEqual(
        Object.keys(attributes).map((name) => `input.${name}`),
      );
    },
  );

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

  it('leaves out locked users, also those of whom identity is asked only now', async () => {
    const permission = 'audit.entry.export';
    const role = await authz.newRole([permission]);
    const [active, locked] = [await authz.registered(), await authz.registered()];
    for (const userId of [active, locked]) await authz.assign(userId, role.id);
    authz.accounts.set(locked, { ...ABLE, status: 'LOCKED', canSignIn: false });

    const page = await ask({ permission });
    expect(ids(page)).toContain(active);
    expect(ids(page)).not.toContain(locked);
  });

  it('lists everybody for what guests hold', async () => {
    const userId = await authz.registered();
    await authz.admin().data(revokeRoles, { userId, roleIds: [(await authz.role('user')).id] });
    const page = await ask({ permission: 'blog.post.read', first: 100 });
    const one = page.nodes.find(({ user }: { user: { id: string } }) => user.id === userId);
    expect(one.via).toEqual([{ name: 'guest' }]);
  });
});
