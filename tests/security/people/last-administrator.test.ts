import { randomUUID } from 'node:crypto';
import { jest } from '@jest/globals';
import { runSetting, type SubgraphClient } from '@platform/testkit';
import { PASSWORD, useIdentityWithAuthz } from './identity-with-authz.js';

const ROUNDS = runSetting('RACE_ROUNDS', 2);
const TIMEOUT = 180_000 + ROUNDS * 5_000;

describe('the last administrator who can sign in', () => {
  const people = useIdentityWithAuthz();
  const call = async (client: SubgraphClient, document: string, variables: Record<string, unknown>) =>
    (await client.request(document, variables)).errors?.[0]?.extensions?.['code'] ?? 'done';
  const revoke = async (client: SubgraphClient, userId: string) =>
    call(
      client,
      'mutation ($userId: ID!, $roleIds: [ID!]!) { revokeRoles(userId: $userId, roleIds: $roleIds) { id } }',
      {
        userId,
        roleIds: [await people.roleId('admin')],
      },
    );
  const update = (id: string, input: Record<string, unknown>) =>
    call(
      people.as('identity'),
      'mutation ($id: ID!, $input: UpdateUserInput!) { updateUser(id: $id, input: $input) { id } }',
      { id, input },
    );
  const lock = (client: SubgraphClient, id: string) =>
    call(client, 'mutation ($id: ID!) { lockUser(id: $id, reason: "x") { id } }', { id });

  /** Every way by which somebody stops being an administrator who can sign in. */
  const ways: Record<string, (id: string) => Promise<unknown>> = {
    deleteAccount: (id) =>
      call(people.as('identity', id), 'mutation ($password: String!) { deleteAccount(password: $password) }', {
        password: PASSWORD,
      }),
    deleteUser: (id) => call(people.as('identity'), 'mutation ($id: ID!) { deleteUser(id: $id) }', { id }),
    lockUser: (id) => lock(people.as('identity'), id),
    'lockUser of oneself': (id) => lock(people.as('identity', id), id),
    'updateUser to another address': (id) => update(id, { email: `${randomUUID()}@example.com` }),
    'updateUser to unverified': (id) => update(id, { emailVerified: false }),
    revokeRoles: (id) => revoke(people.as('authz'), id),
    'revokeRoles of oneself': (id) => revoke(people.as('authz', id), id),
  };
  const names = Object.keys(ways);
  const leave = (way: string, id: string) => (ways[way] as (id: string) => Promise<unknown>)(id);

  it.each(names)(
    'does not go by %s, whoever else is locked, deleted, unverified or without a password',
    async (way) => {
      await people.withoutAdministrators();
      const last = await people.administrator();
      const [locked, unverified, invited] = [
        await people.administrator(),
        await people.administrator(),
        await people.administrator(),
      ];
      await people.identity.sql("UPDATE users SET status = 'LOCKED' WHERE id = $1", [locked]);
      await people.identity.sql('UPDATE users SET email_verified = false WHERE id = $1', [unverified]);
      await people.identity.sql('DELETE FROM credentials WHERE user_id = $1', [invited]);

      expect(await leave(way, last)).toBe('LAST_ADMINISTRATOR');
      expect(await people.usableAdministrators()).toEqual([last]);

      await people.administrator();
      expect(await leave(way, last)).toBe('done');
    },
  );

  const pairs = names.flatMap((one, at) => names.slice(at).map((other) => [one, other] as const));

  it.each(pairs)(
    'is left when two go at once, by %s and by %s',
    async (one, other) => {
      for (let round = 0; round < ROUNDS; round += 1) {
        for (const [first, second] of [
          [one, other],
          [other, one],
        ] as const) {
          await people.withoutAdministrators();
          const [a, b] = [await people.administrator(), await people.administrator()];
          const outcomes = await Promise.all([leave(first, a), leave(second, b)]);
          expect(outcomes.toSorted()).toEqual(['LAST_ADMINISTRATOR', 'done']);
          expect(await people.usableAdministrators()).toHaveLength(1);
        }
      }
    },
    TIMEOUT,
  );

  it(
    'may be made out of somebody who is leaving, and is not counted on then',
    async () => {
      for (let round = 0; round < ROUNDS; round += 1) {
        await people.withoutAdministrators();
        const [old, next] = [await people.administrator(), await people.person()];
        const roleIds = [await people.roleId('admin')];
        const assign = call(
          people.as('authz'),
          'mutation ($userId: ID!, $roleIds: [ID!]!) { assignRoles(userId: $userId, roleIds: $roleIds) { id } }',
          { userId: next, roleIds },
        );
        await Promise.all([assign, leave('lockUser', next), leave('revokeRoles', old)]);
        expect((await people.usableAdministrators()).length).toBeGreaterThan(0);
      }
    },
    TIMEOUT,
  );

  it('is kept when authz does not answer: nothing is changed', async () => {
    await people.withoutAdministrators();
    const [a] = [await people.administrator(), await people.administrator()];
    const { endpoint } = people.authz;
    const away = jest.spyOn(endpoint, 'execute').mockRejectedValue(new Error('away'));
    expect(await leave('lockUser', a)).toBe('SERVICE_UNAVAILABLE');
    away.mockRestore();
    expect(await leave('lockUser', a)).toBe('done');
  });
});
