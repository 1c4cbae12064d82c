import { useAuthz } from './authz-under-test.js';

describe('lists', () => {
  const authz = useAuthz();

  async function holders(count: number): Promise<string[]> {
    const userIds: string[] = [];
    for (let made = 0; made < count; made += 1) {
      const userId = await authz.registered();
      await authz.assign(userId, (await authz.newRole(['blog.post.moderate', 'audit.entry.read'])).id);
      userIds.push(userId);
    }
    return userIds;
  }

  it('take as many statements for fifty as for five', async () => {
    const userIds = await holders(50);
    const roles =
      'query ($first: Int!) { roles(first: $first) { nodes { permissions { code } userCount } totalCount } }';
    const whoCan = `query ($first: Int!) {
      whoCan(permission: "blog.post.moderate", first: $first) { nodes { via { name permissions { code } } user { roles { name } permissions } } totalCount }
    }`;
    const users = `query ($representations: [_Any!]!) {
      _entities(representations: $representations) { ... on User { roles { name userCount permissions { code } } permissions } }
    }`;
    const references = (count: number) => userIds.slice(0, count).map((id) => ({ __typename: 'User', id }));
    const questions: ((count: number) => Promise<unknown>)[] = [
      (first) => authz.admin().data(roles, { first }),
      (first) => authz.admin().data(whoCan, { first }),
      (count) => authz.admin().data(users, { representations: references(count) }),
    ];

    for (const ask of questions) {
      const [few, many] = [await authz.statements(() => ask(5)), await authz.statements(() => ask(50))];
      expect(many).toBe(few);
      expect(few).toBeGreaterThan(0);
      expect(many).toBeLessThan(15);
    }
  });
});
