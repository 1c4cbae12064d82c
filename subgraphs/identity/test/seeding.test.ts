import { randomUUID } from 'node:crypto';
import { identityServices } from '@platform/identity';
import { PASSWORD, useIdentity } from './identity-under-test.js';
import { register } from './operations.js';

describe('seeding the first administrator', () => {
  const identity = useIdentity();
  const seed = (email: string, password = PASSWORD) =>
    identityServices(identity.infrastructure()).accounts.ensureVerifiedUser({
      email,
      password,
      username: `admin-${randomUUID().slice(0, 8)}`,
    });

  it('makes a verified account once', async () => {
    const email = 'admin@localhost';
    const { id, created } = await seed(email);
    expect(created).toBe(true);
    expect(await seed(email, 'another password')).toEqual({ id, created: false });
    expect((await identity.login(email)).id).toBe(id);
    const about = (await identity.harness.outbox()).filter(({ subject }) => subject === id).map(({ type }) => type);
    expect(about).toEqual(['platform.user.registered', 'platform.user.email_verified', 'platform.user.logged_in']);
  });

  it('takes over what somebody registered under the address but never verified', async () => {
    const email = 'boss@example.com';
    await identity.guest().data(register, { input: { email, password: 'the password of somebody else' } });
    expect((await seed(email)).created).toBe(true);
    await identity.login(email);
  });

  it('refuses a weak password', async () => {
    await expect(seed('weak@example.com', 'password1')).rejects.toMatchObject({
      fields: { password: expect.any(String) },
    });
  });
});
