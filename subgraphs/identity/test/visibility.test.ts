import { randomUUID } from 'node:crypto';
import { DatabaseMetrics } from '@platform/postgres/database';
import { CALLER_TOKEN_HEADER } from '@platform/subgraph-client/headers';
import { useIdentity } from './identity-under-test.js';
import { createUser, deleteUser, lockUser, me, user, userByEmail, userReferences, users } from './operations.js';

const HIDDEN = {
  email: null,
  emailVerified: null,
  firstName: null,
  lastName: null,
  locale: null,
  status: null,
  updatedAt: null,
};

describe('a user', () => {
  const identity = useIdentity();
  const referenced = async (client: ReturnType<typeof identity.guest>, ...ids: string[]) =>
    (await client.data(userReferences, { representations: ids.map((id) => ({ __typename: 'User', id })) }))._entities;

  it('shows others their name, and what is private only to themself and to holders of identity.user.read', async () => {
    const ada = await identity.signedIn({ firstName: 'Ada', lastName: 'Lovelace', locale: 'en' });
    const bob = await identity.signedIn();

    const name = { id: ada.id, username: ada.username, displayName: 'Ada Lovelace', createdAt: expect.any(String) };
    const all = {
      ...name,
      email: ada.email,
      emailVerified: true,
      firstName: 'Ada',
      lastName: 'Lovelace',
      locale: 'en',
      status: 'ACTIVE',
      updatedAt: expect.any(String),
    };
    expect(await referenced(ada.client, ada.id)).toEqual([all]);
    expect(await referenced(identity.admin(), ada.id)).toEqual([all]);
    expect(await referenced(bob.client, ada.id)).toEqual([{ ...name, ...HIDDEN }]);
    expect(await referenced(identity.guest(), ada.id)).toEqual([{ ...name, ...HIDDEN }]);
  });

  it('is nobody for an anonymous caller’s me, and for a service’s', async () => {
    expect(await identity.guest().data(me)).toEqual({ me: null });
    expect(await identity.harness.asService('router').data(me)).toEqual({ me: null });
  });

  it('who is unknown or deleted is null, without an error, and nameless where others refer to them', async () => {
    const ada = await identity.signedIn({ firstName: 'Ada' });
    await identity.admin().data(deleteUser, { id: ada.id });
    const admin = identity.admin();
    for (const id of [ada.id, randomUUID(), 'no-uuid']) {
      expect(await admin.data(user, { id })).toEqual({ user: null });
      const name = { id, username: `deleted-${id}`, displayName: `deleted-${id}`, createdAt: expect.any(String) };
      const gone = id === 'no-uuid' ? null : { ...name, ...HIDDEN };
      expect(await referenced(identity.guest(), id)).toEqual([gone]);
      const shown = { emailVerified: false, status: 'DELETED', updatedAt: expect.any(String) };
      expect(await referenced(admin, id)).toEqual([gone && { ...gone, ...shown }]);
    }
    expect(await ada.client.data(me)).toEqual({ me: null });
    for (const email of [ada.email, 'nobody@example.com', 'no address']) {
      expect(await admin.data(userByEmail, { email })).toEqual({ userByEmail: null });
    }
  });

  it('is found by id and by address in any spelling', async () => {
    const ada = await identity.signedIn();
    expect((await identity.admin().data(user, { id: ada.id.toUpperCase() })).user.email).toBe(ada.email);
    expect((await identity.admin().data(userByEmail, { email: ` ${ada.email.toUpperCase()}` })).userByEmail.id).toBe(
      ada.id,
    );
  });
});

describe('users', () => {
  // What polls would be among the counted statements.
  const identity = useIdentity({ set: ['events.relay=false', 'mail.retryDelay=1h'] });
  const count = async () => {
    const { values } = await identity.harness.metrics.of(DatabaseMetrics).databaseQueryDuration.get();
    return values.filter(({ metricName }) => metricName?.endsWith('_count')).reduce((sum, { value }) => sum + value, 0);
  };
  const statements = async (work: () => Promise<unknown>) => {
    const before = await count();
    await work();
    return (await count()) - before;
  };

  it('are resolved by reference in one statement, however many they are', async () => {
    const emails = Array.from({ length: 50 }, () => `${randomUUID()}@example.com`);
    const ids = [];
    for (const email of emails) ids.push((await identity.admin().data(createUser, { input: { email } })).createUser.id);
    const representations = ids.map((id) => ({ __typename: 'User', id }));
    expect(await statements(() => identity.guest().data(userReferences, { representations }))).toBe(1);
  });
});

describe('what others may not', () => {
  const identity = useIdentity({ set: ['events.relay=false'] });

  it.each([
    ['user', user, { id: randomUUID() }],
    ['userByEmail', userByEmail, { email: 'ada@example.com' }],
    ['users', users, {}],
    ['lockUser', lockUser, { id: randomUUID(), reason: 'spam' }],
    ['deleteUser', deleteUser, { id: randomUUID() }],
  ])('%s needs its permission', async (_field, operation, variables) => {
    const { extensions } = await identity.harness.asUser(randomUUID()).error(operation, variables);
    expect(extensions.code).toBe('UNAUTHORIZED_FIELD_OR_TYPE');
  });

  it('nothing is answered without a caller token, or with one for another subgraph', async () => {
    const { callerTokens } = identity.infrastructure();
    const token = await callerTokens.sign(identity.guest().caller, 'blog');
    const query = '{ _entities(representations: []) { __typename } }';
    for (const callerToken of [undefined, token, 'forged']) {
      const headers: Record<string, string> = callerToken ? { [CALLER_TOKEN_HEADER]: callerToken } : {};
      await expect(identity.harness.endpoint.execute({ query }, headers)).rejects.toMatchObject({
        code: 'UNAUTHENTICATED',
      });
    }
  });
});
