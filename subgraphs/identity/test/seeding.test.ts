import { randomUUID } from 'node:crypto';
import { identityServices } from '@platform/identity';
import { inTenant } from '@platform/testkit';
import { PASSWORD, tokenIn, useIdentity } from './identity-under-test.js';
import { createUser, login, register, resetPassword, updateUser, verifyEmail } from './operations.js';

describe('the account of the first administrator', () => {
  const identity = useIdentity();
  const accounts = () => inTenant(identity.harness.tenantId, identityServices(identity.infrastructure()).accounts);
  const prepare = (email: string, password = PASSWORD, username = `admin-${randomUUID().slice(0, 8)}`) =>
    accounts().prepare({ email, password, username });

  it('cannot sign in before it is verified, and is made once', async () => {
    const email = 'admin@localhost';
    const id = (await prepare(email, 'a password that is replaced')) as string;
    expect(await prepare(email)).toBe(id); // a seeding that was cut short goes on
    const early = await identity.guest().error(login, { input: { email, password: PASSWORD } });
    expect(early.extensions.code).toBe('EMAIL_NOT_VERIFIED');

    await accounts().verify(id);
    await accounts().verify(id);
    expect((await identity.login(email)).id).toBe(id);
    const about = (await identity.harness.outbox()).filter(({ subject }) => subject === id).map(({ type }) => type);
    expect(about).toEqual([
      'platform.user.registered',
      'platform.user.login_failed',
      'platform.user.email_verified',
      'platform.user.logged_in',
    ]);
  });

  it('takes over what somebody registered under the address but never verified, and their link ends', async () => {
    const email = 'boss@example.com';
    await identity.guest().data(register, { input: { email, password: 'the password of somebody else' } });
    const link = tokenIn(await identity.mail(email, 'Verify'));
    const id = (await prepare(email)) as string;

    expect((await identity.guest().error(verifyEmail, { token: link })).extensions.code).toBe('INVALID_TOKEN');
    await identity.guest().data(register, { input: { email, password: 'the password of somebody else' } });
    await accounts().verify(id);
    expect((await identity.login(email)).id).toBe(id);
  });

  it('is nobody’s who has verified the address before', async () => {
    const { email } = await identity.registered();
    expect(await prepare(email, 'another password')).toBeNull();
    await identity.login(email);

    const invited = 'invited@example.com';
    await identity.admin().data(createUser, { input: { email: invited } });
    const token = tokenIn(await identity.mail(invited, 'Your account'));
    await identity.guest().data(resetPassword, { input: { token, newPassword: PASSWORD } });
    expect(await prepare(invited, 'another password')).toBeNull();
  });

  it.each([
    ['signed in', () => identity.signedIn()],
    ['verified another address', () => identity.registered()],
  ])('is nobody’s who %s before their address was changed to it', async (_, had) => {
    const { email } = await had();
    const [{ id }] = await identity.harness.sql('SELECT id FROM users WHERE email = $1', [email]);
    const seeded = `${randomUUID()}@example.com`;
    await identity.admin().data(updateUser, { id, input: { email: seeded } });

    expect(await prepare(seeded, 'another password')).toBeNull();
    await expect(identity.harness.sql('SELECT email_verified FROM users WHERE id = $1', [id])).resolves.toEqual([
      { email_verified: false },
    ]);
  });

  it('gets another username where somebody has the wanted one', async () => {
    await identity.registered({ username: 'admin' });
    const id = (await prepare('third@example.com', PASSWORD, 'Admin')) as string;
    await accounts().verify(id);
    expect((await identity.login('third@example.com')).username).toMatch(/^user-/);
  });

  it('refuses a weak password', async () => {
    await expect(prepare('weak@example.com', 'password1')).rejects.toMatchObject({
      fields: { password: expect.any(String) },
    });
  });
});
