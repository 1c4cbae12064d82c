import { randomUUID } from 'node:crypto';
import { anonymousCaller, userCaller } from '@platform/auth';
import { PASSWORD, tokenIn, useIdentity } from './identity-under-test.js';
import { createUser, login, register, requestReset, resetPassword, updateProfile, verifyEmail } from './operations.js';

const TENANT = '00000000-0000-7000-8000-000000000001';

describe('mutations of accounts that are sent again with their idempotency key', () => {
  const identity = useIdentity();

  const guest = (key: string) =>
    identity.harness.as(anonymousCaller(TENANT), { 'idempotency-key': key, 'x-client-ip': '192.0.2.1' });
  const twice = async (client: { data: ReturnType<typeof guest>['data'] }, document: string, variables = {}) => {
    const first = await client.data(document, variables);
    expect(await client.data(document, variables)).toEqual(first);
    return first;
  };
  it('make one account, which a form made twice would have refused', async () => {
    const { caller } = identity.admin();
    const admin = identity.harness.as(caller, { 'idempotency-key': randomUUID() });
    const input = { email: 'once@example.com', username: 'once' };
    const { createUser: made } = await twice(admin, createUser, { input });
    expect(await identity.events('platform.user.created', made.id)).toHaveLength(1);
    expect((await identity.admin().error(createUser, { input })).extensions.code).toBe('CONFLICT');
  });

  it('register, verify and set a password once: the used link is no mistake of who repeats', async () => {
    const email = 'repeated@example.com';
    const input = { email, password: PASSWORD, firstName: 'Ada', lastName: 'Lovelace' };
    await twice(guest(randomUUID()), register, { input });
    await twice(guest(randomUUID()), verifyEmail, { token: tokenIn(await identity.mail(email, 'Verify')) });
    await twice(guest(randomUUID()), requestReset, { email });
    const reset = {
      input: {
        token: tokenIn(await identity.mail(email, 'Set a new password')),
        newPassword: 'another rather long password',
      },
    };
    await twice(guest(randomUUID()), resetPassword, reset);
    expect((await guest(randomUUID()).error(resetPassword, reset)).extensions.code).toBe('INVALID_TOKEN');
  });

  it('sign in anew each time: tokens are not kept', async () => {
    const { id, email } = await identity.signedIn();
    const key = randomUUID();
    const input = { email, password: PASSWORD };
    const tokens = [await guest(key).data(login, { input }), await guest(key).data(login, { input })];
    expect(new Set(tokens.map((answer) => answer.login.refreshToken)).size).toBe(2);
    expect(await identity.harness.sql('SELECT FROM idempotency_keys WHERE result::text LIKE $1', [`%${id}%`])).toEqual(
      [],
    );
  });

  it('answer one’s profile as it is by now', async () => {
    const { id } = await identity.signedIn();
    const as = (key: string) => identity.harness.as(userCaller(id, null, TENANT), { 'idempotency-key': key });
    const key = randomUUID();
    await as(key).data(updateProfile, { input: { firstName: 'Grace' } });
    await as(randomUUID()).data(updateProfile, { input: { firstName: 'Joan' } });
    const { updateProfile: again } = await as(key).data(updateProfile, { input: { firstName: 'Grace' } });
    expect(again.firstName).toBe('Joan');
  });
});
