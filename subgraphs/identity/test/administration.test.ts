import { randomUUID } from 'node:crypto';
import { userVersion } from '@platform/auth';
import { PASSWORD, tokenIn, useIdentity } from './identity-under-test.js';
import {
  createUser,
  deleteUser,
  lockUser,
  login,
  refresh,
  register,
  requestReset,
  resend,
  resetPassword,
  unlockUser,
  updateUser,
  verifyEmail,
} from './operations.js';

/** A password that somebody else chose. */
const STRANGERS = 'the password of a stranger';

describe('administration of users', () => {
  const identity = useIdentity();
  const newAddress = () => `${randomUUID()}@example.com`;
  const versionOf = async (userId: string) => (await identity.harness.revocations.read([userVersion(userId)]))[0];

  it('creates a user, who sets their password by a mailed link', async () => {
    const email = newAddress();
    const { createUser: created } = await identity.admin().data(createUser, { input: { email, firstName: 'Grace' } });
    expect(created).toMatchObject({ email, emailVerified: false, displayName: 'Grace', status: 'ACTIVE' });
    const early = await identity.guest().error(login, { input: { email, password: PASSWORD } });
    expect(early.extensions.code).toBe('INVALID_CREDENTIALS');

    const mail = await identity.mail(email, 'Your account');
    expect(mail.links[0]).toContain('http://localhost:4000/reset-password?token=');
    await identity.guest().data(resetPassword, { input: { token: tokenIn(mail), newPassword: PASSWORD } });

    expect((await identity.login(email)).id).toBe(created.id);
    const [event] = await identity.events('platform.user.created', created.id);
    expect(event?.actor).toEqual(expect.any(String));
  });

  it('creates accounts that nobody takes over by registering their address', async () => {
    const email = newAddress();
    const { createUser: created } = await identity.admin().data(createUser, { input: { email, username: 'invited' } });
    const invitation = tokenIn(await identity.mail(email, 'Your account'));

    const input = { email, password: 'the password of a stranger', username: 'stranger' };
    expect(await identity.guest().data(register, { input })).toEqual({ register: { accepted: true } });

    await identity.mail(email, 'You have an account');
    await identity.guest().data(resetPassword, { input: { token: invitation, newPassword: PASSWORD } });
    expect(await identity.login(email)).toMatchObject({ id: created.id, username: 'invited' });
  });

  it('creates an account of an address that somebody only registered, and keeps nothing of theirs', async () => {
    const email = newAddress();
    const stranger = {
      email,
      password: 'the password of a stranger',
      username: `s-${randomUUID().slice(0, 12)}`,
      firstName: 'Mallory',
    };
    await identity.guest().data(register, { input: stranger });
    const link = tokenIn(await identity.mail(email, 'Verify'));
    await identity.guest().data(requestReset, { email });
    const reset = tokenIn(await identity.mail(email, 'Set a new password'));

    const { createUser: created } = await identity.admin().data(createUser, { input: { email, firstName: 'Grace' } });

    expect(created).toMatchObject({ email, firstName: 'Grace', emailVerified: false });
    const [event] = await identity.events('platform.user.created', created.id);
    expect(event?.actor).toEqual(expect.any(String));
    for (const [operation, variables] of [
      [verifyEmail, { token: link }],
      [resetPassword, { input: { token: reset, newPassword: PASSWORD } }],
    ] as const)
      expect((await identity.guest().error(operation, variables)).extensions.code).toBe('INVALID_TOKEN');
    expect((await identity.admin().error(createUser, { input: { email } })).extensions.code).toBe('CONFLICT');

    const token = tokenIn(await identity.mail(email, 'Your account'));
    await identity.guest().data(resetPassword, { input: { token, newPassword: PASSWORD } });
    const { password } = stranger;
    expect((await identity.guest().error(login, { input: { email, password } })).extensions.code).toBe(
      'INVALID_CREDENTIALS',
    );
    expect((await identity.login(email)).id).toBe(created.id);
  });

  it('refuses a taken address or username', async () => {
    const { email, username } = await identity.signedIn();
    for (const input of [{ email: email.toUpperCase() }, { email: newAddress(), username: username.toUpperCase() }]) {
      expect((await identity.admin().error(createUser, { input })).extensions.code).toBe('CONFLICT');
    }
    const { id } = await identity.signedIn();
    for (const input of [{ email }, { username }]) {
      expect((await identity.admin().error(updateUser, { id, input })).extensions.code).toBe('CONFLICT');
    }
  });

  it('updates what is given and announces which fields changed', async () => {
    const { id, username } = await identity.signedIn({ firstName: 'Ada', lastName: 'Byron', locale: 'en' });
    const input = { lastName: 'Lovelace', firstName: 'Ada', locale: null };
    const { updateUser: updated } = await identity.admin().data(updateUser, { id, input });
    expect(updated).toMatchObject({ username, firstName: 'Ada', lastName: 'Lovelace', locale: null });

    await identity.admin().data(updateUser, { id, input });
    const events = await identity.events('platform.user.updated', id);
    expect(events.map(({ data }) => data.fields)).toEqual([['lastName', 'locale']]);
  });

  it('changes an address: the old one is told, its links end, and the new one is to be verified', async () => {
    const { id, email } = await identity.signedIn();
    await identity.guest().data(requestReset, { email });
    const oldLink = tokenIn(await identity.mail(email, 'Set a new password'));
    const next = newAddress();

    const { updateUser: updated } = await identity.admin().data(updateUser, { id, input: { email: next } });

    expect(updated).toMatchObject({ email: next, emailVerified: false });
    await identity.mail(email, 'was changed');
    const stale = await identity
      .guest()
      .error(resetPassword, { input: { token: oldLink, newPassword: 'another password' } });
    expect(stale.extensions.code).toBe('INVALID_TOKEN');
    await identity.guest().data(verifyEmail, { token: tokenIn(await identity.mail(next, 'Verify')) });
    await identity.login(next);
    expect(JSON.stringify(await identity.events('platform.user.email_changed', id))).not.toContain(email);
    expect(await identity.harness.sql('SELECT former_email FROM users WHERE id = $1', [id])).toEqual([
      { former_email: null },
    ]);
  });

  it.each([
    ['', {}],
    [', also when the administrator vouches for it', { emailVerified: true }],
  ])('invites again, with a link that sets the password, who was invited at a mistyped address%s', async (_, also) => {
    const [mistyped, right] = [newAddress(), newAddress()];
    const { createUser: created } = await identity.admin().data(createUser, { input: { email: mistyped } });
    const lost = tokenIn(await identity.mail(mistyped, 'Your account'));

    await identity.admin().data(updateUser, { id: created.id, input: { email: right, ...also } });

    const token = tokenIn(await identity.mail(right, 'Your account'));
    const input = { token: lost, newPassword: 'the password of a stranger' };
    expect((await identity.guest().error(resetPassword, { input })).extensions.code).toBe('INVALID_TOKEN');
    await identity.guest().data(resetPassword, { input: { token, newPassword: PASSWORD } });
    expect((await identity.login(right)).id).toBe(created.id);
  });

  it('signs the reader of the old address out, whose password goes where an invitation to it set it', async () => {
    const [mistyped, right] = [newAddress(), newAddress()];
    const { createUser: created } = await identity.admin().data(createUser, { input: { email: mistyped } });
    const accepted = { token: tokenIn(await identity.mail(mistyped, 'Your account')), newPassword: STRANGERS };
    await identity.guest().data(resetPassword, { input: accepted });
    const stranger = await identity.login(mistyped, STRANGERS);

    await identity.admin().data(updateUser, { id: created.id, input: { email: right } });

    expect(await identity.isAlive(stranger)).toBe(false);
    const { refreshToken } = stranger;
    expect((await identity.guest().error(refresh, { refreshToken })).extensions.code).toBe('INVALID_REFRESH_TOKEN');
    const token = tokenIn(await identity.mail(right, 'Your account'));
    const input = { email: right, password: STRANGERS };
    expect((await identity.guest().error(login, { input })).extensions.code).toBe('INVALID_CREDENTIALS');
    await identity.guest().data(resetPassword, { input: { token, newPassword: PASSWORD } });
    expect((await identity.login(right)).id).toBe(created.id);
  });

  it.each([
    ['ends the sessions', false],
    ['keeps the sessions of an administrator who changes their own address and', true],
  ])('%s and keeps a password that the user registered with', async (_, own) => {
    const ada = await identity.signedIn();
    const next = newAddress();
    const actor = own ? identity.harness.asUser(ada.id, ['identity.user.update']) : identity.admin();
    await actor.data(updateUser, { id: ada.id, input: { email: next, emailVerified: true } });
    expect(await identity.isAlive(ada)).toBe(own);
    expect((await identity.login(next)).id).toBe(ada.id);
  });

  it('lets who was invited ask for the invitation again', async () => {
    const email = newAddress();
    await identity.admin().data(createUser, { input: { email } });
    await identity.mail(email, 'Your account');
    await identity.guest().data(resend, { email });
    const token = tokenIn(await identity.mail(email, 'Your account', 2));
    await identity.guest().data(resetPassword, { input: { token, newPassword: PASSWORD } });
    await identity.login(email);
  });

  it('locks a user out at once and lets them in again', async () => {
    const ada = await identity.signedIn();
    const before = await versionOf(ada.id);

    const { lockUser: locked } = await identity.admin().data(lockUser, { id: ada.id, reason: 'spam' });

    expect(locked.status).toBe('LOCKED');
    expect(await identity.isAlive(ada)).toBe(false);
    expect(await versionOf(ada.id)).not.toBe(before);
    const error = await identity.guest().error(refresh, { refreshToken: ada.refreshToken });
    expect(error.extensions.code).toBe('INVALID_REFRESH_TOKEN');

    await identity.admin().data(lockUser, { id: ada.id, reason: 'again' });
    const { unlockUser: unlocked } = await identity.admin().data(unlockUser, { id: ada.id });
    expect(unlocked.status).toBe('ACTIVE');
    expect(await identity.isAlive(ada)).toBe(false);
    await identity.login(ada.email);
    expect((await identity.events('platform.user.locked', ada.id)).map(({ data }) => data.reason)).toEqual(['spam']);
    expect(await identity.events('platform.user.unlocked', ada.id)).toHaveLength(1);
  });

  it('wants a reason', async () => {
    const { id } = await identity.signedIn();
    for (const reason of ['', '  ', 'x'.repeat(501), 'a\u0000b']) {
      const { extensions } = await identity.admin().error(lockUser, { id, reason });
      expect(extensions).toMatchObject({ code: 'BAD_USER_INPUT', fields: { reason: expect.any(String) } });
    }
  });

  it('deletes a user: nothing of them is left but the id', async () => {
    const ada = await identity.signedIn({ firstName: 'Ada', lastName: 'Lovelace', username: 'countess' });

    expect(await identity.admin().data(deleteUser, { id: ada.id })).toEqual({ deleteUser: true });

    expect(await identity.isAlive(ada)).toBe(false);
    const [row] = await identity.harness.sql('SELECT * FROM users WHERE id = $1', [ada.id]);
    expect(row).toMatchObject({
      email: null,
      username: `deleted-${ada.id}`,
      first_name: null,
      last_name: null,
      status: 'DELETED',
    });
    expect(await identity.harness.sql('SELECT 1 FROM credentials WHERE user_id = $1', [ada.id])).toEqual([]);
    expect(await identity.harness.sql('SELECT 1 FROM sessions WHERE user_id = $1', [ada.id])).toEqual([]);
    expect(await identity.events('platform.user.deleted', ada.id)).toHaveLength(1);

    const gone = await identity.guest().error(login, { input: { email: ada.email, password: PASSWORD } });
    expect(gone.extensions.code).toBe('INVALID_CREDENTIALS');
    await identity.registered({ username: 'countess' });
  });

  it.each([
    ['updateUser', updateUser, { input: { firstName: 'x' } }],
    ['lockUser', lockUser, { reason: 'spam' }],
    ['unlockUser', unlockUser, {}],
    ['deleteUser', deleteUser, {}],
  ])('%s knows no unknown and no deleted user', async (_field, operation, variables) => {
    const { id: deleted } = await identity.signedIn();
    await identity.admin().data(deleteUser, { id: deleted });
    for (const id of [deleted, randomUUID(), 'no-uuid']) {
      expect((await identity.admin().error(operation, { ...variables, id })).extensions.code).toBe('USER_NOT_FOUND');
    }
  });
});
