import { randomUUID } from 'node:crypto';
import { useIdentity } from './identity-under-test.js';
import { createUser, deleteUser, lockUser, users } from './operations.js';

describe('the list of users', () => {
  const identity = useIdentity({ set: ['events.relay=false'] });
  const created = async (input: Record<string, unknown> = {}) => {
    identity.harness.clock.advance(10);
    const email = `${randomUUID()}@example.com`;
    return (await identity.admin().data(createUser, { input: { email, ...input } })).createUser;
  };
  const listed = async (variables: Record<string, unknown>) => (await identity.admin().data(users, variables)).users;
  const idsOf = async (filter: Record<string, unknown>) =>
    (await listed({ filter })).nodes.map(({ id }: { id: string }) => id);

  it('is paged in both directions, newest first', async () => {
    const ids = [];
    for (let count = 0; count < 5; count += 1) ids.unshift((await created({ lastName: 'Paged' })).id);
    const filter = { search: 'paged' };

    const first = await listed({ filter, first: 2 });
    expect(first.nodes.map(({ id }: { id: string }) => id)).toEqual(ids.slice(0, 2));
    expect(first).toMatchObject({ totalCount: 5, pageInfo: { hasNextPage: true, hasPreviousPage: false } });

    const second = await listed({ filter, first: 3, after: first.pageInfo.endCursor });
    expect(second.edges.map(({ node }: { node: { id: string } }) => node.id)).toEqual(ids.slice(2));
    expect(second.pageInfo.hasNextPage).toBe(false);

    const back = await listed({ filter, last: 2, before: second.pageInfo.startCursor });
    expect(back.nodes.map(({ id }: { id: string }) => id)).toEqual(ids.slice(0, 2));
  });

  it.each([
    [{ first: 1, last: 1 }],
    [{ first: -1 }],
    [{ last: 101 }],
    [{ after: 'no cursor' }],
    [{ after: Buffer.from('["yesterday","x"]').toString('base64url') }],
  ])('refuses %j', async (page) => {
    expect((await identity.admin().error(users, page)).extensions.code).toBe('BAD_USER_INPUT');
  });

  it('is searched by username, address and name, literally and in any case', async () => {
    const key = randomUUID().slice(0, 8);
    const { id } = await created({
      email: `${key}@search.example`,
      username: `u_${key}`,
      firstName: 'Ada',
      lastName: `L-${key}`,
    });
    for (const search of [`U_${key}`, `${key}@SEARCH.`, `ada l-${key}`, `l-${key.toUpperCase()}`]) {
      expect(await idsOf({ search })).toEqual([id]);
    }
    for (const search of [`u%${key}`, `uX${key}`, `${key}\\`]) expect(await idsOf({ search })).toEqual([]);
  });

  it('is searched without regard to accents and widths, in every script, by part of a word', async () => {
    const key = randomUUID().slice(0, 8);
    const { id } = await created({ firstName: `Zoë-李小龍-${key}`, lastName: 'Łukasiewicz' });
    for (const search of [
      `zoe-李小龍-${key}`,
      `小龍-${key}`,
      `-${key} lukasiewicz`,
      `－${key.toUpperCase()} Ł`,
      `${key} łuk`,
    ])
      expect(await idsOf({ search })).toEqual([id]);
    for (const search of [`龍小-${key}`, `${key}%`, `${key} ukasz`]) expect(await idsOf({ search })).toEqual([]);
    for (const search of ['', '  ']) expect((await idsOf({ search })).length).toBeGreaterThan(0);
  });

  it.each([
    ['小龙', '李', ['李小龙', '小龙 李', '李 小龙']],
    ['Văn An', 'Nguyễn', ['Nguyễn Văn An', 'nguyen van', 'Văn An Nguyễn']],
    ['葛\u{e0100}', 'O’Neill', ['葛', "o'neill", 'O’NEILL']],
  ])('finds %s of the family %s by the whole name in either order', async (firstName, lastName, searches) => {
    const { id } = await created({ firstName, lastName });
    for (const search of searches) expect([search, await idsOf({ search })]).toEqual([search, [id]]);
  });

  it('is filtered by status, verification and time of creation', async () => {
    const lastName = randomUUID().slice(0, 8);
    const [one, two, three] = [await created({ lastName }), await created({ lastName }), await created({ lastName })];
    await identity.admin().data(lockUser, { id: two.id, reason: 'spam' });
    await identity.harness.sql('UPDATE users SET email_verified = true WHERE id = $1', [three.id]);

    const search = lastName;
    expect(await idsOf({ search, status: 'LOCKED' })).toEqual([two.id]);
    expect(await idsOf({ search, emailVerified: true })).toEqual([three.id]);
    expect(await idsOf({ search, createdAfter: one.createdAt, createdBefore: three.createdAt })).toEqual([two.id]);
  });

  it('never shows deleted users', async () => {
    const { id } = await created();
    await identity.admin().data(deleteUser, { id });
    expect(await idsOf({ status: 'DELETED' })).toEqual([]);
    expect(await idsOf({})).not.toContain(id);
  });
});
