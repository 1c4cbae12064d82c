import type { SubgraphEndpoint, SubgraphRequest } from '@platform/subgraph-client/endpoints';
import { eventually } from '@platform/testkit';
import { useIdentity } from './identity-under-test.js';
import { lockUser, me, user, users } from './operations.js';

/** More than the pool has connections. */
const CHANGES = 8;

/** An authz that takes as long as the test wants to answer questions about changes of users. */
class SlowAuthz implements SubgraphEndpoint {
  /** Of whom it was asked, question by question. */
  readonly asked: string[] = [];
  private patience = Number.POSITIVE_INFINITY;
  private release = Promise.withResolvers<void>();

  /** So many questions about each user are answered at once; later ones when `answer` is called. */
  holdAfter(questions: number): void {
    this.asked.length = 0;
    this.patience = questions;
    this.release = Promise.withResolvers();
  }

  answer(): void {
    this.release.resolve();
  }

  async execute({ query, variables }: SubgraphRequest) {
    const userId = variables?.['userId'] as string;
    if (query.includes('mayChangeUser')) {
      this.asked.push(userId);
      if (this.times(userId) > this.patience) await this.release.promise;
    }
    return { data: { _entities: [{ roles: [] }], mayChangeUser: true, refreshUserState: true } };
  }

  times(userId: string): number {
    return this.asked.filter((id) => id === userId).length;
  }
}

describe('while authz takes long to say who may be changed', () => {
  const authz = new SlowAuthz();
  const identity = useIdentity({ endpoints: { authz }, set: ['identity.lockedAuthorizationTimeout=3s'] });
  afterEach(() => authz.answer());

  const people = (length: number) => Promise.all(Array.from({ length }, () => identity.signedIn()));
  const lock = (id: string) => identity.admin().request(lockUser, { id, reason: 'test' });
  const statuses = async (ids: readonly string[]) => {
    const read = ids.map((id) => identity.admin().data(user, { id }));
    return [...new Set((await Promise.all(read)).map((data) => data.user.status))];
  };

  it('nothing is held: searches and sign-ins go on, also of those who are to be changed', async () => {
    const changed = await people(CHANGES);
    authz.holdAfter(0);
    const changes = Promise.all(changed.map(({ id }) => lock(id)));
    await eventually(() => expect(authz.asked).toHaveLength(CHANGES));

    for (const { username, email, client } of changed) {
      const { nodes } = (await identity.admin().data(users, { filter: { search: username } })).users;
      expect(nodes).toEqual([expect.objectContaining({ username })]);
      expect((await client.data(me)).me.username).toBe(username);
      await identity.login(email);
    }

    authz.answer();
    await changes;
    expect(await statuses(changed.map(({ id }) => id))).toEqual(['LOCKED']);
  });

  it('under the locks, others’ searches and sign-ins go on, and the changes end', async () => {
    const [other, ...changed] = await people(3);
    if (!other) throw new Error('Nobody signed in');
    authz.holdAfter(1);
    let ended = 0;
    const changes = Promise.all(changed.map(({ id }) => lock(id).finally(() => ended++)));
    await eventually(() => expect(changed.some(({ id }) => authz.times(id) > 1)).toBe(true));

    const { nodes } = (await identity.admin().data(users, { filter: { search: other.username } })).users;
    expect(nodes).toHaveLength(1);
    await identity.login(other.email);
    expect(ended).toBe(0);

    const codes = (await changes).map(({ errors }) => errors?.[0]?.extensions?.['code']);
    expect([...new Set(codes)]).toEqual(['SERVICE_UNAVAILABLE']);
    expect(await statuses(changed.map(({ id }) => id))).toEqual(['ACTIVE']);
  });
});
